"""An empty list is told from what only looks like one: a failure, a page beyond the end, another thing."""

from __future__ import annotations

from typing import Any

import pytest

from crm_sync.reading.empty_lists import is_empty_list

EMPTY: list[Any] = [
    [],
    {"results": []},
    {"data": []},
    {"d": {"results": []}},
    {"success": True, "results": [], "moreDataAvailable": False, "nextCursor": None},
    {"content": [], "totalFound": 0, "limit": 10, "offset": 0},
    {
        "data": [],
        "links": {"first": "https://api.example/?page=1", "next": None},
        "meta": {"record-count": 0},
    },
    {"candidates": [], "paging": {}},
    {"data": [], "hasNext": False, "errors": []},
    [{"results": []}, {"results": []}],
]
FULL: list[Any] = [
    {},
    None,
    0,
    "[]",
    {"name": []},
    {"results": [{}]},
    {"results": [1]},
    {"results": None},
    {"error": "not allowed", "data": []},
    {"errors": [{"message": "not allowed"}], "data": []},
    {"success": False, "results": []},
    {"paginationComplete": False, "applications": []},
    {"results": [], "moreDataAvailable": True},
    {"results": [], "nextCursor": "abc"},
    {"data": [], "links": {"next": "https://api.example/?page=2"}},
    {"results": [], "total": 57},
    {"results": [], "name": "A board"},
    {"results": [], "status": {"code": 500}},
    {"data": {"name": "Northwind"}},
    {"results": [[[[[[]]]]]]},
]


@pytest.mark.parametrize("value", EMPTY, ids=str)
def test_an_empty_list_is_one_whatever_counts_and_turns_its_pages(value: Any) -> None:
    assert is_empty_list(value)


@pytest.mark.parametrize("value", FULL, ids=str)
def test_what_may_be_anything_else_is_no_empty_list(value: Any) -> None:
    assert not is_empty_list(value)


def test_a_product_may_have_a_name_of_its_own_for_its_list() -> None:
    assert not is_empty_list({"Report_Entry": []})
    assert is_empty_list({"Report_Entry": []}, ["Report_Entry"])
