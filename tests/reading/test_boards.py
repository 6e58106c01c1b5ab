"""One column per list of a board: names in the cells, or the objects that a program printed there."""

from __future__ import annotations

from crm_sync.domain.applications import Application
from crm_sync.domain.tables import Cell, Document, Table
from crm_sync.reading import read, understand
from tests.reading.test_descriptions import OPTIONS


def applications(*rows: list[Cell]) -> list[Application]:
    document = Document("csv", [Table(list(rows), list(range(1, len(rows) + 1)))])
    found = read(document, understand(document, OPTIONS))
    return [one for one in found if isinstance(one, Application)]


def test_objects_under_the_names_of_lists_become_a_list_of_applications() -> None:
    found = applications(
        ["Wishlist", "Applied", "Done with", "Offer"],
        ["{'title': 'Cook', 'company': {'name': 'Acme', 'id': 3}, 'url': None}", "", "", ""],
        ['{"title": "Chef", "company": {"name": "Bolt"}, "url": "https://bolt.example/2"}', "", "", ""],
        ["", "[{'title': 'Baker', 'company': 'Cedar'}, {'title': 'Waiter', 'company': 'Dune'}]", "", ""],
        ["", "", "{'title': 'Nurse', 'company': 'Echo'}", "{'title': 'Pilot', 'company': 'Fern'}"],
    )
    assert [(one.row, one.company, one.job_title, str(one.stage)) for one in found] == [
        (2, "Acme", "Cook", "saved"),
        (3, "Bolt", "Chef", "saved"),
        (4, "Cedar", "Baker", "applied"),
        (4, "Dune", "Waiter", "applied"),
        (5, "Echo", "Nurse", "unknown"),
        (5, "Fern", "Pilot", "offer"),
    ]
    assert [one.job_url for one in found][:2] == [None, "https://bolt.example/2"]


def test_a_cell_nested_without_end_is_no_object() -> None:
    found = applications(
        ["Company", "Role", "Status"], ["Acme", "Cook", "[" * 30_000], ["Bolt", "Chef", "Offer"]
    )
    assert [one.company for one in found] == ["Acme", "Bolt"]


def test_one_column_of_objects_among_others_makes_no_board() -> None:
    found = applications(
        ["Company", "Role", "Status", "Salary"],
        ["Acme", "Cook", "Applied", "{'min': 1, 'max': 2}"],
        ["Bolt", "Chef", "Offer", "{'min': 3, 'max': 4}"],
    )
    assert [one.company for one in found] == ["Acme", "Bolt"]
