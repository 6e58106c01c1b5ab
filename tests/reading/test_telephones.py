"""Telephone numbers in the cell of a contact are found, days and other numbers are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_sync.reading.telephones import split_number
from tests.reading.grids_by_hand import document_of, grid, outcome_of

FOUND = {
    "Jane Roe (512) 555-0100": ("Jane Roe", "(512) 555-0100"),
    "Jane Roe +1 512 555 0101": ("Jane Roe", "+1 512 555 0101"),
    "Jane Roe, 512-555-0102": ("Jane Roe", "512-555-0102"),
    "Jane Roe / Tel.: 030 1234567": ("Jane Roe", "030 1234567"),
    "Jane Roe - phone 512.555.0103 x12": ("Jane Roe", "512.555.0103 x12"),
    "Jane Roe 555-0100": ("Jane Roe", "555-0100"),
    "512-555-0100 Jane Roe": ("Jane Roe", "512-555-0100"),
    "Jane Roe (+49 30 1234-567)": ("Jane Roe", "+49 30 1234-567"),
    "+44 20 7946 0958": (None, "+44 20 7946 0958"),
}
NONE = [
    "Jane Roe",
    "Jane Roe 2026-11-02",
    "Jane Roe 02/11/2026",
    "Jane Roe 2.11.2026",
    "Jane Roe, 12 people",
    "Team 2026",
    "Jane Roe REQ-1234567",
    "jane1234567@acme.example",
    "Ticket 12345678901234567890",
    "https://acme.example/people/1234567",
]


def contact_in(cell: str) -> tuple[str | None, str | None, str | None]:
    rows = [["Company", "Job Title", "Applied", "Contact"], ["Acme", "Dev", "2026-11-01", cell]]
    first = outcome_of(document_of(grid([*rows, ["Beta", "Dev", "2026-11-02", "John Doe"]])))[0][0]
    return first.contact_name, first.contact_phone, first.contact_email


@pytest.mark.parametrize("cell", FOUND)
def test_a_number_beside_a_name_is_the_phone(cell: str) -> None:
    name, phone, _ = contact_in(cell)
    assert (name, phone) == FOUND[cell]


@pytest.mark.parametrize("cell", NONE)
def test_what_is_no_number_stays_where_it_is(cell: str) -> None:
    assert split_number(cell) == (cell, None)


def test_name_address_and_number_in_one_cell_are_told_apart() -> None:
    cell = "Jane Roe - jane@acme.example - 512.555.0103"
    assert contact_in(cell) == ("Jane Roe", "512.555.0103", "jane@acme.example")


@given(st.text(alphabet="0123456789 +-./()xJane:", max_size=60))
def test_no_digit_and_no_letter_of_a_cell_is_lost(text: str) -> None:
    rest, number = split_number(text)
    assert number is not None or rest == text
    assert sorted(filter(str.isalnum, rest + (number or ""))) == sorted(filter(str.isalnum, text))
