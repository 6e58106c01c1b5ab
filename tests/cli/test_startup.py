"""What a command loads before it does anything."""

from __future__ import annotations

import os
import subprocess
import sys
from time import perf_counter

import pytest

from crm_sync import __version__
from tests.cli.conftest import ROOT, Shell

HEAVY = ("sqlalchemy", "alembic", "hubspot", "requests", "rich")


def loaded(words: list[str], surroundings: dict[str, str]) -> set[str]:
    """Return which of the heavy libraries a command has loaded when it ends."""
    script = (
        "import sys\nfrom crm_sync.cli.main import main\n"
        f"main({words!r})\nprint(*[m for m in sys.modules if '.' not in m], file=sys.stderr)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stderr.splitlines()[-1].split()) & set(HEAVY)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["import", "--help"]])
def test_help_loads_no_heavy_library(words: list[str], surroundings: dict[str, str]) -> None:
    assert loaded(words, surroundings) == set()


@pytest.mark.parametrize("name", ["my-applications.csv", "my-applications.xlsx"])
@pytest.mark.parametrize("command", ["read", "inspect"])
def test_reading_loads_neither_ledger_nor_hubspot(
    command: str, name: str, surroundings: dict[str, str]
) -> None:
    assert loaded([command, f"examples/{name}"], surroundings) == set()


def test_help_starts_in_at_most_two_and_a_half_times_what_typer_alone_needs() -> None:
    bare, ours = ["-c", "import typer"], ["-m", "crm_sync.cli.main", "--help"]
    pairs = [(_seconds(bare), _seconds(ours)) for _ in range(7)]
    assert min(our for _, our in pairs) <= 2.5 * min(alone for alone, _ in pairs)


def _seconds(words: list[str]) -> float:
    began = perf_counter()
    subprocess.run([sys.executable, *words], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - began


def test_the_version_is_told(shell: Shell) -> None:
    assert shell("--version").out == f"crm-sync {__version__}\n"


def test_without_a_word_the_help_is_shown(shell: Shell) -> None:
    said = shell()
    assert "Commands:\n  read " in said.out + said.err
