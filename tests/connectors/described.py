"""The descriptions that come with crm-sync, and their samples."""

from __future__ import annotations

from pathlib import Path

from connectors.descriptions import CONNECTORS
from crm_sync.described import Described
from crm_sync.testing.connector_golden import samples_in

SAMPLES = Path(__file__).parent / "samples"
KINDS: dict[str, Described] = {kind.name: kind for kind in CONNECTORS}


def files_of(name: str) -> list[Path]:
    """Return the samples of a connector that are single files."""
    return [sample for sample in samples_in(SAMPLES / name) if sample.is_file()]


def beside(sample: Path, folder: Path) -> Path:
    """Copy the other files of a sample's folder, for those that look things up in them."""
    for other in sample.parent.iterdir():
        if other.is_file() and other != sample:
            (folder / other.name).write_bytes(other.read_bytes())
    return folder / sample.name
