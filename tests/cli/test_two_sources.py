"""Exports of products beside a sheet of one's own: re-imports, one deal for both, and a person's word."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Said, Shell
from tests.containers.building import xlsx

LINKEDIN_HEAD = (
    "Application Date,Contact Email,Contact Phone Number,Company Name,Job Title,Job Url,Resume Name,"
    "Question And Answers\n"
)
ROBOTICS = '"1/29/27, 11:39 PM",robin@mailbox.example,N/A,Northwind Robotics,Data Engineer,http://www.linkedin.com/jobs/view/4000000001,cv.pdf,\n'
PINE = '"1/26/27, 12:09 AM",robin@mailbox.example,N/A,Harbour & Pine,Analyst,http://www.linkedin.com/jobs/view/4000000002,cv.pdf,\n'
LINKEDIN = LINKEDIN_HEAD + ROBOTICS + PINE

SHEET_HEAD = "Company,Job Title,Status,Date Applied,Location,Contact,Phone\n"
SHEET = (
    SHEET_HEAD
    + "Northwind Robotics GmbH,Data Engineer (m/f/d),Applied,2027-01-27,Berlin,Jane Roe,+49 30 5550100\n"
    "Lumen Foods,Planner,Applied,2027-01-20,Lyon,,\n"
)
TEAL_HEAD = (
    "id,company_name,role,location,url,excitement,source,min_salary,max_salary,salary_currency,"
    "salary_pay_period,added_at,applied_at,follow_up_at,updated_at,archived_at,status,statusName\n"
)


def teal(ident: int, company: str, role: str, status: str = "applied", on: str = "2027-01-28") -> str:
    told = f'"{{""name"":""{status}"",""archived_at"":""""}}"'
    return (
        f"0f3c1b1e-0000-4000-8000-00000000000{ident},{company},{role},,,3,,,,USD,year,{on}T03:28:49Z,"
        f"{on}T09:00:00Z,,{on}T03:28:49Z,,{told},{status}\n"
    )


TEAL = TEAL_HEAD + teal(1, "Northwind Robotics", "Data Engineer") + teal(2, "Orbit Games", "Developer")


def deals(shell: Shell) -> dict[str, Any]:
    return {deal["job_title"]: deal for deal in json.loads(shell("deals", "--json").out)}


def quiet(shell: Shell, *words: str) -> None:
    for _ in range(2):
        said = shell(*words)
        assert said.code == 0, said
        assert said.out.startswith("Nothing new"), said.out


def report(said: Said) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(said.out)
    return data


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [(LINKEDIN, "Job Applications.csv", "Data Engineer"), (TEAL, "teal.csv", "Data Engineer")],
)
def test_an_export_that_still_says_applied_pulls_no_deal_back(
    shell: Shell, text: str, name: str, title: str
) -> None:
    path = shell.put(text, name)
    assert shell("import", path).code == 0
    key = shell.key(title)
    shell("stage", key, "interviewing")

    later = text + (
        teal(3, "Crane Ltd", "Clerk")
        if name == "teal.csv"
        else ROBOTICS.replace("Data", "ML").replace("0001", "0009")
    )
    for content in (later, text + "\n", later):
        assert shell("import", shell.put(content, name), "--allow-loss").code == 0
        assert deals(shell)[title]["stage"] == "interviewing"
    assert not json.loads(shell("status", "--json").out)["conflicts"]
    assert deals(shell)[title]["next_call_at"] is None


def test_a_row_that_left_a_product_export_ends_its_call_at_the_second_look(shell: Shell) -> None:
    shell("import", shell.put(TEAL, "teal.csv"))
    gone = shell.put(TEAL_HEAD + teal(1, "Northwind Robotics", "Data Engineer"), "teal.csv")
    assert shell("import", gone).code == 0
    assert deals(shell)["Developer"]["next_call_at"] is not None

    shell.at("2027-02-02T09:00:00+01:00")
    assert shell("import", gone).code == 0
    assert deals(shell)["Developer"]["next_call_at"] is None
    assert set(deals(shell)) == {"Data Engineer", "Developer"}
    assert deals(shell)["Data Engineer"]["next_call_at"] is not None


@pytest.mark.parametrize("order", [("sheet", "linkedin", "teal"), ("teal", "linkedin", "sheet")])
@pytest.mark.parametrize("at_once", [True, False])
def test_one_application_of_three_sources_is_one_deal_with_what_all_know(
    shell: Shell, order: tuple[str, ...], at_once: bool
) -> None:
    paths = {
        "sheet": shell.put(SHEET, "sheet.csv"),
        "linkedin": shell.put(LINKEDIN, "Job Applications.csv"),
        "teal": shell.put(TEAL, "teal.csv"),
    }
    files = [paths[name] for name in order]
    for batch in [files] if at_once else [[file] for file in files]:
        assert shell("import", *batch).code == 0

    told = json.loads(shell("deals", "--json").out)
    (one,) = [deal for deal in told if "Northwind" in deal["company"]]
    assert len(told) == 4
    assert "linkedin.com" in one["job_url"]
    assert one["contact"] == "Jane Roe"
    explained = report(shell("explain", one["key"], "--json"))
    assert len(explained["sources"]) == 3
    assert "From 3 sources" in shell("explain", one["key"]).out
    assert json.loads(shell("status", "--json").out)["from_several_sources"] == 1
    quiet(shell, "import", *files)
    for file in files:
        quiet(shell, "import", file)


def test_a_merge_asks_before_it_removes_and_says_how(shell: Shell) -> None:
    shell("import", shell.put(SHEET, "sheet.csv"), shell.put(TEAL, "teal.csv"))
    lumen, orbit = shell.key("Planner"), shell.key("Developer")
    said = shell("merge", lumen[:6], orbit[:6])

    assert said.code == 2
    assert "--yes" in said.err
    assert "its deal is removed from the CRM" in said.err
    assert len(deals(shell)) == 3


def test_a_merge_is_kept_by_every_import_and_both_keys_mean_the_one(shell: Shell) -> None:
    files = (shell.put(SHEET, "sheet.csv"), shell.put(TEAL, "teal.csv"))
    shell("import", *files)
    lumen, orbit = shell.key("Planner"), shell.key("Developer")
    (northwind,) = set(deals(shell)) - {"Planner", "Developer"}
    assert shell("merge", lumen, orbit, "--yes").code == 0

    assert set(deals(shell)) == {northwind, "Planner"}
    quiet(shell, "import", *files)
    assert f"(merged: {orbit})" in shell("explain", orbit[:6]).out
    assert shell("log", orbit, "no_answer").code == 0
    assert report(shell("explain", orbit, "--json"))["key"] == lumen
    assert f"{orbit} was merged into it" in shell("history", lumen).out
    assert len(json.loads(shell("calls", lumen, "--json").out)) == 1

    assert shell("split", orbit).code == 0
    assert len(deals(shell)) == 3
    quiet(shell, "import", *files)
    assert shell("merge", orbit, lumen, "--yes").code == 0
    assert "Developer" in deals(shell)
    quiet(shell, "import", *reversed(files))


def test_what_was_recognised_stays_two_once_it_was_split(shell: Shell) -> None:
    files = (shell.put(SHEET, "sheet.csv"), shell.put(LINKEDIN, "Job Applications.csv"))
    shell("import", *files)
    (one,) = [deal["key"] for deal in deals(shell).values() if "Northwind" in deal["company"]]
    said = shell("split", one)

    assert said.code == 0
    assert "To take it back: crm-sync merge" in said.out
    assert len(deals(shell)) == 4
    quiet(shell, "import", *files)
    assert not [ask for ask in report(shell("status", "--json"))["asks"] if ask["reason"] == "may_be_one"]


def test_a_split_asks_before_the_planned_call_is_lost(shell: Shell) -> None:
    saved = "Company,Job Title,Status,Date Applied\nOrbit Games,Developer,Saved,2027-01-28\n"
    files = (shell.put(saved, "sheet.csv"), shell.put(TEAL, "teal.csv"))
    shell("import", *files)
    key = shell.key("Developer")
    said = shell("split", key)
    assert said.code == 2
    assert "--yes" in said.err
    assert len(json.loads(shell("deals", "--json").out)) == 2

    assert shell("split", key, "--yes").code == 0
    calls = {deal["key"]: deal["next_call_at"] for deal in json.loads(shell("deals", "--json").out)}
    assert len(calls) == 3
    assert calls[key] is None
    quiet(shell, "import", *files)


def test_two_of_which_nobody_is_sure_are_asked_about_until_a_person_says_so(shell: Shell) -> None:
    old = (
        SHEET.replace("2027-01-27", "2027-01-12")
        .replace("Lumen Foods", "Orbit Games")
        .replace("Planner", "Developer")
    )
    undated = old.replace("2027-01-20", "")
    files = (shell.put(undated, "sheet.csv"), shell.put(TEAL, "teal.csv"))
    assert "2 pairs of applications" in shell("import", *files).out
    asks = [ask for ask in report(shell("status", "--json"))["asks"] if ask["reason"] == "may_be_one"]

    assert sorted(ask["company"].split()[0] for ask in asks) == ["Northwind", "Orbit"]
    for ask in asks:
        assert ask["command"] in shell("status").out
        merge, _, split = ask["command"].partition(", or ")
        said = shell(*(split if "Developer" in ask["job_title"] else f"{merge} --yes").split()[1:])
        assert said.code == 0, said
    assert "may be the same" not in shell("status").out
    told = [deal["company"].split()[0] for deal in json.loads(shell("deals", "--json").out)]
    assert sorted(told) == ["Northwind", "Orbit", "Orbit"]
    quiet(shell, "import", *files)


def test_an_address_added_later_joins_nothing_that_people_may_have_touched(shell: Shell) -> None:
    mine = "Company,Job Title,Status,Date Applied,Link\nNorthwind,ML Person,Applied,2027-01-27,\n"
    files = [shell.put(mine, "sheet.csv"), shell.put(LINKEDIN, "Job Applications.csv")]
    shell("import", *files)
    assert len(deals(shell)) == 3
    linked = mine.replace("01-27,", "01-27,https://www.linkedin.com/jobs/view/4000000001")
    shell.put(linked, "sheet.csv")
    assert shell("import", *files).code == 0

    assert len(deals(shell)) == 3
    (ask,) = [ask for ask in report(shell("status", "--json"))["asks"] if ask["reason"] == "may_be_one"]
    assert "one job URL" in ask["meaning"]
    assert shell(*f"{ask['command'].partition(', or ')[0]} --yes".split()[1:]).code == 0
    assert len(deals(shell)) == 2
    quiet(shell, "import", *files)


def test_the_configuration_says_whose_word_stands(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet, export = shell.put(SHEET, "sheet.csv"), shell.put(TEAL, "teal.csv")
    config = shell.folder / "crm-sync.yaml"
    monkeypatch.setenv("CRM_SYNC_CONFIG", str(config))
    titles = {}
    for order in ((sheet, export), (export, sheet), (sheet, export)):
        config.write_text(f"users: {{jane: {{sources: [{order[0]}, {order[1]}]}}}}\n", encoding="utf-8")
        assert shell("sync").code == 0
        told = json.loads(shell("deals", "--json").out)
        titles[order] = [deal["job_title"] for deal in told if "Northwind" in deal["company"]]
        assert len(told) == 3
        quiet(shell, "sync")
    assert titles == {(sheet, export): ["Data Engineer (m/f/d)"], (export, sheet): ["Data Engineer"]}


def test_an_import_takes_the_options_of_reading_and_says_when_they_change(shell: Shell) -> None:
    path = shell.put("Firm name,Role,Sent\nAcme,Clerk,3/4/2026\n", "odd.csv")
    said = shell("import", path, "--column", "company=Firm name", "--column", "job_title=Role", "--day-first")
    assert said.code == 0
    (deal,) = json.loads(shell("deals", "--json").out)
    assert (deal["company"], deal["applied_on"]) == ("Acme", "2026-04-03")
    options = ("--column", "company=Firm name", "--column", "job_title=Role", "--day-first")
    quiet(shell, "import", path, *options)

    changed = shell("import", path, *options[:4], "--month-first")
    assert "was read with" in changed.out
    (deal,) = json.loads(shell("deals", "--json").out)
    assert deal["applied_on"] == "2026-03-04"
    assert shell("import", path, "--column", "nonsense").code == 2


def test_an_import_reads_the_sheet_that_was_named(shell: Shell) -> None:
    path = str(xlsx(shell.folder / "two.xlsx", _two_sheets))

    assert shell("import", path, "--sheet", "Other").code == 0
    assert [deal["company"] for deal in json.loads(shell("deals", "--json").out)] == ["Bolt"]


def _two_sheets(book: Any) -> None:
    for name, company in (("Mine", "Acme"), ("Other", "Bolt")):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["Company", "Job Title", "Date Applied"])
        sheet.write_row(1, 0, [company, "Clerk", "2027-01-20"])
