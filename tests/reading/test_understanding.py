"""What `inspect` tells: sheets, columns with reasons, dates, stage words."""

from __future__ import annotations

import json
from datetime import date

from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.tables import Document
from crm_sync.reading import understand
from tests.reading.grids_by_hand import TODAY, answers_of, document_of, grid, table_of


def _told(document: Document, **options: object) -> dict[str, object]:
    data = understand(document, ReadingOptions(today=TODAY, **options)).as_data()  # type: ignore[arg-type]
    return json.loads(json.dumps(data))  # type: ignore[no-any-return]


def test_an_understanding_tells_columns_dates_and_words_with_reasons() -> None:
    told = _told(
        document_of(
            table_of("""
Company|Potion|Date Applied|Status|Zzyx
Oakmere|Analyst|25/03/2026|Applied|1
Elmstead|Editor|04/04/2026|Applied|2
Ashby Vale|Planner|05/04/2026|Rejcted|3
""")
        )
    )
    (table,) = told["tables"]  # type: ignore[misc]
    columns = {column["header"]: (column["field"], column["why"]) for column in table["columns"]}  # type: ignore[index]
    assert columns["Company"] == ("company", "known header")
    assert columns["Date Applied"] == ("applied_on", "known header")
    assert columns["Zzyx"][0] is None
    (dates,) = table["dates"]  # type: ignore[index]
    assert (dates["order"], dates["rows"], dates["assumed"]) == ("day first", [2], False)
    (stages,) = table["stages"]  # type: ignore[index]
    assert {word["word"]: (word["stage"], word["count"]) for word in stages["words"]} == {
        "Applied": ("applied", 2),
        "Rejcted": ("rejected", 1),
    }


def test_an_understanding_tells_which_sheets_were_passed_over_and_why() -> None:
    tracker = [["Company", "Role", "Date", "Status"], ["Oakmere", "Analyst", date(2026, 3, 1), "Applied"]]
    lists = [["Status"], ["Applied"], ["Rejected"]]
    told = _told(
        document_of(grid(lists, sheet="Lists"), grid(tracker, sheet="Tracker"), grid([], sheet="Sheet3"))
    )
    assert [table["sheet"] for table in told["tables"]] == ["Tracker"]  # type: ignore[attr-defined]
    assert [passed["place"].split(",")[0] for passed in told["passed_over"]] == ["Sheet3", "Lists"]  # type: ignore[attr-defined]
    assert all(passed["why"] for passed in told["passed_over"])  # type: ignore[attr-defined]


def test_the_user_may_choose_the_sheet_and_name_the_columns() -> None:
    first = [["Company", "Role", "Status"], ["Oakmere", "Analyst", "Applied"]]
    second = [["Who", "What", "How"], ["Elmstead", "Editor", "Rejected"]]
    document = document_of(grid(first, sheet="One"), grid(second, sheet="Two"))
    columns = {"company": "Who", "job_title": "What", "stage": "How"}
    assert answers_of(document, sheet="Two", columns=columns) == [("Elmstead", "Editor", None, "rejected")]


def test_a_column_may_be_named_like_its_field_in_another_case() -> None:
    rows = [["Company", "Role", "Status"], ["Elmstead", "Editor", "applied"], ["Oakley", "Baker", "rejected"]]
    document = document_of(grid(rows))
    for columns in ({"company": "Company"}, {"COMPANY": "company"}, {"Company": "company"}):
        assert answers_of(document, columns=columns)[0][:2] == ("Elmstead", "Editor"), columns
