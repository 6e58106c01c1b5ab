"""Cells of a hundred thousand odd characters: read in steps that grow with their length, not its square."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.tables import Document, Table
from crm_sync.reading import understand
from crm_sync.reading.histories import steps_of
from crm_sync.reading.profiles import kind_of
from crm_sync.reading.repair import aligner_of
from crm_sync.reading.splitting import _are_linked

LONG = 100_000
HEADS = [f"Round {number}" for number in range(1_000)]
ROW = ["Northwind", "Engineer", "2027-01-02", *["2027-01-03"] * len(HEADS)]


@pytest.mark.parametrize("cell", ["(" * LONG, "a" + " " * LONG + "b", "→ " * LONG, "x" * LONG])
def test_a_long_cell_has_no_shape_and_no_link(cell: str) -> None:
    assert not kind_of(cell).email
    assert not _are_linked([cell])


@pytest.mark.parametrize("cell", ["Jane <jane@acme.example>", "a@b@acme.example", "(jane@acme.example)"])
def test_an_address_is_found_wherever_it_stands(cell: str) -> None:
    assert kind_of(cell).email


@pytest.mark.parametrize("cell", ["Acme (https://www.notion.so/acme)", "Acme(https://www.notion.so/acme)"])
def test_a_link_behind_a_name_is_seen_with_and_without_a_blank(cell: str) -> None:
    assert _are_linked([cell])


def test_a_history_nested_without_end_is_read_as_any_other_text() -> None:
    assert list(steps_of("[" * 900 + '"applied", ["offer"]' + "]" * 900)) == ["applied", "offer"]


def test_a_row_of_a_table_of_very_many_columns_stays_where_it_is() -> None:
    table = Table([["Company", "Job Title", "Date Applied", *HEADS], *[ROW] * 20, [*ROW, "more"]], range(22))
    understanding = understand(Document("csv", [table]), ReadingOptions(date(2027, 2, 1)))
    aligner = aligner_of(understanding.plans[0])
    assert aligner is not None
    assert aligner.looks_wrong([*ROW, "more"])
    assert aligner.realign([*ROW, "more"]) is None


def test_everything_that_looks_into_one_text_does_so_in_time() -> None:
    child = subprocess.run(
        [sys.executable, "-m", "tests.reading.long_texts"],
        cwd=Path(__file__).parents[2],
        stderr=subprocess.PIPE,
        timeout=600,
        check=False,
    )
    assert child.returncode == 0, child.stderr.decode()[-2000:]
