"""`runs` and `history` on the command line: whole outputs, but for times and the names of runs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from crm_sync.app.diary import failed
from crm_sync.errors import Interrupted
from crm_sync.ports import Run
from tests.cli.conftest import JANE, TRACKER, Shell

RUNS = """\
Run  Started  User  Command  CRM    What came of it
RUN  TIME  me    log      local  1 call planned
RUN  TIME  me    import   local  nothing new
RUN  TIME  me    import   local  4 new; 2 calls planned
"""
HISTORY = """\
xczm2oahfseh  Data Engineer at Northwind Robotics

TIME  import RUN
  first seen in FILE, row 2
  decided: call on Mon 1 Feb 2027 (by the cadence)
  deal sent to the CRM
  planned call sent to the CRM, due Mon 1 Feb 2027, 10:00 (xczm2oahfseh:1:1)

TIME  log RUN
  call: no answer, Mon 1 Feb 2027, 08:30
  decided: call on Thu 4 Feb 2027 (by the cadence)
  planned call updated: open yes -> no
  planned call sent to the CRM, due Thu 4 Feb 2027, 15:00 (xczm2oahfseh:1:2)
  call sent to the CRM

TIME  import RUN
  FILE: stage "applied" -> "rejected"
  stage applied -> rejected
  decided: no more calls: rejected
  planned call cancelled
  deal updated: stage "applied" -> "rejected"
"""


def plain(text: str, shell: Shell) -> str:
    """Return a text without what differs from run to run."""
    timeless = re.sub(r"\w{3} \d+ \w{3} 20\d\d, \d\d:\d\d:\d\d", "TIME", text)
    named = re.sub(r"\b[0-9a-f]{12}\b", "RUN", timeless.replace(str(shell.folder / "jobs.csv"), "FILE"))
    return re.sub(r"Run +Started +User", "Run  Started  User", named)


def test_runs_are_listed_with_what_came_of_them(filled: Shell) -> None:
    filled("import", filled.put())
    filled("log", filled.key(JANE), "no_answer", "--at", "08:30")
    assert plain(filled("runs").out, filled) == RUNS
    assert plain(filled("runs", "--limit", "1").out, filled) == "".join(RUNS.splitlines(keepends=True)[:2])
    assert json.loads(filled("runs", "--user", "nobody", "--json").out) == []


def test_one_run_is_told_whole_by_the_beginning_of_its_name(filled: Shell) -> None:
    (row,) = json.loads(filled("runs", "--json").out)
    said = filled("runs", row["run"][:5])
    assert said.out.startswith(f"Run {row['run']}: import for me in local\n")
    assert "read by spreadsheet, 4 rows (" in said.out
    assert "  create deal: 4\n" in said.out
    assert "  application first seen: 4\n" in said.out
    assert json.loads(filled("runs", row["run"], "--json").out)["happened"]["seen deal"] == 4


def test_a_run_that_is_not_there_is_a_mistake_of_words(filled: Shell) -> None:
    assert filled("runs", "zzz").code == 2
    assert 'there is no run "zzz"' in filled("runs", "zzz").err
    assert "There is no run" not in filled("runs").err


def test_without_a_run_the_way_to_begin_is_told(shell: Shell) -> None:
    assert shell("runs").out == "No runs yet. Begin with: crm-sync import my-applications.xlsx\n"
    assert shell("runs", "--json").out == "[]\n"


def test_runs_of_another_crm_are_left_out(filled: Shell) -> None:
    assert "import" in filled("runs", "--crm", "local").out
    assert filled("runs", "--crm", "nosuch").code == 2


def test_a_refused_plan_stands_among_the_runs_with_its_reason(filled: Shell) -> None:
    assert filled("import", filled.put(), "--expect", "000000000000").code == 3
    row = json.loads(filled("runs", "--json").out)[0]
    assert (row["outcome"], row["exit"]) == ("failed", None)
    assert "not 000000000000 as reviewed" in row["reason"]
    assert "failed: the plan is now" in filled("runs").out


def test_a_run_that_could_not_read_a_source_says_so(filled: Shell) -> None:
    assert filled("import", filled.put(), "nosuch.csv").code == 4
    row = json.loads(filled("runs", "--json").out)[0]
    assert (row["outcome"], row["unread"], row["exit"]) == ("done", 1, 4)
    assert filled("runs", "--limit", "1").out.splitlines()[1].endswith("1 source not read")


def test_a_run_that_was_interrupted_says_so_in_words() -> None:
    begun = Run("r1", "local", "me", "sync", datetime.now(UTC), None, "0.1.0")
    assert failed(begun, KeyboardInterrupt()).report["failed"] == "interrupted"
    assert failed(begun, Interrupted()).report["failed"] == "interrupted"


def test_the_history_of_an_application_reads_like_a_story(filled: Shell) -> None:
    key = filled.key(JANE)
    filled("log", key, "no_answer", "--at", "08:30")
    filled("import", filled.put(TRACKER.replace("2027-01-28,Applied", "2027-01-28,Rejected")))
    assert plain(filled("history", key[:4]).out, filled) == HISTORY
    told = json.loads(filled("history", key, "--json").out)
    assert {each["id"].partition(":")[0] for each in told} == {key}
    assert [each["what"] for each in told][:3] == ["seen", "decided", "create"]


def test_the_history_of_what_is_not_there_is_a_mistake_of_words(filled: Shell) -> None:
    assert filled("history", "zzzz").code == 2
