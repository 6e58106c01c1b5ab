"""Cells of a hundred thousand odd characters: read in steps that grow with their length, not its square."""

from __future__ import annotations

import pytest

from crm_sync.reading.profiles import kind_of
from crm_sync.reading.splitting import _are_linked

LONG = 100_000


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
