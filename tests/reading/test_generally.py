"""A product whose users name the columns: told by marks, cleaned, and read as a spreadsheet."""

from __future__ import annotations

import pytest

from crm_sync.domain.applications import Application
from crm_sync.errors import ConfigError, SourceError
from crm_sync.reading.description import parse, recognise
from crm_sync.reading.description.generally import ReadAsSpreadsheet, read_generally
from tests.reading.test_descriptions import OPTIONS, Files, table

PAGES = r"""
name: pages
title: Pages
reading: spreadsheet
members: ["*.csv"]
replaces: {_all.csv: .csv}
signature:
  files: ' [0-9a-f]{8}(_all)?\.csv$'
  marks: {links to pages: '\(page:\w+\)'}
cells: '\s*\(page:\w+\)'
"""
HEADER = ["Job", "Company", "Status", "Applied on"]
COOK = ["Cook", "Acme (page:12)", "Applied", "2027-01-12"]
CHEF = ["Chef", "Bolt", "Rejected", "2027-01-13"]


def understood(files: Files) -> ReadAsSpreadsheet:
    return read_generally(parse(PAGES, "pages.yaml"), files, OPTIONS)


def companies(files: Files) -> list[tuple[str | None, str | None, str]]:
    rows = understood(files).read()
    return [(one.company, one.sheet, one.connector) for one in rows if isinstance(one, Application)]


def test_a_mark_in_a_cell_tells_the_product_and_is_cut_out() -> None:
    files = Files({"": table(HEADER, COOK, CHEF)})
    verdict = recognise(parse(PAGES, "pages.yaml"), files)
    assert (verdict.because, 0.6 < verdict.certainty < 0.7) == ("links to pages", True)
    assert companies(files) == [("Acme", None, "pages"), ("Bolt", None, "pages")]


def test_without_a_mark_it_is_nobodys_but_whoever_chooses_it_gets_it_read() -> None:
    files = Files({"": table(HEADER, CHEF, CHEF[::-1])})
    assert recognise(parse(PAGES, "pages.yaml"), files).certainty == 0
    assert understood(Files({"": table(HEADER, CHEF)})).all_notes() == ("read as Pages",)


def test_names_of_files_tell_it_and_the_whole_stands_for_its_part() -> None:
    part, whole = "Jobs 0123abcd.csv", "Jobs 0123abcd_all.csv"
    other = "Old jobs 0123abce.csv"
    files = Files(
        {
            part: table(HEADER, COOK),
            whole: table(HEADER, COOK, CHEF),
            other: table(HEADER, ["Baker", "Cedar", "Offer", "2027-01-14"]),
            "page.md": table(["# Acme"]),
        },
        kind="zip",
    )
    assert "the names of its files" in recognise(parse(PAGES, "pages.yaml"), files).because
    assert companies(files) == [
        ("Acme", whole, "pages"), ("Bolt", whole, "pages"), ("Cedar", other, "pages")
    ]  # fmt: skip
    assert "page.md" not in files.opened


def test_tables_without_applications_are_refused() -> None:
    with pytest.raises(SourceError, match="no table with applications"):
        understood(Files({"": table(["Fruit", "Colour"], ["Apple", "red (page:1)"])}))


def test_fields_make_no_sense_where_users_name_the_columns() -> None:
    with pytest.raises(ConfigError, match="reading: spreadsheet with fields"):
        parse(PAGES + "fields: {company: Company}\n", "pages.yaml")
