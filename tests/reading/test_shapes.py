"""Lists that are no plain table, and lists whose words mean something of their own."""

from __future__ import annotations

import pytest

from crm_sync.errors import SourceError
from tests.reading.grids_by_hand import Answer, answers_of, document_of, outcome_of, table_of


def read_rows(text: str) -> list[Answer]:
    return answers_of(document_of(table_of(text)))


def stages_of(text: str) -> list[str]:
    return [stage for _, _, _, stage in read_rows(text)]


def test_two_tables_side_by_side_are_both_read() -> None:
    found = read_rows("""
        Company|Role|Applied|Status||Company|Role|Applied|Status
        Alder|Baker|2025-01-02|Applied||Birch|Clerk|2025-02-02|Rejected
        Cedar|Baker|2025-01-03|Interview||Dogwood|Tester|2025-02-05|Applied
    """)
    assert [(company, stage) for company, _, _, stage in found] == [
        ("Alder", "applied"), ("Cedar", "interviewing"), ("Birch", "rejected"), ("Dogwood", "applied"),
    ]  # fmt: skip


def test_a_table_beside_another_may_have_its_stage_in_its_title() -> None:
    found = read_rows("""
        To apply|||Sent||
        Company|Role|Link|Company|Role|Date
        Alder|Baker|https://alder.example/1|Birch|Clerk|2025-02-02
        Cedar|Baker|https://cedar.example/2|Dogwood|Tester|2025-02-05
    """)
    assert [stage for _, _, _, stage in found] == ["saved", "saved", "applied", "applied"]


def test_a_block_of_counts_beside_a_table_is_left_out() -> None:
    found = read_rows("""
        Company|Title|Sent|Status|||Status|Count
        Alder|Baker|2025-01-02|Sent|||Sent|12
        Cedar|Baker|2025-01-03|Denied|||Interview|7
        Birch|Clerk|2025-01-04|Interview||||
    """)
    assert [stage for _, _, _, stage in found] == ["applied", "rejected", "interviewing"]


def test_a_board_is_read_column_by_column() -> None:
    found = read_rows("""
        Wishlist|Applied|Interview|Rejected
        Alder - Baker|Birch - Tester|Cedar - Clerk|Dogwood - Nurse
        Elm - Planner|Fir - Analyst||
    """)
    assert sorted((company, title, stage) for company, title, _, stage in found) == [
        ("Alder", "Baker", "saved"), ("Birch", "Tester", "applied"), ("Cedar", "Clerk", "interviewing"),
        ("Dogwood", "Nurse", "rejected"), ("Elm", "Planner", "saved"), ("Fir", "Analyst", "applied"),
    ]  # fmt: skip


def test_a_heading_names_the_stage_of_the_rows_below() -> None:
    applications, rejected = outcome_of(
        document_of(
            table_of("""
        Company|Role|Date
        January||
        Alder|Baker|2025-01-02
        Rejected||
        Birch|Clerk|2025-01-05
    """)
        )
    )
    assert [str(one.stage) for one in applications] == ["applied", "rejected"]
    assert {one.reason for one in rejected} == {"heading of a group of rows"}


def test_a_legend_translates_colours() -> None:
    assert stages_of("""
        Green|offer|
        Red|rejected|
        Blue|interview scheduled|
        Company|Role|Applied|Colour
        Alder|Baker|2025-01-02|Red
        Birch|Clerk|2025-01-03|Blue
        Cedar|Clerk|2025-01-03|Green
        Elm|Clerk|2025-01-04|Red
    """) == ["rejected", "interviewing", "offer", "rejected"]


def test_a_path_in_the_status_cell_counts_by_its_last_known_step() -> None:
    assert stages_of("""
        Company|Role|Applied|Status
        Alder|Baker|2025-01-02|Applied 1/2/25 > OA 1/9/25
        Birch|Clerk|2025-01-03|Applied -> Phone screen -> Rejected
    """) == ["screening", "rejected"]


def test_the_day_beside_applied_in_a_history_is_the_day_of_application() -> None:
    found = read_rows("""
        Title|Company|History
        Baker|Alder|Applied (2025-01-07)
        Clerk|Birch|Applied (2025-01-09) -> Rejected (2025-02-01)
    """)
    assert [(day, stage) for _, _, day, stage in found] == [
        ("2025-01-07", "applied"), ("2025-01-09", "rejected"),
    ]  # fmt: skip


def test_yes_and_no_under_a_decision_end_the_matter_for_whoever_decided() -> None:
    assert stages_of("""
        Company|Role|Applied|Stage|Decision|Decision by
        Alder|Baker|2025-01-02|Application||
        Birch|Clerk|2025-01-03|Interview 1|No|Them
        Cedar|Clerk|2025-01-04|Interview 1|No|Me
        Dogwood|Clerk|2025-01-05|Offer|Yes|
        Elm|Clerk|2025-01-06|Offer|No|Me
    """) == ["applied", "rejected", "withdrawn", "accepted", "withdrawn"]


def test_the_reason_tells_how_an_archived_application_ended() -> None:
    assert stages_of("""
        Candidate|Position|Status|Rejection reason|Applied
        Ann Vale|Baker|Archived|Withdrew|2025-01-02
        Bob Vale|Baker|Archived|Not a fit|2025-01-03
        Cid Vale|Clerk|Hired||2025-01-04
    """) == ["withdrawn", "rejected", "accepted"]


def test_days_of_stages_tell_how_far_it_went() -> None:
    assert stages_of("""
        Company|Title|Applied Date|Phone Screen Date|Interview Date|Offer Date|Rejected Date
        Alder|Baker|2025-01-05||||
        Birch|Baker|2025-01-06|2025-01-15|||2025-02-01
        Cedar|Baker|2025-01-13|2025-01-20|2025-02-02||
        Elm|Baker|2025-01-14|2025-01-21|2025-02-03|2025-02-20|
    """) == ["applied", "rejected", "interviewing", "offer"]


def test_what_a_program_failed_to_send_was_not_sent() -> None:
    rows = """
        ts|Company|Title|Result
        2025-01-05|Alder|Baker|submitted
        2025-01-06|Birch|Baker|failed
    """
    assert stages_of(rows) == ["applied", "saved"]
    assert stages_of(rows + "        2025-01-07|Cedar|Baker|interview\n") == [
        "applied", "rejected", "interviewing",
    ]  # fmt: skip


def test_openings_with_nothing_but_the_day_of_posting_were_only_saved() -> None:
    assert stages_of("""
        Site|Job URL|Title|Company|Date Posted
        board|https://board.example/1|Baker|Alder|2025-01-05
        board|https://board.example/2|Clerk|Birch|2025-01-06
    """) == ["saved", "saved"]


def test_a_name_beside_a_company_is_the_title_and_a_relation_loses_its_address() -> None:
    assert read_rows("""
        Name|Company|Status
        Data Analyst|Alder (https://pages.example/alder-1)|Applied
        Sales Manager|Birch (https://pages.example/birch-2)|Rejected
    """) == [("Alder", "Data Analyst", None, "applied"), ("Birch", "Sales Manager", None, "rejected")]


@pytest.mark.parametrize(
    "text",
    [
        "Company|Applications sent|Interviews|Rejections|Offers\nAlder|7|0|2|0\nBirch|8|1|2|0\nElm|4|1|0|1",
        "Week|Mon|Tue|Wed|Thu|Fri\n10|Alder|Birch||Cedar|\n11||Elm|Fir||Oak",
    ],
    ids=["counts", "week plan"],
)
def test_counts_and_week_plans_are_refused(text: str) -> None:
    with pytest.raises(SourceError):
        read_rows(text)


def test_counts_below_a_table_are_no_applications() -> None:
    applications, rejected = outcome_of(
        document_of(
            table_of("""
        Company|Position|Applied|Status
        Alder|Baker|2025-01-02|Applied
        Birch|Clerk|2025-01-03|Rejected
        Cedar|Nurse|2025-01-04|Applied
        Elm|Planner|2025-01-05|Applied
        Total|2||
        Applied|1||
        Rejected|1||
    """)
        )
    )
    assert [one.company for one in applications] == ["Alder", "Birch", "Cedar", "Elm"]
    assert [one.reason for one in rejected] == [
        "totals row", "a count of applications", "a count of applications",
    ]  # fmt: skip


def test_a_cross_says_no_where_it_stands_under_applied_or_rejected_too() -> None:
    assert stages_of("""
        Company|Position|Applied|Interview|Rejected|Accepted
        Alder|Baker|✓|✗|✗|✗
        Birch|Clerk|✓|✓|✗|✗
        Cedar|Clerk|✓|✓|✓|✗
        Elm|Clerk|✗|✗|✗|✗
    """) == ["applied", "interviewing", "rejected", "saved"]


def test_a_question_about_applying_beats_the_time_of_filling_in() -> None:
    found = read_rows("""
        Timestamp|Which company?|Which role?|When did you apply?
        2025-01-05|Alder|Baker|2025-01-03
        2025-01-07|Birch|Clerk|2025-01-04
    """)
    assert [day for _, _, day, _ in found] == ["2025-01-03", "2025-01-04"]


def test_single_letters_are_stages_where_a_column_holds_nothing_else() -> None:
    assert stages_of("""
        Company|Position|Applied|Status
        **Alder**|Baker|2025-01-02|A
        **Birch**|Clerk|2025-01-03|R
        **Cedar**|Clerk|2025-01-04|I
    """) == ["applied", "rejected", "interviewing"]


def test_marks_of_a_text_language_are_taken_off_names() -> None:
    found = read_rows("""
        Company|Position|Status
        **[Alder](https://alder.example)**|Baker|Applied
        **Birch**|Clerk|Rejected
    """)
    assert [company for company, _, _, _ in found] == ["Alder", "Birch"]
