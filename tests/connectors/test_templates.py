"""Popular templates of trackers, and products whose export has no mark, are read as spreadsheets."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from crm_sync.app.plugins import choose
from crm_sync.domain.options import ReadingOptions
from crm_sync.testing.connector_golden import TODAY

THREE = [
    ("Acme", "Data Engineer", "2027-01-12", "applied"),
    ("Bolt", "Planner", None, "saved"),
    ("Cedar", "Cook", "2026-12-01", "rejected"),
]
"""What every template below tells."""
TEMPLATES = {
    "status list with rows of N/A": """\
Company Name,Application Status,Role,Salary,Date Submitted,Link to Job Req,Rejection Reason,Notes
Acme,Submitted - Pending Response,Data Engineer,$100k,1/12/2027,https://acme.example/1,N/A,
Bolt,Not Yet Submitted,Planner,N/A,N/A,https://bolt.example/1,N/A,
Cedar,Rejected,Cook,N/A,12/1/2026,N/A,Experience,
N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A
""",
    "recruiter and reference contacts": """\
Job Posting URL,Job Role,Company Name,Status,Location,Recruiter Name,Recruiter Email,Recruiter Phone,\
Reference Contact,Reference Contact Email,Contact Phone,Likelihood of Hiring,Date Applied,Last Contact,\
Cover Letter / Resume,Tags
https://acme.example/1,Data Engineer,Acme,Applied,Boise,Alex Moor,alex@acme.example,,,,,High,1/12/2027,,,x
https://bolt.example/1,Planner,Bolt,Not Started,,,,,,,,,,,,
,Cook,Cedar,Rejected,,,,,Sam Hill,sam@hill.example,,,12/1/2026,12/5/2026,,
""",
    "header in the third row, prepared rows of FALSE": """\
,,Application,,,,Interviews,,
,,,,,,,,
COMPANY,POSITION,LOCATION,DATE APPLIED,STATUS,RESPONSE,DATE,INTERVIEWED,LOCATION
Acme,Data Engineer,Boise,1/12/2027,Applied,FALSE,,FALSE,
Bolt,Planner,Leeds,,To apply,FALSE,,FALSE,
Cedar,Cook,Cork,12/1/2026,Rejected,TRUE,12/20/2026,FALSE,
,,,,,FALSE,,FALSE,
""",
    "ai-job-search, CareerForge": """\
date,company,sector,role,role_type,channel,status,contact_person,fit_rating,notes,cv_file,cover_letter_file,source
2027-01-12,Acme,Robots,Data Engineer,IC,portal,applied,Alex Moor,8,,cv/a.pdf,cl/a.pdf,linkedin
,Bolt,Ships,Planner,IC,email,drafted,,6,,cv/b.pdf,,company site
2026-12-01,Cedar,Food,Cook,IC,portal,rejected,,5,no luck,cv/c.pdf,,referral
""",
    "Reactive Resume": """\
organization,role,stage,applied date,compensation,job posting,tags
Acme,Data Engineer,applied,2027-01-12,$100k,https://acme.example/1,"robots;data|sql"
Bolt,Planner,saved,,,https://bolt.example/1,
Cedar,Cook,rejected,2026-12-01,,,food
""",
    "the table of Teal, copied": """\
Job Position,Company,Max. Salary,Location,Status,Date Saved,Deadline,Date Applied,Follow up,Excitement
Data Engineer,Acme,$100k,Boise,Applied,01/10/2027,N/A,01/12/2027,N/A,4
Planner,Bolt,,Leeds,Bookmarked,01/10/2027,02/20/2027,N/A,N/A,3
Cook,Cedar,,Cork,Rejected,11/30/2026,N/A,12/01/2026,N/A,2
""",
    "the words of Indeed": """\
Job title,Company,Status,Date
Data Engineer,Acme,Applied,2027-01-12
Planner,Bolt,Saved,
Cook,Cedar,Not selected by employer,2026-12-01
""",
    "Airtable": """\
Job Title,Company (from Companies),Stage,Application Date,Attachments,Last Modified
Data Engineer,Acme,📥 Applied,1/12/2027,cv.pdf (https://files.example/0),1/13/2027 4:12pm
Planner,Bolt,To apply,,,1/16/2027 4:12pm
Cook,Cedar,🚫 Rejected,12/1/2026,,1/16/2027 4:12pm
""",
    "Airtable with boxes": """\
Company,Position,Applied,Date Applied,Rejected,Interviewing
Acme,Data Engineer,checked,1/12/2027,,
Bolt,Planner,,,,
Cedar,Cook,checked,12/1/2026,checked,
""",
}


def read(data: bytes, folder: Path) -> list[tuple[str | None, str | None, str | None, str]]:
    path = folder / "download.csv"
    path.write_bytes(data)
    kind = choose(str(path))
    assert kind.name == "spreadsheet"
    found = kind.connect(str(path), ReadingOptions(TODAY)).fetch().applications
    return [
        (o.company, o.job_title, o.applied_on.isoformat() if o.applied_on else None, o.stage) for o in found
    ]


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8], ids=["plain", "with a BOM"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_popular_template_is_read_as_its_users_would(template: str, mark: bytes, tmp_path: Path) -> None:
    assert read(mark + TEMPLATES[template].encode(), tmp_path) == THREE


def test_a_log_of_what_was_sent_holds_applications_only(tmp_path: Path) -> None:
    sent = (
        "Applied Date,Company,Title,URL,Notes\n"
        "3/30/2025,Acme,Data Engineer,https://acme.example/1,N/A\n4/2/2025,Bolt,Planner,N/A,N/A\n"
    )
    assert read(sent.encode(), tmp_path) == [
        ("Acme", "Data Engineer", "2025-03-30", "applied"),
        ("Bolt", "Planner", "2025-04-02", "applied"),
    ]
