"""The data archive of LinkedIn, as people keep it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from crm_sync.app.plugins import choose
from crm_sync.domain.applications import Snapshot
from crm_sync.domain.options import ReadingOptions
from crm_sync.errors import SourceError
from crm_sync.testing.connector_golden import TODAY

HEADER = (
    "Application Date,Contact Email,Contact Phone Number,Company Name,Job Title,Job Url,Resume Name,"
    "Question And Answers\n"
)
ACME = '"1/12/27, 3:54 AM",robin@mailbox.example, +999,Acme,Cook,http://www.linkedin.com/jobs/view/4070192152,,\n'
BOLT = (
    '"1/13/27, 3:54 PM",robin@mailbox.example,N/A,Bolt,Chef,http://www.linkedin.com/jobs/view/4070192153,,\n'
)
SAVED = (
    "Saved Date,Job Url,Job Title,Company Name\n"
    '"1/2/27, 1:04 AM",http://www.linkedin.com/jobs/view/4708096302,Baker,Cedar\n'
)
CONNECTIONS = (
    'Notes:\n"Some are hidden"\n\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\n'
)
NEIGHBOURS = {
    "Jobs/Job Applicant Saved Answers.csv": "Question,Answer\nYears,3\n",
    "Jobs/Job Applicant Saved Screening Question Responses.csv": "Question,Answer\nYears,3\n",
    "Jobs/Online Job Postings.csv": "Title,Company,Job Url\nCook,Mine,x\n",
    "Connections.csv": CONNECTIONS + "Sam,Hill,,sam@acme.example,Acme,Owner,05 Mar 2024\n",
    "Shares_7789716.csv": "Date,Link\n",
}


def zipped(folder: Path, members: dict[str, str]) -> Path:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def read(path: Path) -> Snapshot:
    kind = choose(str(path))
    assert kind.name == "linkedin"
    return kind.connect(str(path), ReadingOptions(TODAY)).fetch()


def companies(path: Path) -> list[str | None]:
    return [one.company for one in read(path).applications]


@pytest.mark.parametrize(
    "above", ["", "Basic_LinkedInDataExport_02-01-2027/", "Complete_LinkedInDataExport/"]
)
def test_all_parts_of_a_split_list_are_read_and_no_neighbour_of_a_similar_name(
    above: str, tmp_path: Path
) -> None:
    members = {
        "Jobs/Job Applications.csv": HEADER + ACME,
        "Jobs/Job Applications_10.csv": HEADER + BOLT + ACME,
        "Jobs/Saved Jobs.csv": SAVED,
        **NEIGHBOURS,
    }
    snapshot = read(zipped(tmp_path, {above + name: text for name, text in members.items()}))
    assert [one.company for one in snapshot.applications] == ["Acme", "Bolt", "Cedar"]
    assert [row.reason for row in snapshot.rejected] == [
        f"duplicate of row 2 of {above}Jobs/Job Applications.csv"
    ]
    assert not any(
        fact
        for one in snapshot.applications
        for fact in (one.contact_email, one.contact_phone, one.contact_name)
    )


def test_a_part_with_a_members_number_in_its_name_is_a_part(tmp_path: Path) -> None:
    assert companies(zipped(tmp_path, {"Job Applications_7789716.csv": HEADER + ACME})) == ["Acme"]


def test_a_loose_part_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    path = tmp_path / "my jobs (3).csv"
    path.write_text(HEADER + ACME + BOLT, encoding="utf-8")
    assert companies(path) == ["Acme", "Bolt"]


def test_a_posting_without_company_and_title_is_kept_as_a_rejected_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADER + ACME.replace("Acme,Cook", ",") + BOLT, encoding="utf-8")
    snapshot = read(path)
    (rejected,) = snapshot.rejected
    assert (rejected.row, rejected.reason) == (2, "no company and no title")
    assert any("linkedin.com/jobs" in cell for cell in rejected.cells)


def test_one_posting_under_two_addresses_is_one_application(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADER + ACME + ACME.replace("152,", "152/?trk=mail,"), encoding="utf-8")
    assert companies(path) == ["Acme"]


def test_a_posting_that_was_saved_and_applied_to_is_applied(tmp_path: Path) -> None:
    saved = SAVED.replace("4708096302", "4070192152")
    path = zipped(tmp_path, {"Jobs/Job Applications.csv": HEADER + ACME, "Jobs/Saved Jobs.csv": saved})
    assert [str(one.stage) for one in read(path).applications] == ["applied"]


@pytest.mark.parametrize("packed", [True, False])
def test_connections_never_become_applications(packed: bool, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(NEIGHBOURS["Connections.csv"], encoding="utf-8")
    with pytest.raises(SourceError, match="no applications"):
        read(zipped(tmp_path, NEIGHBOURS) if packed else path)
