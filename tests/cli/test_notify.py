"""Who hears what after a sync: once, when it is news, and never more than is theirs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest

from tests.cli.conftest import TRACKER, Shell
from tests.notices.posts import WebOffice, web_office

ONE = "users:\n  jane: {sources: [jane.csv]}\n"
TWO = (
    "users:\n  jane: {sources: [jane.csv], notify: {webhook: {env: JANE}}}\n"
    "  ben: {sources: [ben.csv], notify: {slack: {env: BEN}}}\n"
)
NOTIFY = "notify: {webhook: {env: HOOK}}\n"
BEN = "Company,Job Title,Date Applied,Status\nOrbit Games,Tester,2027-01-28,Purple\n"
SECRET = "s3cret-path-0001"


@pytest.fixture
def post() -> Iterator[WebOffice]:
    with web_office() as office:
        yield office


@pytest.fixture
def office(shell: Shell, post: WebOffice, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell in a folder with lists for two users, and addresses in HOOK, JANE, BEN and PING."""
    monkeypatch.chdir(shell.folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(shell.folder / "config"))
    for name in ("HOOK", "JANE", "BEN", "PING"):
        monkeypatch.setenv(name, f"{post.url}/{name}/{SECRET}")
    shell.put(TRACKER, "jane.csv")
    shell.put(BEN, "ben.csv")
    configure(shell)
    return shell


def configure(shell: Shell, users: str = ONE, notify: str = NOTIFY) -> None:
    shell.put(users + notify, "crm-sync.yaml")


def told(post: WebOffice) -> list[str]:
    """Return the messages since the last time this was asked."""
    texts = post.texts
    post.posts.clear()
    post.paths.clear()
    return texts


def test_one_person_alone_is_told_by_name_what_to_decide_and_only_once(
    office: Shell, post: WebOffice
) -> None:
    said = office("sync")
    assert (said.code, said.err) == (0, "")
    (text,) = told(post)
    assert text.startswith("crm-sync: your applications need you\nPlanner at Kestrel Air: nobody could map")
    assert "→ crm-sync stage " in text
    assert office("sync").code == 0
    office("sync", "--full")
    assert told(post) == []


def test_a_book_that_cannot_be_read_keeps_people_from_being_told_and_that_is_said(
    office: Shell, post: WebOffice
) -> None:
    configure(office, notify="notify: {webhook: {env: HOOK}, digest: '08:00'}\n")
    office("sync")
    told(post)
    with (office.folder / "home" / "ledger.db").open("r+b") as book:
        size = book.seek(0, os.SEEK_END)
        book.seek(4096)
        book.write(b"\xff" * (size - 4096))
    office.at("2027-02-02T09:00:00+01:00")
    said = office("sync")
    assert said.code == 4
    assert "Note: nobody could be told: the book " in said.err


def test_a_quiet_day_is_told_to_nobody(office: Shell, post: WebOffice) -> None:
    office.put(TRACKER.replace("Purple", "Applied"), "jane.csv")
    assert office("sync").code == 0
    assert told(post) == []


def test_what_asks_again_after_it_was_answered_is_news_again(office: Shell, post: WebOffice) -> None:
    office("sync")
    office.put(TRACKER.replace("Purple", "Applied"), "jane.csv")
    office("sync")
    told(post)
    office.put(TRACKER.replace("Purple", "Mauve"), "jane.csv")
    office("sync")
    assert '"Mauve"' in told(post)[0]


def test_the_first_failure_is_told_and_the_end_of_it_and_nothing_between(
    office: Shell, post: WebOffice
) -> None:
    office("sync")
    told(post)
    (office.folder / "jane.csv").rename(office.folder / "away.csv")
    assert office("sync").code == 4
    assert "Not read: jane.csv: there is no such file. Check the path." in told(post)[0]
    office("sync")
    office("sync")
    assert told(post) == []
    (office.folder / "away.csv").rename(office.folder / "jane.csv")
    assert office("sync").code == 0
    assert told(post)[0].startswith("crm-sync: it works again\nJane.csv is read again; it failed since ")
    office("sync")
    assert told(post) == []


def test_rows_left_out_are_told_once_although_their_numbers_change(office: Shell, post: WebOffice) -> None:
    office.put(TRACKER.replace("Purple", "Applied") + ",,,2027-01-25,Applied,,,\n", "jane.csv")
    assert office("sync").code == 1
    assert "jane.csv: a row was left out: no company and no title" in told(post)[0]
    head, rest = TRACKER.replace("Purple", "Applied").split("\n", 1)
    more = "Firm,Baker,,2027-01-28,Applied,,,\n"
    office.put(f"{head}\n{more}{rest},,,2027-01-25,Applied,,,\n", "jane.csv")
    office("sync")
    assert told(post) == []


def test_the_operator_of_several_gets_counts_and_keys_and_each_user_their_own(
    office: Shell, post: WebOffice
) -> None:
    configure(office, TWO)
    assert office("sync").code == 0
    by_path = dict(zip([path.split("/")[1] for path in post.paths], post.posts, strict=True))
    assert set(by_path) == {"HOOK", "JANE", "BEN"}
    operator = by_path["HOOK"]
    assert operator["title"] == "crm-sync: 2 users with news"
    assert "jane: 1 to be decided by a person (" in operator["text"]
    assert [user["user"] for user in operator["users"]] == ["jane", "ben"]
    for name in ("Kestrel", "Planner", "Orbit", "Tester"):
        assert name not in json.dumps(operator)
    assert "Planner at Kestrel Air" in by_path["JANE"]["text"]
    assert "Orbit" not in json.dumps(by_path["JANE"])
    assert "Tester at Orbit Games" in by_path["BEN"]["text"]
    assert "Kestrel" not in json.dumps(by_path["BEN"])


def test_what_fails_for_many_in_the_same_way_is_one_line(office: Shell, post: WebOffice) -> None:
    users = TWO.replace("jane: {", "jane: {crm: agency, ").replace("ben: {", "ben: {crm: agency, ")
    configure(office, users, NOTIFY + "crms: {agency: {kind: hubspot, token: {env: NOT_THERE}}}\n")
    assert office("sync").code == 2
    (operator,) = [p for p in post.posts if p.get("title") == "crm-sync: 2 users with news"]
    assert operator["text"].count("NOT_THERE is not set") == 1
    assert operator["text"].startswith("2 users (jane, ben): failed. crm-sync.yaml:5: crms.agency.token")
    told(post)
    office("sync")
    assert told(post) == []
    office.patch.setenv("NOT_THERE", "pat-na1-00000000")
    configure(office, TWO)
    office("sync")
    assert sum("works again; it failed since" in text.casefold() for text in told(post)) == 3


def test_a_message_that_does_not_arrive_fails_nothing_and_is_sent_with_the_next_run(
    office: Shell, post: WebOffice
) -> None:
    post.answers = [403]
    said = office("sync")
    assert said.code == 0
    assert said.err == "Note: notify.webhook: it answered 403\n"
    told(post)
    assert office("sync").err == ""
    assert "Kestrel" in told(post)[0]
    office("sync")
    assert told(post) == []


def test_the_first_failure_of_an_address_is_said_under_quiet_too_and_the_others_are_notes(
    office: Shell, post: WebOffice
) -> None:
    post.answers = [403, 403, 200, 403]
    fault = "Note: notify.webhook: it answered 403\n"
    assert office("sync", "--quiet").err == fault
    assert office("sync", "--quiet").err == ""
    assert office("sync", "--quiet").err == ""
    assert len(post.posts) == 3
    office.put(TRACKER.replace("Purple", "Mauve").replace("Applied,Jane", "Odd,Jane"), "jane.csv")
    assert office("sync", "--quiet").err == fault


def test_an_address_that_is_not_there_is_a_note(office: Shell, post: WebOffice) -> None:
    office.patch.delenv("HOOK")
    said = office("sync")
    assert said.code == 0
    assert "notify.webhook: the environment variable HOOK is not set" in said.err
    assert office("sync", "--quiet").err == ""


def test_a_plan_is_told_to_nobody(office: Shell, post: WebOffice) -> None:
    configure(office, ONE, "notify: {webhook: {env: HOOK}, digest: 07:30, ping: {env: PING}}\n")
    office("sync", "--plan")
    assert (post.posts, post.paths) == ([], [])


def test_a_board_that_cannot_be_kept_is_said_and_everything_is_told_again(
    office: Shell, post: WebOffice
) -> None:
    (office.folder / "home" / "notices.db").mkdir(parents=True)
    said = office("sync")
    assert said.code == 0
    assert said.err == "Note: it could not be kept who was told, so the next run tells it again.\n"
    assert len(told(post)) == 1


def test_what_was_told_while_the_ledgers_place_was_gone_is_known_when_it_is_back(
    office: Shell, post: WebOffice
) -> None:
    state = "state: {home: home, database: 'sqlite:///books/ledger.db'}\n"
    configure(office, ONE, NOTIFY + state)
    office.patch.delenv("CRM_SYNC_HOME")
    (office.folder / "books").write_text("no folder", encoding="utf-8")
    assert office("sync").code == 4
    assert "The sync failed: the book " in told(post)[0]
    office("sync")
    assert told(post) == []
    (office.folder / "books").unlink()
    assert office("sync").code == 0
    assert "Works again; it failed since" in told(post)[0]
    office("sync")
    assert told(post) == []


def test_the_calls_of_the_day_are_sent_once_a_day_from_its_hour_on(office: Shell, post: WebOffice) -> None:
    configure(office, ONE.replace("[jane.csv]", "[jane.csv], time_zone: Europe/Berlin"), digest("10:00"))
    office("sync")
    assert len(told(post)) == 1  # Kestrel Air asks; it is nine o'clock
    office.at("2027-02-01T10:00:00+01:00")
    office("sync")
    (text,) = told(post)
    assert text.startswith(
        "Mon 1 Feb 2027: 1 call today\n10:00 (Europe/Berlin) Data Engineer at Northwind Robotics"
    )
    assert "Jane Roe, +49 30 5550100; call 1 of 4  [" in text
    office.at("2027-02-01T15:00:00+01:00")
    office("sync")
    assert told(post) == []
    office.at("2027-02-02T10:00:00+01:00")
    office("sync")
    assert "overdue since Mon 1 Feb 2027" in told(post)[0]


def digest(time: str) -> str:
    return f"notify: {{webhook: {{env: HOOK}}, digest: '{time}'}}\n"


def test_a_digest_that_does_not_arrive_is_sent_with_the_next_run(office: Shell, post: WebOffice) -> None:
    office.put(TRACKER.replace("Purple", "Applied"), "jane.csv")
    configure(office, ONE, digest("00:00"))
    post.answers = [403]
    office("sync")
    told(post)
    office("sync")
    assert told(post)[0].startswith("Mon 1 Feb 2027: ")


def test_of_several_each_gets_their_own_day_and_the_operator_how_many_calls(
    office: Shell, post: WebOffice
) -> None:
    office.put(TRACKER.replace("Purple", "Applied"), "jane.csv")
    office.put(BEN.replace("Purple", "Applied"), "ben.csv")
    configure(office, TWO, digest("08:00"))
    office("sync")
    days = {path.split("/")[1]: p for path, p in zip(post.paths, post.posts, strict=True)}
    assert set(days) == {"HOOK", "JANE", "BEN"}
    assert days["HOOK"]["title"] == "Mon 1 Feb 2027: 3 calls today"
    assert days["HOOK"]["text"] == "jane: 2 calls\nben: 1 call"
    assert "Orbit" not in json.dumps(days["JANE"]) + json.dumps(days["HOOK"])
    assert "Tester at Orbit Games" in days["BEN"]["text"]


def test_a_switch_hears_of_start_and_end(office: Shell, post: WebOffice) -> None:
    configure(office, ONE, "notify: {ping: {env: PING}}\n")
    office("sync")
    assert post.paths == [f"/PING/{SECRET}/start", f"/PING/{SECRET}"]
    post.paths.clear()
    (office.folder / "jane.csv").unlink()
    assert office("sync").code == 4
    assert post.paths == [f"/PING/{SECRET}/start", f"/PING/{SECRET}/fail"]


def test_a_switch_that_does_not_answer_is_a_note(office: Shell) -> None:
    office.patch.setenv("PING", f"http://127.0.0.1:1/{SECRET}")
    configure(office, ONE, "notify: {ping: {env: PING}}\n")
    said = office("sync")
    assert (said.code, said.err) == (0, "Note: notify.ping: no answer (ConnectionError)\n")
    office.patch.delenv("PING")
    assert "PING is not set" in office("sync").err


def test_a_test_message_tells_which_address_does_not_work(office: Shell, post: WebOffice) -> None:
    configure(office, TWO, "notify: {webhook: {env: HOOK}, services: [{env: BEN}]}\n")
    said = office("notify", "test")
    assert said.code == 4
    assert said.out.startswith("ok  notify.webhook\n!!  notify.services.1: ")
    assert SECRET not in said.out + said.err
    assert office("notify", "test", "--user", "jane").out == "ok  users.jane.notify.webhook\n"
    assert {"title": "crm-sync: a test", "event": "test"}.items() <= post.posts[-1].items()
    as_data = json.loads(office("notify", "test", "--user", "ben", "--json").out)
    assert as_data == [{"address": "users.ben.notify.slack", "ok": True, "told": ""}]
    office.patch.delenv("JANE")
    assert "JANE is not set: it was not tried" in office("notify", "test", "--user", "jane").out


def test_without_an_address_there_is_nothing_to_try(office: Shell) -> None:
    configure(office, ONE, "")
    said = office("notify", "test")
    assert said.code == 2
    assert said.err.startswith("crm-sync: nothing says where the operator is told.\n  Write notify: into")


def test_notify_does_not_belong_into_the_defaults(office: Shell) -> None:
    configure(office, ONE, "defaults: {notify: {webhook: {env: HOOK}}}\n")
    assert "defaults.notify: there is no such key" in office("sync").err


def test_check_tells_an_address_that_cannot_be_one(office: Shell, post: WebOffice) -> None:
    office.patch.setenv("HOOK", f"ftp://{SECRET}")
    said = office("config", "check")
    assert said.code == 2
    assert "!!  notify.webhook: it is no http address" in said.out
    assert SECRET not in said.out
    configure(office, TWO, "")
    assert (
        "ok  users.jane.notify.webhook: looks right; crm-sync notify test tries it\n"
        in office("config", "check").out
    )


def test_check_tells_a_digest_that_would_go_nowhere(office: Shell) -> None:
    users = ONE.replace("[jane.csv]", "[jane.csv], notify: {digest: '08:00'}")
    configure(office, users + "  ben: {}\n", "notify: {digest: '07:00'}\n")
    said = office("config", "check")
    assert said.code == 2
    assert "!!  notify: it has a digest and no address to send it to" in said.out
    assert "!!  users.jane.notify: it has a digest and no address to send it to" in said.out
    configure(office, users)
    assert office("config", "check").code == 0
