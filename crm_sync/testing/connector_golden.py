"""Golden files for connectors: a sample, and beside it what is read from it.

    python -m crm_sync.testing.connector_golden NAME SAMPLE...

writes ``SAMPLE.golden.json`` for each sample: look at what changed before you commit it.
"""

from __future__ import annotations

import json
import sys
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crm_sync.app.plugins import choose, connector_kinds
from crm_sync.domain.applications import Application, Snapshot
from crm_sync.domain.options import ReadingOptions
from crm_sync.ports import ConnectorKind

TODAY = date(2027, 2, 1)
ENDING = ".golden.json"


def account_of(snapshot: Snapshot) -> dict[str, Any]:
    """Return a snapshot as plain data: what is told of each application, rejected rows, and notes."""
    return {
        "connector": snapshot.connector,
        "complete": snapshot.complete,
        "applications": [_told(application) for application in snapshot.applications],
        "rejected": [{"row": r.row, "sheet": r.sheet, "reason": r.reason} for r in snapshot.rejected],
        "notes": list(snapshot.notes),
    }


def _told(application: Application) -> dict[str, Any]:
    told = {field.name: getattr(application, field.name) for field in fields(application)}
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}
    return {name: value for name, value in plain.items() if value not in (None, ()) and name != "connector"}


def samples_in(folder: Path) -> list[Path]:
    """Return the samples of a folder: files, zips and folders that have a golden file beside them."""
    goldens = sorted(folder.glob(f"*{ENDING}"))
    return [folder / golden.name.removesuffix(ENDING) for golden in goldens]


def golden_of(sample: Path) -> Path:
    """Return the golden file of a sample."""
    return sample.with_name(sample.name + ENDING)


def read_sample(kind: ConnectorKind, sample: Path) -> dict[str, Any]:
    """Return what a connector reads from a sample on 1 February 2027, as JSON gives it back."""
    options = ReadingOptions(TODAY, employer="Example Employer")
    data: dict[str, Any] = json.loads(printed(account_of(kind.connect(str(sample), options).fetch())))
    return data


def printed(account: dict[str, Any]) -> str:
    """Return an account as the text of a golden file."""
    return json.dumps(account, ensure_ascii=False, indent=1) + "\n"


class ConnectorGolden:
    """Inherit, say ``kind()`` and where the samples lie: each is recognised and reads as its golden file."""

    @abstractmethod
    def kind(self) -> ConnectorKind:
        """Return the connector."""

    @abstractmethod
    def folder(self) -> Path:
        """Return the folder with the samples and their golden files."""

    def test_there_is_a_sample(self) -> None:
        assert samples_in(self.folder())

    def test_every_sample_reads_as_its_golden_file(self) -> None:
        for sample in samples_in(self.folder()):
            golden = json.loads(golden_of(sample).read_text("utf-8"))
            assert read_sample(self.kind(), sample) == golden, sample

    def test_every_sample_is_recognised_before_all_other_connectors(self) -> None:
        if self.kind().name not in connector_kinds():
            pytest.skip("it is not installed")
        for sample in samples_in(self.folder()):
            assert choose(str(sample)).name == self.kind().name, sample


def main(words: Sequence[str]) -> int:
    """Write the golden files of samples: the connector's name, then the samples."""
    name, *samples = words
    for sample in map(Path, samples):
        account = read_sample(connector_kinds()[name], sample)
        golden_of(sample).write_text(printed(account), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
