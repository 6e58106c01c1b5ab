"""Every description that comes with crm-sync keeps the promises of a connector; its samples show it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from crm_sync.app.plugins import installed
from crm_sync.ports import ConnectorKind
from crm_sync.testing.connector_contract import ConnectorContract
from crm_sync.testing.connector_golden import ConnectorGolden
from tests.connectors.described import KINDS, SAMPLES, files_of

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "crm_sync" / "data" / "connector.schema.json"


def promises(name: str) -> type:
    """Return the contract of one connector, over the first of its samples that is a file."""

    class Promises(ConnectorContract):
        def kind(self) -> ConnectorKind:
            return KINDS[name]

        def sample(self, folder: Path) -> Path:
            first = files_of(name)[0]
            for other in filter(Path.is_file, first.parent.iterdir()):
                shutil.copy(other, folder)
            return folder / first.name

        def changed(self, folder: Path) -> Path:
            path = self.sample(folder)
            path.write_bytes(path.read_bytes() + b"\n")
            return path

    return Promises


def golden(name: str) -> type:
    """Return the comparison of one connector's samples with their golden files."""

    class Golden(ConnectorGolden):
        def kind(self) -> ConnectorKind:
            return KINDS[name]

        def folder(self) -> Path:
            return SAMPLES / name

    return Golden


for _name in KINDS:
    for _suite in (promises(_name), golden(_name)):
        _title = f"Test{_suite.__name__}Of{_name.title().replace('_', '')}"
        globals()[_title] = type(_title, (_suite,), {"__module__": __name__})


def test_documentation_and_registry_tell_the_same() -> None:
    page = (ROOT / "docs" / "connectors.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \|$", page.partition("**Side**")[0], re.M)
    ours = [
        (name, each.kind.title, each.kind.side, each.kind.evidence)  # type: ignore[attr-defined]
        for name, each in installed().items()
        if each.origin.startswith("crm-sync ")
    ]
    assert told == ours


def test_every_sample_belongs_to_a_connector() -> None:
    assert {folder.name for folder in SAMPLES.iterdir()} == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_a_description_lies_in_a_file_of_its_name_and_fits_the_schema(name: str) -> None:
    text = (ROOT / "connectors" / f"{name}.yaml").read_text(encoding="utf-8")
    jsonschema_rs.validate(json.loads(SCHEMA.read_text("utf-8")), yaml.safe_load(text))


@pytest.mark.parametrize("name", KINDS)
def test_a_description_says_what_it_reads_and_how_one_gets_it(name: str) -> None:
    description = KINDS[name].description
    assert description.about
    assert description.how


@pytest.mark.parametrize("name", KINDS)
def test_sample_data_is_plainly_fictional(name: str) -> None:
    for path in (SAMPLES / name).rglob("*"):
        if path.is_file() and path.suffix in (".csv", ".json", ".tsv", ".txt"):
            addresses = re.findall(r"[\w.+-]+@([\w.-]+)", path.read_text(encoding="utf-8"))
            assert all(address.endswith(".example") for address in addresses), path.name
