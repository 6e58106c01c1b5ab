"""`read` and `inspect`: what a file holds, in the stable format and in words."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from crm_sync.app.plugins import connector_kinds
from crm_sync.domain.applications import Application
from crm_sync.domain.stages import Stage
from tests.cli.conftest import ROOT, TRACKER, Shell

SCHEMA = json.loads((ROOT / "crm_sync" / "data" / "application.schema.json").read_text(encoding="utf-8"))
KEYS = [
    "row", "sheet", "connector", "key", "external_id", "company", "company_domain", "job_title", "job_url",
    "location", "applied_on", "stage", "contact_name", "contact_title", "contact_email", "contact_phone",
    "salary", "source", "notes", "next_action_on", "flags",
]  # fmt: skip
UNTIDY = TRACKER + ",,,2027-01-25,Applied,,,\n"

UNDERSTOOD = """\
jobs.csv: 4 applications
Opened: read by spreadsheet, csv, utf-8, separated by comma

Table: header in row 1, first record in row 2, applications of one person

  Column        Field          Why
  Company       company        known header
  Job Title     job title      known header
  Location      location       known header
  Date Applied  applied on     known header
  Status        stage          known header
  Contact       contact name   known header
  Phone         contact phone  known header
  Notes         notes          known header

  Dates
    Date Applied: unmistakable: no date leaves it open

  Status word     Stage      Rows  Why           Column
  "Applied"       applied    2     known word    Status
  "Phone screen"  screening  1     known word    Status
  "Purple"        unknown    1     unknown word  Status
  A row without a status word is saved

First rows
  Row  Company             Job title      Applied          Stage
  2    Northwind Robotics  Data Engineer  Thu 28 Jan 2027  applied
  3    Bluebird Analytics  Analyst        Mon 1 Feb 2027   applied
  4    Quill & Co          Writer         Fri 22 Jan 2027  screening
  5    Kestrel Air         Planner        Mon 25 Jan 2027  unknown

No row was rejected.
"""


def lines(text: str) -> list[dict[str, object]]:
    """Return the objects of JSON Lines."""
    return [json.loads(line) for line in text.splitlines()]


def test_what_has_no_business_in_a_crm_is_told_and_reaches_neither_output_nor_ledger(
    shell: Shell, home: Path
) -> None:
    rows = (
        "Ada Lind,ada@mailbox.example,Planner,Applied,19900517,078-05-1120\n,,,Applied,19910618,078-05-1121\n"
    )
    path = shell.put("Candidate,E-mail,Position,Status,Date of Birth,SSN\n" + rows, "candidates.csv")
    for words in (("read",), ("inspect",), ("inspect", "--json"), ("import", "--json")):
        said = shell(words[0], path, *words[1:])
        assert "left out, for it has no business in a CRM: Date of Birth, SSN" in said.out + said.err, words
        assert not any(secret in said.out + said.err for secret in ("1990", "1991", "078-05"))
    kept = b"".join(each.read_bytes() for each in home.rglob("*") if each.is_file())
    assert b"ada@mailbox.example" in kept
    assert not any(secret in kept for secret in (b"19900517", b"19910618", b"078-05"))


def test_one_object_per_application_with_the_documented_names_in_their_order(shell: Shell) -> None:
    said = shell("read", shell.put())
    first, *others = lines(said.out)
    assert (said.code, said.err, len(others)) == (0, "", 3)
    assert list(first) == KEYS
    assert first == dict.fromkeys(KEYS) | {
        "row": 2,
        "connector": "spreadsheet",
        "key": "xczm2oahfseh",
        "company": "Northwind Robotics",
        "job_title": "Data Engineer",
        "location": "Berlin, Germany",
        "applied_on": "2027-01-28",
        "stage": "applied",
        "contact_name": "Jane Roe",
        "contact_phone": "+49 30 5550100",
        "flags": [],
    }


def test_the_schema_names_the_same_keys_and_stages_as_the_nouns() -> None:
    assert list(SCHEMA["properties"]) == KEYS == SCHEMA["required"]
    assert SCHEMA["properties"]["stage"]["enum"] == list(Stage)
    inner = {"stage_word", "cells"}
    assert set(KEYS) - {"key"} == set(Application.__slots__) - inner


@pytest.mark.parametrize("name", ["my-applications.csv", "my-applications.xlsx", "untidy.csv"])
def test_every_line_is_valid_by_the_schema_in_the_package(shell: Shell, name: str) -> None:
    validator = jsonschema_rs.validator_for(SCHEMA)
    found = lines(shell("read", str(ROOT / "examples" / name)).out)
    assert found
    for line in found:
        validator.validate(line)


def test_a_sheet_is_named_and_its_rows_are_the_sheets(shell: Shell) -> None:
    first = lines(shell("read", str(ROOT / "examples" / "my-applications.xlsx")).out)[0]
    assert (first["sheet"], first["row"]) == ("Applications", 4)


def test_rejected_rows_are_told_on_stderr_and_kept_in_a_file(shell: Shell, tmp_path: Path) -> None:
    rejected = tmp_path / "rejected.jsonl"
    said = shell("read", shell.put(UNTIDY), "--rejected", str(rejected))
    assert (said.code, len(lines(said.out))) == (1, 4)
    assert said.err == "row 6: no company and no title\n"
    (row,) = lines(rejected.read_text(encoding="utf-8"))
    assert (row["row"], row["sheet"], row["reason"]) == (6, None, "no company and no title")
    assert "Applied" in row["cells"]  # type: ignore[operator]


def test_a_file_for_rejected_rows_that_cannot_be_written_is_a_mistake_of_usage(shell: Shell) -> None:
    said = shell("read", shell.put(UNTIDY), "--rejected", "/nowhere/at/all.jsonl")
    assert said.code == 2
    assert "/nowhere/at/all.jsonl cannot be written: No such file or directory" in said.err


def test_the_key_is_the_one_that_an_import_gives(filled: Shell) -> None:
    read = {line["job_title"]: line["key"] for line in lines(filled("read", filled.put()).out)}
    held = {deal["job_title"]: deal["key"] for deal in json.loads(filled("deals", "--json").out)}
    assert read == held


@pytest.mark.parametrize(("option", "day"), [("--day-first", "2027-02-01"), ("--month-first", "2027-01-02")])
def test_a_person_can_say_how_days_and_months_stand(shell: Shell, option: str, day: str) -> None:
    path = shell.put("Company,Job Title,Date Applied\nAcme Foods,Cook,01/02/2027\n")
    assert lines(shell("read", path, option).out)[0]["applied_on"] == day


def test_a_person_can_say_which_column_holds_a_field(shell: Shell) -> None:
    path = shell.put("Company,Job Title,Status,Zzz\nAcme Foods,Cook,Applied,Rome\n")
    assert lines(shell("read", path).out)[0]["location"] is None
    assert lines(shell("read", path, "--column", "location=Zzz").out)[0]["location"] == "Rome"


@pytest.mark.parametrize("command", ["read", "inspect", "import"])
def test_a_column_that_the_file_does_not_have_is_a_mistake_of_words(shell: Shell, command: str) -> None:
    path = shell.put("Company,Job Title,Status\nAcme Foods,Cook,Applied\n")
    said = shell(command, path, "--column", "company=Compny")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        'crm-sync: there is no column "Compny" for company.\n'
        '  Did you mean "Company"? The columns are: Company, Job Title, Status.\n'
    )
    assert shell(command, path, "--column", "company=Company").code == 0


@pytest.mark.parametrize("command", ["read", "inspect", "import"])
def test_a_field_that_there_is_not_is_a_mistake_of_words(shell: Shell, command: str) -> None:
    path = shell.put("Company,Job Title,Status\nAcme Foods,Cook,Applied\n")
    said = shell(command, path, "--column", "compny=Company")
    assert (said.code, said.out) == (2, "")
    assert said.err == 'crm-sync: --column: there is no field "compny".\n  Did you mean company?\n'
    assert "Fields are company, job_title," in shell(command, path, "--column", "zzz=Town").err


def test_who_names_the_header_first_is_shown_the_order(shell: Shell) -> None:
    said = shell("read", shell.put(), "--column", "My firm=company")
    assert said.code == 2
    assert "The field comes first: --column company='My firm'." in said.err


def test_a_column_that_a_known_export_does_not_have_is_a_mistake_of_words(shell: Shell) -> None:
    path = str(ROOT / "tests" / "connectors" / "samples" / "teal" / "teal-data.csv")
    said = shell("read", path, "--column", "company=Firm")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith('crm-sync: there is no column "Firm" for company.\n')


def test_a_sheet_that_there_is_not_is_told_with_those_there_are(shell: Shell) -> None:
    said = shell("read", str(ROOT / "examples" / "my-applications.xlsx"), "--sheet", "Aplications")
    assert (said.code, said.out) == (4, "")
    assert 'my-applications.xlsx: there is no sheet "Aplications".\n  ' in said.err
    assert 'Did you mean "Applications"? The sheets are: Applications' in said.err


def test_a_column_option_without_an_equals_sign_is_explained(shell: Shell) -> None:
    said = shell("read", shell.put(), "--column", "company")
    assert said.code == 2
    assert said.err.endswith('Write --column company="Firm name".\n')


def test_a_sheet_can_be_chosen(shell: Shell) -> None:
    said = shell("read", str(ROOT / "examples" / "my-applications.xlsx"), "--sheet", "Figures")
    assert (said.code, said.out) == (4, "")


def test_an_unknown_connector_is_named_with_those_there_are(shell: Shell) -> None:
    said = shell("read", shell.put(), "--connector", "nosuch")
    assert said.code == 2
    there_are = ", ".join(connector_kinds())
    assert said.err == f'crm-sync: there is no connector "nosuch".\n  Installed: {there_are}.\n'


def test_inspect_tells_a_person_how_the_file_is_understood(shell: Shell) -> None:
    said = shell("inspect", shell.put())
    assert (said.code, said.err) == (0, "")
    assert said.out.replace(f"{shell.folder}/", "") == UNDERSTOOD


def test_inspect_shows_rejected_rows_and_doubts_about_dates(shell: Shell) -> None:
    text = "Company,Job Title,Date Applied\nAcme Foods,Cook,01/02/2027\n,,03/04/2027\n"
    out = shell("inspect", shell.put(text)).out
    assert "Rejected: 1 row\n  row 3: no company and no title\n" in out
    assert "say --day-first or --month-first to be sure" in out


def test_inspect_gives_the_same_as_data(shell: Shell) -> None:
    told = json.loads(shell("inspect", shell.put(), "--json").out)
    assert told["tables"][0]["columns"][0]["field"] == "company"
    assert (told["applications"], told["rejected"]) == (4, [])


def test_reading_writes_nothing(shell: Shell, home: Path) -> None:
    shell("read", shell.put())
    shell("inspect", shell.put())
    assert not home.exists()


def test_a_file_cannot_paint_the_screen(shell: Shell) -> None:
    path = shell.put("Company,Job Title,Status\nAc\x1b[31mme,Co\x9bok,Applied\n")
    assert shell("import", path).code == 0
    for words in (("inspect", path), ("deals",), ("calls", "--days", "7"), ("status",)):
        assert not {"\x1b", "\x9b"} & set(shell(*words).out), words


def test_half_a_letter_ends_no_run(shell: Shell) -> None:
    path = shell.put('[{"company": "Ac\\ud800me", "job_title": "Cook", "status": "Applied"}]', "jobs.json")
    assert shell("read", path).code in (0, 1)


def test_the_tracker_of_these_tests_is_read_as_it_stands(shell: Shell) -> None:
    assert len(lines(shell("read", shell.put(TRACKER)).out)) == TRACKER.count("\n") - 1


@pytest.mark.parametrize("command", ["read", "inspect", "import"])
def test_an_error_about_a_file_names_it(shell: Shell, command: str) -> None:
    said = shell(command, shell.put("a letter\nwithout a table\n", "letter.csv"))
    assert said.code == 4
    assert said.err.startswith("crm-sync: letter.csv: ")


def test_a_header_without_records_is_told_as_such(shell: Shell) -> None:
    file = shell.put("Company,Job Title,Status\n", "header.csv")
    assert "header in row 1, no record below it" in shell("inspect", file).out
    said = shell("import", file)
    assert said.code == 0
    assert said.out.startswith("No applications found. How the file is understood: crm-sync inspect FILE\n")


DOUBTED = "Company,Job Title,Date Applied,Topf\n" + "".join(
    f"Acme {at},Cook,2027-01-{at:02},{word}\n" for at, word in enumerate(("gar", "roh", "gar", "aus") * 2, 1)
)
DOUBT = 'the column "Topf" may be a status, but neither it nor its words are known ("gar", "roh", "aus")'


def test_a_column_that_may_be_a_status_is_told_beside_the_rows_and_in_the_evidence(shell: Shell) -> None:
    file = shell.put(DOUBTED)
    said = shell("read", file)
    assert said.code == 0
    assert said.err.startswith(DOUBT)
    assert {line["stage"] for line in lines(said.out)} == {"applied"}
    inspected = shell("inspect", file).out
    assert f"\n  {DOUBT}, so no stage was read from it" in inspected
    assert "(not used)  not known; it may be the status\n" in inspected
    (table,) = json.loads(shell("inspect", file, "--json").out)["tables"]
    assert [doubt["header"] for doubt in table["doubts"]] == ["Topf"]


def test_a_column_that_may_be_a_status_is_told_by_an_import_until_somebody_says_what_it_is(
    shell: Shell,
) -> None:
    file = shell.put(DOUBTED)
    assert f"\nNote: {DOUBT}" in shell("import", file).out
    notes = json.loads(shell("import", shell.put(DOUBTED, "b.csv"), "--json").out)["notes"]
    (told,) = (note for note in notes if note.startswith(DOUBT))
    assert told.endswith("say --column stage=Topf, or say so under columns in the configuration")
    assert DOUBT not in shell("import", file, "--column", "stage=Topf").out
