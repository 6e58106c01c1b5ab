"""`calls`, `status`, `deals` and `explain`: whole outputs."""

from __future__ import annotations

import json

from tests.cli.conftest import JANE, MONDAY, ODD, TRACKER, Shell

WEEK = """\
Mon 1 Feb 2027, today: 1 call

xczm2oahfseh  Data Engineer at Northwind Robotics
  Mon 1 Feb 2027, 10:00 in Europe/Berlin, where it is Mon 09:00 now; call 1 of 4
  Call Jane Roe: +49 30 5550100
  Say your name, then: “I applied for the Data Engineer role at Northwind Robotics on Thu 28 Jan 2027, and it is the one I want.”
  Ask: Where are you in filling this role?
  Brief: crm-sync calls xczm2oahfseh; not prepared yet: crm-sync prepare xczm2oahfseh --why … --reason …

Thu 4 Feb 2027: 1 call

6ib5hlj7c7pr  Analyst at Bluebird Analytics
  Thu 4 Feb 2027, 10:00 in Europe/Paris, where it is Mon 09:00 now; call 1 of 4
  Find the number and the person this job reports to
  Say your name, then: “I applied for the Analyst role at Bluebird Analytics on Mon 1 Feb 2027, and it is the one I want.”
  Ask: Where are you in filling this role?
  Brief: crm-sync calls 6ib5hlj7c7pr; not prepared yet: crm-sync prepare 6ib5hlj7c7pr --why … --reason …
"""  # noqa: E501
STATUS = """\
Mon 1 Feb 2027: 4 applications
  Stages  applied 2, screening 1, unknown 1
  Calls   2 planned (1 today); 0 calls made

Ask for you (1)
  julgf6r25wuz Planner at Kestrel Air: nobody could map its status word "Purple"
    → crm-sync stage julgf6r25wuz STAGE

Settings: steady cadence, 10 calls a day, Europe/Berlin, holidays of DE
"""
DEALS = """\
Key           Company             Job title      Stage      Applied     Contact   Next call
6ib5hlj7c7pr  Bluebird Analytics  Analyst        applied    Mon 1 Feb             Thu 4 Feb, 10:00
bxgzhujrj2sn  Quill & Co          Writer         screening  Fri 22 Jan  Kim Lee   -
julgf6r25wuz  Kestrel Air         Planner        applied    Mon 25 Jan            -
xczm2oahfseh  Northwind Robotics  Data Engineer  applied    Thu 28 Jan  Jane Roe  Mon 1 Feb, 10:00
"""
EXPLAINED = """\
xczm2oahfseh  Data Engineer at Northwind Robotics (applied)
Next: call 1 of 4 on Mon 1 Feb 2027, 10:00 in Europe/Berlin.

Rule by rule
   1  the stage is applied; that does not end the calls.
   2  whether they asked not to be called; calling is allowed.
   3  no calls yet; nobody said no.
   4  what the posting says about calls; nothing speaks against a call.
   5  no call task yet; nothing to ask about.
   6  the stage is applied; nothing has to come first.
   7  applied on Thu 28 Jan 2027; counted from Thu 28 Jan 2027.
   8  no call task is open; a new one may be planned.
   9  0 days called of 4; the next one is call 1.
  10  applied on Thu 28 Jan 2027; 3 to 4 days later is Sun 31 Jan to Mon 1 Feb 2027.
  11  applied 4 days ago, 0 calls ever made; it may be called.
  12  today is Mon 1 Feb 2027, looked from Mon 1 Feb 2027 on; the first day that fits is Mon 1 Feb 2027.
  13  calls alternate between 10:00 and 15:00 in the callee's zone Europe/Berlin; call at 10:00 there.
→ 14  attempt 1 of 4; call on Mon 1 Feb 2027.
"""
EMPTY = "Nothing here yet. Begin with: crm-sync import my-applications.xlsx\n"


def test_calls_of_a_week_stand_day_by_day(filled: Shell) -> None:
    assert filled("calls", "--days", "7").out == WEEK


def test_calls_of_today_are_the_first_day_of_it(filled: Shell) -> None:
    assert filled("calls").out == WEEK.partition("\n\nThu 4 Feb")[0] + "\n"


def test_calls_carry_the_documented_names(filled: Shell) -> None:
    (call,) = json.loads(filled("calls", "--json").out)
    wanted = {"key", "company", "job_title", "due_on", "due_at", "attempt", "final", "flags"}
    assert wanted <= call.keys()
    assert (call["due_on"], call["due_at"]) == ("2027-02-01", "2027-02-01T09:00:00+00:00")
    assert (call["attempt"], call["final"], call["flags"]) == (1, False, [])


def test_one_call_is_shown_with_its_whole_brief_by_a_short_key(filled: Shell) -> None:
    text = filled("calls", "xczm").out
    for title in ("Who", "What was sent", "Why this company", "Opener", "Ask", "Close", "To log it"):
        assert f"\n  {title}\n" in text
    assert "crm-sync log xczm2oahfseh no_answer\n" in text


def test_whole_briefs_can_stand_in_the_list(filled: Shell) -> None:
    assert filled("calls", "--days", "7", "--full").out.count("\n  To log it\n") == 2


def test_a_day_without_calls_names_the_next_one(filled: Shell) -> None:
    filled("log", filled.key(JANE), "connected", "--result", "no_interest")
    assert filled("calls").out == (
        "No calls on Mon 1 Feb 2027. The next: 1 call on Thu 4 Feb 2027 (crm-sync calls --on 2027-02-04)\n"
    )


def test_where_no_call_is_planned_at_all_the_list_points_to_what_asks(shell: Shell) -> None:
    shell("import", shell.put("Company,Job Title,Status\nAcme Foods,Cook,Purple\n"))
    said = shell("calls", "--days", "3").out
    assert said == (
        "No calls on Mon 1 Feb 2027 to Wed 3 Feb 2027, and none later. What asks for you: crm-sync status\n"
    )


def test_an_overdue_call_says_how_long_it_waits(filled: Shell) -> None:
    filled.at("2027-02-03T09:00:00+01:00")
    text = filled("calls").out
    assert text.startswith("Wed 3 Feb 2027, today: 1 call\n")
    assert "  Note: waiting for 2 days\n" in text


def test_calls_beyond_the_days_room_wait_and_are_named(shell: Shell) -> None:
    rows = "".join(f"Firm {n},Job {n},,2027-01-28,Applied,,,\n" for n in range(3))
    shell("import", shell.put(TRACKER.splitlines(keepends=True)[0] + rows))
    shell.patch.setenv("CRM_SYNC_CALLS_PER_DAY", "1")
    text = shell("calls").out
    assert text.startswith("Mon 1 Feb 2027, today: 1 call\n")
    assert "Beyond the day's room, for another day: " in text
    assert [call["waiting"] for call in json.loads(shell("calls", "--json").out)] == [False, True, True]


def test_prepared_calls_can_be_left_out(filled: Shell) -> None:
    filled("prepare", filled.key(JANE), "--why", "robots", "--reason", "I halved load times")
    assert json.loads(filled("calls", "--json", "--unprepared").out) == []
    assert len(json.loads(filled("calls", "--json").out)) == 1


def test_the_status_tells_stages_calls_and_what_asks(filled: Shell) -> None:
    assert filled("status").out == STATUS


def test_the_status_has_figures_with_denominators_once_a_call_was_made(filled: Shell) -> None:
    filled("log", filled.key(JANE), "connected", "--result", "no_interest")
    text = filled("status").out
    assert "So far\n  Of the calls: spoke 1 of 1 (21-100%), resolved 1 of 1 (21-100%)\n" in text
    assert "failed" not in text


def test_the_status_as_data_is_one_object(filled: Shell) -> None:
    told = json.loads(filled("status", "--json").out)
    assert (told["applications"], told["calls_planned"], told["calls_today"]) == (4, 2, 1)
    assert told["stages"] == {"applied": 2, "screening": 1, "unknown": 1}


def test_the_status_lists_rows_that_were_left_out(shell: Shell) -> None:
    shell("import", shell.put(TRACKER + ",,,2027-01-25,Applied,,,\n"))
    assert "Rows left out (1)\n  jobs.csv, row 6: no company and no title\n" in shell("status").out


def test_a_dispute_between_file_and_crm_is_listed_until_they_agree(filled: Shell) -> None:
    key = filled.key(JANE)
    filled("stage", key, "interviewing")
    path = filled.put(TRACKER.replace("2027-01-28,Applied", "2027-01-28,Rejected"))
    first, second = filled("import", path), filled("import", path)
    line = f'  {key}: stage is "rejected" in the file, "interviewing" in the CRM'
    assert line in first.out
    assert (first.code, second.code) == (1, 0)
    assert line in filled("status").out


def test_the_deals_are_a_table(filled: Shell) -> None:
    assert filled("deals").out == DEALS


def test_with_several_users_lists_show_whose_each_is(filled: Shell) -> None:
    filled("import", filled.put(), "--user", "anna")
    assert filled("deals").out.splitlines()[0].split()[:2] == ["Key", "User"]
    assert filled("calls", "--days", "7").out.count("  (for anna)\n") == 2
    assert "(for anna)" in filled("status").out
    assert filled("deals", "--user", "me").out == DEALS
    theirs = json.loads(filled("calls", "--json", "--days", "7", "--user", "anna").out)
    assert ["person_busy" in call["flags"] for call in theirs] == [False, True]
    assert json.loads(filled("status", "--json", "--user", "anna").out)["applications"] == 4


def test_a_user_that_there_is_not_is_named(filled: Shell) -> None:
    said = filled("status", "--user", "nobody")
    assert (said.code, said.err) == (2, 'crm-sync: there is no user "nobody".\n  There are: me.\n')


def test_an_explanation_goes_rule_by_rule(filled: Shell) -> None:
    assert filled("explain", "xczm").out == EXPLAINED


def test_an_explanation_as_data_names_the_rule_that_decides(filled: Shell) -> None:
    told = json.loads(filled("explain", "xczm", "--json").out)
    assert [rule["rule"] for rule in told["rules"] if rule["decides"]] == [14]
    assert (told["action"], told["due_on"]) == ("schedule", "2027-02-01")


def test_what_asks_is_explained_with_the_command_that_answers(filled: Shell) -> None:
    key = filled.key(ODD)
    said = filled("explain", key).out
    assert f'Asks for you: nobody could map its status word "Purple". → crm-sync stage {key} STAGE\n' in said


def test_before_the_first_import_every_list_says_how_to_begin(shell: Shell) -> None:
    assert shell("calls").out == shell("status").out == EMPTY
    assert shell("deals").out == "No deals yet. Begin with: crm-sync import my-applications.xlsx\n"
    assert [json.loads(shell(word, "--json").out) for word in ("calls", "deals")] == [[], []]


def test_a_rehearsal_is_told_by_the_clock_alone(filled: Shell) -> None:
    filled.at(MONDAY.replace("+01:00", "-08:00"))
    assert "where it is Mon 18:00 now" in filled("calls").out


def test_a_day_of_another_year_says_so(shell: Shell) -> None:
    shell(
        "import", shell.put("Company,Job Title,Date Applied\nAcme,Clerk,2026-11-02\nOrbit,Cook,2027-01-29\n")
    )
    said = shell("deals").out
    assert "  Mon 2 Nov 2026  " in said
    assert "  Fri 29 Jan  " in said


def test_an_overdue_call_proposes_no_day_that_is_over(filled: Shell) -> None:
    filled.at("2027-02-10T09:00:00+01:00")
    key = filled.key(JANE)
    said = filled("calls", key).out
    assert "  Close\n    When should I call again: Mon 15 Feb 2027, or which day suits you better?\n" in said
    assert "--call-back 2027-02-15\n" in said


def test_no_weekend_is_proposed_for_the_next_call(filled: Shell) -> None:
    key = filled.key(JANE)
    filled("move", key, "2027-02-02")
    assert "When should I call again: Fri 5 Feb 2027," in filled("calls", key).out


def test_an_empty_key_is_no_key(filled: Shell) -> None:
    assert filled("calls", "").code == 2
