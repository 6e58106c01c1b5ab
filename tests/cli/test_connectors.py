"""`crm-sync connectors`, and what `read` and `inspect` tell about the connector."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Shell
from tests.connectors.test_newcomers import LADDER, ORCHARD

TEAL = str(ROOT / "tests" / "connectors" / "samples" / "teal" / "teal-data.csv")
GREENHOUSE = str(ROOT / "tests" / "connectors" / "samples" / "greenhouse" / "applications.json")


def test_connectors_are_listed_with_version_side_evidence_and_origin(shell: Shell) -> None:
    told = {one["name"]: one for one in json.loads(shell("connectors", "--json").out)}
    assert told["linkedin"] == {
        "name": "linkedin",
        "title": "LinkedIn data export",
        "version": "1",
        "side": "seeker",
        "evidence": "vendor",
        "from": told["spreadsheet"]["from"],
    }
    assert [line.split()[0] for line in shell("connectors").out.splitlines()[1:]] == sorted(told)


def test_a_connector_tells_how_one_gets_the_export_and_on_what_the_reading_rests(shell: Shell) -> None:
    said = shell("connectors", "show", "huntr").out
    assert "How to get it: Huntr: Settings" in said
    assert "Evidence: other people's programs" in said
    told = json.loads(shell("connectors", "show", "huntr", "--json").out)
    assert told["name"] == "huntr"
    assert any("no day of application" in remark for remark in told["remarks"])


def test_a_connector_that_nobody_has_is_told_with_those_there_are(shell: Shell) -> None:
    said = shell("connectors", "show", "nosuch")
    assert said.code == 2
    assert "linkedin" in said.err


def test_a_draft_reads_its_sample_at_once(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ["Firm,Job,Where,Phase,Sent"] + [f"Acme {n},Cook {n},Ulm,Applied,2027-01-0{n}" for n in (3, 4, 5)]
    sample = shell.put("\n".join(rows) + "\n", "sample.csv")
    made = shell("connectors", "new", "mine", "--from", sample, "--to", str(tmp_path / "own"))
    assert made.code == 0
    assert "which reads 3 applications" in made.out
    monkeypatch.setenv("CRM_SYNC_CONNECTORS", str(tmp_path / "own"))
    told = [json.loads(line) for line in shell("read", sample).out.splitlines()]
    assert [(one["connector"], one["company"], one["job_title"], one["stage"]) for one in told] == [
        ("mine", f"Acme {n}", f"Cook {n}", "applied") for n in (3, 4, 5)
    ]


@pytest.mark.parametrize("name", ["My Tracker", "9x", ""])
def test_a_draft_needs_a_plain_word_for_a_name(shell: Shell, name: str) -> None:
    said = shell("connectors", "new", name, "--from", TEAL)
    assert said.code == 2
    assert f'"{name}" is no plain word' in said.err


def test_a_draft_that_cannot_be_written_is_told(shell: Shell, tmp_path: Path) -> None:
    blocked = shell.put("no folder", "blocked")
    said = shell("connectors", "new", "mine", "--from", TEAL, "--to", blocked)
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"crm-sync: {blocked}/mine.yaml cannot be written: File exists.\n  Give --to another folder.\n"
    )


def test_a_draft_never_overwrites_a_file(shell: Shell, tmp_path: Path) -> None:
    first = shell("connectors", "new", "mine", "--from", TEAL, "--to", str(tmp_path))
    again = shell("connectors", "new", "mine", "--from", TEAL, "--to", str(tmp_path))
    assert (first.code, again.code) == (0, 2)
    assert "is there already" in again.err


def test_a_draft_of_what_cannot_be_read_is_refused(shell: Shell, tmp_path: Path) -> None:
    sample = shell.put("%PDF-1.7", "sample.csv")
    said = shell("connectors", "new", "mine", "--from", sample, "--to", str(tmp_path))
    assert said.code == 4
    assert not (tmp_path / "mine.yaml").exists()


def test_inspect_says_by_what_a_product_was_recognised(shell: Shell) -> None:
    said = shell("inspect", TEAL)
    assert "Recognised: Teal job tracker, because of company_name, role, statusName" in said.out
    assert "evidence: third-party" in said.out
    verdict = json.loads(shell("inspect", TEAL, "--json").out)["recognised"]
    assert 0.7 <= verdict["certainty"] <= 1


def test_read_says_what_a_file_was_taken_for_and_quiet_leaves_it_out(shell: Shell) -> None:
    assert "read as Teal job tracker, because of company_name" in shell("read", TEAL).err
    assert shell("--quiet", "read", TEAL).err == ""


def test_an_employer_is_named_for_a_recruiters_export(shell: Shell) -> None:
    told = [
        json.loads(line) for line in shell("read", GREENHOUSE, "--employer", "Own House").out.splitlines()
    ]
    assert {one["company"] for one in told} == {"Own House"}
    assert {json.loads(line)["company"] for line in shell("read", GREENHOUSE).out.splitlines()} == {None}


def test_another_connector_can_be_chosen(shell: Shell) -> None:
    said = shell("read", TEAL, "--connector", "spreadsheet")
    assert {json.loads(line)["connector"] for line in said.out.splitlines()} == {"spreadsheet"}
    refused = shell("read", TEAL, "--connector", "linkedin")
    assert refused.code == 4
    assert "LinkedIn data export" in refused.err


def test_without_an_employer_an_import_asks_for_it_and_its_calls_say_so(shell: Shell) -> None:
    said = shell("import", GREENHOUSE)
    assert "applications without a company: say whose candidates they are with --employer NAME" in said.out
    for one in json.loads(shell("calls", "--json").out):
        assert "company_unknown" in one["flags"]
        assert "candidate" not in one["flags"]


def test_candidates_come_to_the_employer_that_was_named(shell: Shell) -> None:
    rows = (
        "Candidate,E-mail,Position,Status\nAda Lind,ada@ada-lind.example,Cook,Applied\n"
        "Bo Falk,bo@falk.example,Cook,Applied\n"
    )
    path = shell.put(rows, "candidates.csv")
    told = [json.loads(line) for line in shell("read", path, "--employer", "Own House").out.splitlines()]
    assert [(one["company"], one["contact_name"], one["flags"]) for one in told] == [
        ("Own House", "Ada Lind", ["candidate"]),
        ("Own House", "Bo Falk", ["candidate"]),
    ]
    assert shell("import", path, "--employer", "Own House").code == 0
    deals = json.loads(shell("deals", "--json").out)
    assert [(one["company"], one["job_title"]) for one in deals] == [("Own House", "Cook")] * 2


def test_a_draft_finds_the_list_inside_of_lists_and_names_what_it_does_not_use(
    shell: Shell, tmp_path: Path
) -> None:
    sample = shell.put(json.dumps(ORCHARD), "orchard.json")
    assert shell("connectors", "new", "orchard", "--from", sample, "--to", str(tmp_path)).code == 0
    draft = (tmp_path / "orchard.yaml").read_text(encoding="utf-8")
    assert "records: [export.trees.branches]" in draft
    assert "external_id: uid" in draft
    table = shell.put(LADDER, "ladder.csv")
    assert shell("connectors", "new", "ladder", "--from", table, "--to", str(tmp_path)).code == 0
    draft = (tmp_path / "ladder.yaml").read_text(encoding="utf-8")
    assert "not used yet: #, Rung, Who, Heard back, Talks, Fell off" in draft
    assert "left out at the door, whatever is said here: Gender" in draft


def test_candidates_of_an_export_without_a_job_are_read_where_their_employer_is_named(shell: Shell) -> None:
    people = [
        {
            "_id": f"a{n}",
            "name": name,
            "email_address": f"{name.lower()}@mailbox.example",
            "creation_date": "2027-01-05T09:00:00Z",
            "stage": {"name": "Applied"},
        }
        for n, name in enumerate(("Ada", "Bo"))
    ]
    path = shell.put(json.dumps(people), "candidates.json")
    assert shell("read", path).out == ""
    assert shell("import", path, "--employer", "Own House").code == 0
    assert "Nothing new: 2 applications unchanged" in shell("import", path, "--employer", "Own House").out
    deals = json.loads(shell("deals", "--json").out)
    assert [(one["company"], one["job_title"]) for one in deals] == [("Own House", None)] * 2


@pytest.mark.parametrize(
    ("sample", "secret", "word"),
    [
        ("bullhorn/JobSubmission.csv", "900-12-34", "candidate.ssn"),
        ("bullhorn/Data Loader", "900-12-34", "ssn"),
        ("successfactors/job-applications.json", "631152000000", "dateOfBirth"),
        ("personio/applications.json", "1990-01-01", "birthday"),
    ],
)
def test_what_a_product_tells_of_a_persons_birth_or_number_is_named_and_goes_nowhere(
    shell: Shell, home: Path, sample: str, secret: str, word: str
) -> None:
    path = str(ROOT / "tests" / "connectors" / "samples" / sample)
    for command in (("read",), ("inspect", "--json"), ("import", "--json"), ("deals", "--json")):
        said = shell(command[0], *([path] if command[0] != "deals" else []), *command[1:])
        assert secret not in said.out + said.err, command
        if command[0] != "deals":
            assert re.search(f"left out, for it has no business in a CRM: .*{word}", said.out + said.err)
    kept = b"".join(each.read_bytes() for each in home.rglob("*") if each.is_file())
    assert b"alma.castell@mailbox.example" in kept
    assert secret.encode() not in kept


def test_inspect_tells_the_columns_that_a_known_export_does_not_have(shell: Shell) -> None:
    header = "Job Title,Company Name,Job URL,Applied Date,Status,Status Date,Archived,Date Archived,Remarks\n"
    file = shell.put(header + "Cook,Acme,https://acme.example/1,2027-01-02,APPLIED,N/A,No,N/A,x\n", "s.csv")
    assert "\n  Looked for, and not in it: location: Location; notes: Notes\n" in shell("inspect", file).out
    (table,) = json.loads(shell("inspect", file, "--json").out)["tables"]
    assert [each["column"] for each in table["absent"]] == ["Location", "Notes"]


def test_of_many_columns_that_are_not_there_the_first_are_told(shell: Shell) -> None:
    record = {"baseprofile": "Cook", "associatedprofile": "Jane Roe", "status": "Hired", "id": 1}
    more = {"source": "", "sourcename": "", "systemId": 7, "updateddate": ""}
    file = shell.put(json.dumps([{**record, **more}]), "w.json")
    assert re.search(r"Looked for, and not in it: .* and \d+ more\n", shell("inspect", file).out)


@pytest.mark.parametrize("words", [[], ["--connector", "ashby"]])
def test_an_empty_answer_is_an_empty_list_and_a_failure_is_none(shell: Shell, words: list[str]) -> None:
    file = shell.put('{"results": [], "moreDataAvailable": false}', "a.json")
    said = shell("read", file, *words)
    assert (said.code, said.out) == (0, "")
    assert "the list is empty: there are no applications in it\n" in said.err
    assert "0 applications" in shell("inspect", file, *words).out
    assert shell("import", file, *words).out.startswith("No applications found.")
    assert shell("read", shell.put('{"results": [], "error": "no"}', "b.json"), *words).code == 4


def test_an_empty_answer_ends_nothing_of_what_was_there_at_once(shell: Shell) -> None:
    file = shell.put('[{"company": "Acme", "job_title": "Cook", "applied_on": "2027-01-28"}]', "a.json")
    assert shell("import", file).code == 0
    shell.put("[]", "a.json")
    assert "1 application left the file; a second look" in shell("import", file).out
    assert len(json.loads(shell("calls", "--days", "30", "--json").out)) == 1
