"""Schema, documentation and examples tell the same keys."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from crm_sync.config.configuration import load_configuration
from crm_sync.config.documents import read_document
from crm_sync.config.schema import config_schema
from crm_sync.config.validation import in_yaml

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "configuration.md"
EXAMPLES = sorted(
    path for path in (ROOT / "examples").rglob("*.yaml") if "$schema=" in path.read_text(encoding="utf-8")
)
WHOLE = [path for path in EXAMPLES if path.parent.name != "users.d"]
SECTIONS = {
    "The file": None,
    "`state`": "StateEntry",
    "`crms`: a `local` CRM": "LocalEntry",
    "`crms`: a `hubspot` account": "HubspotEntry",
    "`users`": "UserEntry",
    "`sources`": "SourceEntry",
    "`cadences`": "CadenceEntry",
    "`links`": "LinksEntry",
    "`notify`": "NotifyEntry",
    "`notify` of a user": "OwnNotifyEntry",
    "Secrets": "SecretEntry",
}


def rows_of(entry: str | None) -> list[str]:
    """Return the rows of the table about one part of the file, as the schema tells them."""
    schema = config_schema()
    properties = (schema if entry is None else schema["$defs"][entry])["properties"]
    return [_row(key, told) for key, told in properties.items()]


def _row(key: str, told: dict[str, Any]) -> str:
    example = in_yaml(told["examples"][0]) if "examples" in told else ""
    shown = f"`{example}`" if example else ""
    return f"| `{key}` | {told.get('description', '')} | {shown} |".replace("  |", " |")


def table_below(heading: str) -> list[str]:
    """Return the rows of the table below a heading of the page."""
    text = PAGE.read_text(encoding="utf-8")
    part = re.split(rf"^##+ {re.escape(heading)}$", text, flags=re.M)[1]
    return [row for row in re.split(r"^##", part, flags=re.M)[0].splitlines() if row.startswith("| `")]


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_is_documented_as_the_schema_tells_it(heading: str) -> None:
    assert table_below(heading) == rows_of(SECTIONS[heading])


def test_every_part_of_the_schema_has_a_section() -> None:
    parts = set(config_schema()["$defs"])
    assert parts - set(filter(None, SECTIONS.values())) == {"DefaultsEntry"}
    assert rows_of("DefaultsEntry") == [row for row in rows_of("UserEntry") if "`notify`" not in row]


def test_every_key_has_a_description() -> None:
    for heading, entry in SECTIONS.items():
        assert not [row for row in rows_of(entry) if not row.split("|")[2].strip()], heading


def test_the_published_schema_is_the_one_in_use() -> None:
    published = ROOT / "crm_sync" / "data" / "crm-sync.schema.json"
    assert json.loads(published.read_text(encoding="utf-8")) == config_schema()


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.name)
def test_every_example_is_right(path: Path) -> None:
    assert load_configuration(path).users


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_fits_the_schema_that_it_names(path: Path) -> None:
    named = re.search(r"\$schema=(\S+)", path.read_text(encoding="utf-8"))
    assert named
    schema = json.loads((path.parent / named[1]).read_text(encoding="utf-8"))
    jsonschema_rs.validate(schema, read_document(path).data)


def test_the_example_of_every_key_holds_every_key() -> None:
    data = load_configuration(ROOT / "examples" / "every-key.yaml").whole.model_dump(exclude_unset=True)
    there = set(_keys(data))
    for entry in SECTIONS.values():
        properties = (config_schema() if entry is None else config_schema()["$defs"][entry])["properties"]
        assert set(properties) <= there, entry


def _keys(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [*data, *(key for value in data.values() for key in _keys(value))]
    return [key for value in data for key in _keys(value)] if isinstance(data, list) else []


def test_every_example_of_the_page_is_right(tmp_path: Path) -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    assert blocks
    for block in blocks:
        path = tmp_path / "crm-sync.yaml"
        path.write_text(block, encoding="utf-8")
        (tmp_path / "users.d").mkdir(exist_ok=True)
        assert load_configuration(path)


def test_other_readers_of_yaml_understand_the_examples() -> None:
    for path in EXAMPLES:
        assert yaml.safe_load(path.read_text(encoding="utf-8")), path
