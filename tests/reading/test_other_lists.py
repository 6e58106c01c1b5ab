"""Lists that only look like applications are refused; statuses in other clothes are still read."""

from __future__ import annotations

import pytest

from crm_sync.errors import SourceError
from tests.reading.grids_by_hand import answers, answers_of, document_of, outcome_of, table_of

PEOPLE = """
Full name|Employer|E-mail|Met at|Last talk
Ida Knot|Willowby|ida.knot@inbox.example|Fair|2026-02-01
Otto Bight|Birchby|otto@inbox.example|Class|2026-03-01
"""
WORK = """
Company|Job Title|Start date|End date|Remark
Willowby|Teller|2019-01-01|2021-03-01|moved
Birchby|Clerk|2021-04-01|2024-02-01|contract ended
"""
LEFT = """
Employer|Position|City|Reason for leaving
Willowby|Teller|Hull|moved
Birchby|Clerk|York|contract ended
"""
DEALS = """
Deal name|Company|Amount|Deal stage|Close date
Rail - 20 seats|Willowby|12000|Closed won|2026-04-14
Pilot|Birchby|4000|Closed lost|2026-03-15
"""
STAFF = """
Employee ID|Name|Job Title|Department|Hire Date|Status
E1|Ida Knot|Planner|Rail|2019-01-01|Active
E2|Otto Bight|Clerk|Rail|2020-01-01|On leave
"""
OPENINGS = """
Requisition ID|Job Title|Openings|Recruiter|Posted on|Requisition Status
R1|Planner|2|Ada Hemp|2026-03-01|Open
R2|Clerk|1|Ada Hemp|2026-03-02|Filled
"""


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (DEALS, "deals of sales"),
        (PEOPLE, "lists people"),
        (WORK, "past employment"),
        (LEFT, "past employment"),
    ],
)
def test_lists_about_something_else_are_no_applications(text: str, what: str) -> None:
    with pytest.raises(SourceError, match=what):
        outcome_of(document_of(table_of(text)))


def test_a_firm_with_somebody_to_write_to_is_still_a_list_of_firms() -> None:
    assert answers("""
Company|Contact person|E-mail
Willowby|Ida Knot|ida.knot@inbox.example
Birchby|Otto Bight|otto@inbox.example
""") == [("Willowby", None, None, "saved"), ("Birchby", None, None, "saved")]


def test_internships_with_begin_and_end_and_a_status_are_applications() -> None:
    assert answers("""
Company|Role|Start date|End date|Status
Willowby|Intern|2026-07-01|2026-09-30|Applied
Birchby|Intern|2026-08-01|2026-10-31|Rejected
""") == [("Willowby", "Intern", None, "applied"), ("Birchby", "Intern", None, "rejected")]


def test_letters_under_a_header_that_says_nothing_are_stages() -> None:
    assert answers("""
Company|Role|Sent|St.
Willowby|Planner|2026-03-14|A
Birchby|Buyer|2026-03-15|R
Oakby|Clerk|2026-03-16|I
Beechby|Guard|2026-03-17|O
""") == [
        ("Willowby", "Planner", "2026-03-14", "applied"),
        ("Birchby", "Buyer", "2026-03-15", "rejected"),
        ("Oakby", "Clerk", "2026-03-16", "interviewing"),
        ("Beechby", "Guard", "2026-03-17", "offer"),
    ]


def test_letters_beside_a_status_are_left_alone() -> None:
    assert answers("""
Company|Role|Sent|Status|Class
Willowby|Planner|2026-03-14|Interview|A
Birchby|Buyer|2026-03-15|Applied|R
Oakby|Clerk|2026-03-16|Offer|I
""") == [
        ("Willowby", "Planner", "2026-03-14", "interviewing"),
        ("Birchby", "Buyer", "2026-03-15", "applied"),
        ("Oakby", "Clerk", "2026-03-16", "offer"),
    ]


def test_numbers_before_a_status_and_steps_behind_a_folder_are_read() -> None:
    assert answers("""
Company|Role|Applied on|Pipeline
Willowby|Planner|2026-03-14|03 Submitted
Birchby|Buyer|2026-03-15|05 Interview
Oakby|Clerk|2026-03-16|99 Dead
Beechby|Guard|2026-03-17|New Submission: Candidate complete
Limeby|Cook|2026-03-18|Interview: rejected
""") == [
        ("Willowby", "Planner", "2026-03-14", "applied"),
        ("Birchby", "Buyer", "2026-03-15", "interviewing"),
        ("Oakby", "Clerk", "2026-03-16", "closed"),
        ("Beechby", "Guard", "2026-03-17", "applied"),
        ("Limeby", "Cook", "2026-03-18", "rejected"),
    ]


def test_a_recruiters_reason_ends_what_stands_at_the_stage_where_it_was_left() -> None:
    assert answers("""
Candidate|Job Requisition|Candidate Stage|Disposition Reason|Date Applied
Ilka Brandt|R-7 Planner|Interview||2026-03-14
Tomas Querido|R-7 Planner|Interview|Candidate withdrew|2026-03-15
Sefa Okunbor|R-7 Planner|Screen|Not qualified|2026-03-16
""") == [
        (None, "R-7 Planner", "2026-03-14", "interviewing"),
        (None, "R-7 Planner", "2026-03-15", "withdrawn"),
        (None, "R-7 Planner", "2026-03-16", "rejected"),
    ]


def test_a_job_seekers_reason_beside_an_open_status_ends_nothing() -> None:
    assert answers("""
Company|Role|Applied on|Status|Reason
Willowby|Planner|2026-03-14|Interview|likes the team
Birchby|Buyer|2026-03-15|Applied|near home
""") == [
        ("Willowby", "Planner", "2026-03-14", "interviewing"),
        ("Birchby", "Buyer", "2026-03-15", "applied"),
    ]


def test_a_step_is_heard_where_the_status_beside_it_says_nothing() -> None:
    assert answers("""
Requisition Title|Candidate Name|Current Step Name|Current Status Name|Date Applied
Planner|Ilka Brandt|2nd Interview|To be scheduled|2026-03-14
Planner|Tomas Querido|1st Interview|Rejected|2026-03-15
Planner|Sefa Okunbor|Offer|Has declined|2026-03-16
""") == [
        (None, "Planner", "2026-03-14", "interviewing"),
        (None, "Planner", "2026-03-15", "rejected"),
        (None, "Planner", "2026-03-16", "withdrawn"),
    ]


def test_a_log_of_days_and_steps_tells_the_day_of_application_and_the_stage() -> None:
    assert answers(
        """
Company,Role,Timeline
Willowby,Planner,14 Mar 2026 applied; 20 Mar 2026 phone screen; 2 Apr 2026 rejected
Birchby,Buyer,2026-03-01 saved; 2026-03-15 applied
Oakby,Clerk,16.03.2026: applied; 28.03.2026: onsite interview
""",
        mark=",",
    ) == [
        ("Willowby", "Planner", "2026-03-14", "rejected"),
        ("Birchby", "Buyer", "2026-03-15", "applied"),
        ("Oakby", "Clerk", "2026-03-16", "interviewing"),
    ]


def test_a_list_of_openings_that_names_employers_is_still_read() -> None:
    assert answers("""
Company|Role|Openings|Status
Willowby|Planner|2|To apply
Birchby|Buyer|1|Applied
""") == [("Willowby", "Planner", None, "saved"), ("Birchby", "Buyer", None, "applied")]


@pytest.mark.parametrize(
    ("said", "stage"),
    [
        ("Had coffee with them, loop scheduled", "interviewing"),
        ("They filled it internally", "closed"),
        ("Stelle wurde intern besetzt", "closed"),
        ("Zusage, aber abgelehnt", "withdrawn"),
        ("Appointed", "accepted"),
        ("CV review", "applied"),
    ],
)
def test_statuses_as_people_say_them(said: str, stage: str) -> None:
    assert answers(f"""
Company|Role|Applied on|Status
Willowby|Planner|2026-03-14|{said}
Birchby|Buyer|2026-03-15|Applied
""")[0] == ("Willowby", "Planner", "2026-03-14", stage)


def test_a_list_beside_explains_the_ids_of_stages() -> None:
    jobs = table_of(
        """
id|companyName|position|columnId
x1|Willowby|Planner|c2
x2|Birchby|Buyer|c4
x3|Oakby|Clerk|c1
""",
        sheet="applications",
    )
    board = table_of(
        """
id|title
c1|Wishlist
c2|Applied
c3|Interview
c4|Rejected
""",
        sheet="columns",
    )
    assert answers_of(document_of(board, jobs)) == [
        ("Willowby", "Planner", None, "applied"),
        ("Birchby", "Buyer", None, "rejected"),
        ("Oakby", "Clerk", None, "saved"),
    ]


def test_a_sheet_with_the_key_explains_numbers() -> None:
    jobs = table_of(
        """
Company|Role|Sent|St.
Willowby|Planner|2026-03-14|1
Birchby|Buyer|2026-03-15|3
Oakby|Clerk|2026-03-16|2
""",
        sheet="Jobs",
    )
    key = table_of(
        """
1|Applied
2|Interview
3|Rejected
""",
        sheet="Key",
    )
    assert answers_of(document_of(jobs, key)) == [
        ("Willowby", "Planner", "2026-03-14", "applied"),
        ("Birchby", "Buyer", "2026-03-15", "rejected"),
        ("Oakby", "Clerk", "2026-03-16", "interviewing"),
    ]


def test_another_years_companies_and_statuses_explain_nothing() -> None:
    this = table_of(
        """
Company|Role|Applied on|Remark
Willowby|Planner|2026-03-14|Birchby
Birchby|Buyer|2026-03-15|Willowby
""",
        sheet="2026",
    )
    last = table_of(
        """
Company|Status
Willowby|Rejected
Birchby|Rejected
Oakby|Offer
""",
        sheet="2025",
    )
    assert [one[3] for one in answers_of(document_of(this, last))] == [
        "applied",
        "applied",
        "rejected",
        "rejected",
        "offer",
    ]


def test_what_came_of_it_goes_further_than_that_it_was_sent() -> None:
    assert answers("""
Company|Position|Date|Application|Result
Willowby|Planner|2026-03-14|Sent|No reply
Birchby|Buyer|2026-03-15|Sent|Interview 3/22
Oakby|Clerk|2026-03-16|Sent|Rejected via portal
Beechby|Guard||Not sent|
""") == [
        ("Willowby", "Planner", "2026-03-14", "applied"),
        ("Birchby", "Buyer", "2026-03-15", "interviewing"),
        ("Oakby", "Clerk", "2026-03-16", "rejected"),
        ("Beechby", "Guard", None, "saved"),
    ]
