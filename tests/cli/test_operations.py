"""The page for the person at three in the morning names what there is: codes, messages, commands."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from crm_sync.cli import failures
from crm_sync.ledger import failures as ledger_failures
from tests.cli.conftest import ROOT
from tests.cli.test_docs import options_that_exist
from tests.cli.test_standings import figures
from tests.cli.test_standings import office as office

PAGE = ROOT / "docs" / "operations.md"
TEXT = PAGE.read_text(encoding="utf-8")


def rows_below(heading: str) -> list[str]:
    """Return the first cells of the table below a heading."""
    part = re.split(rf"^## {re.escape(heading)}$", TEXT, flags=re.M)[1]
    rows = [line for line in re.split(r"^## ", part, flags=re.M)[0].splitlines() if line.startswith("|")]
    return [row.split("|")[1].strip() for row in rows[2:]]


@cache
def words_of_the_program() -> str:
    """Return every text in our sources, with three dots for what is put in."""
    found: list[str] = []
    for path in sorted((ROOT / "crm_sync").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [p.value if isinstance(p, ast.Constant) else "…" for p in node.values]
                found.append("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return "\n".join(found)


MESSAGES = rows_below("It said")


@pytest.mark.parametrize("row", MESSAGES)
def test_every_message_on_the_page_is_one_that_the_program_says(row: str) -> None:
    parts = [part.strip() for part in row.strip("`").split("…")]
    assert all(part in words_of_the_program() for part in parts), row
    assert max(map(len, parts)) > 8, "three dots alone name nothing"


def test_every_trouble_of_the_ledger_is_on_the_page() -> None:
    named = [name for name in dir(ledger_failures) if name.isupper() and not name.startswith("_")]
    told = {name: getattr(ledger_failures, name) for name in named}
    texts = [what for name, (what, _) in told.items() if name not in {"UNKNOWN", "UNOPENED", "FORBIDDEN"}]
    assert len(texts) > 5
    assert [what for what in texts if f"`{what}`" not in MESSAGES] == []


def test_every_exit_code_is_on_the_page_and_no_other() -> None:
    codes = {
        failures.DONE,
        failures.PARTLY,
        failures.USAGE,
        failures.UNSAFE,
        failures.UNAVAILABLE,
        failures.BUG,
        failures.INTERRUPTED,
    }
    assert set(map(int, rows_below("It ended with"))) == codes


def test_every_option_on_the_page_exists() -> None:
    existing = set().union(*options_that_exist().values())
    foreign = {"--user", "--upgrade"}  # of journalctl and pip
    assert set(re.findall(r"(?<![\w-])--[a-z][\w-]+", TEXT)) - foreign <= existing


def test_every_command_on_the_page_exists() -> None:
    told = options_that_exist()
    for words in re.findall(r"(?:^|`)crm-sync ((?:[a-z]+ ?)+)", TEXT, re.M):
        first, *rest = words.split()
        assert first in told, words
        if any(name.startswith(f"{first} ") for name in told):
            assert f"{first} {rest[0]}" in told, words


def test_every_figure_on_the_page_is_written(office: object, tmp_path: Path) -> None:
    shell = office
    (tmp_path / "ben.csv").unlink()
    shell("sync", "--quiet")  # type: ignore[operator]
    shell("status", "--all", "--metrics", str(tmp_path / "x.prom"))  # type: ignore[operator]
    written = {name for name, _ in figures(tmp_path / "x.prom")}
    named = set(re.findall(r"\bcrm_sync_\w+", TEXT))
    assert named
    assert named <= written
