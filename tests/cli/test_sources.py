"""Links, folders, patterns and standard input, as the commands take them."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_sync.cli.hiding import hide_secrets
from tests.cli.conftest import ROOT, TRACKER, Shell
from tests.sources.conftest import Server, running

LATER = "2027-02-02T09:00:00+01:00"
SHORTER = "".join(TRACKER.splitlines(keepends=True)[:-1])
SECRET = "?token=hushhush"
AUTHORED = ROOT / "tests" / "corpus" / "authored"
PLAIN_ODS = AUTHORED / "m35_plain_open_document.ods"
PLAIN_XLSX = AUTHORED / "m14_plain_workbook_date_first.xlsx"


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that gives files."""
    yield from running(Server())


@pytest.fixture
def online(shell: Shell) -> Shell:
    """A shell that may read links of this machine."""
    shell.patch.setenv("CRM_SYNC_ALLOW_PRIVATE_ADDRESSES", "1")
    return shell


def export(shell: Shell, name: str, age: int, text: str = TRACKER) -> str:
    """Write a file as it was so many seconds ago, and return the pattern for all of them."""
    path = Path(shell.put(text, name))
    os.utime(path, (2_000_000_000 - age, 2_000_000_000 - age))
    return f"{shell.folder}/*.csv"


def pipe(shell: Shell, text: str) -> None:
    """Give the next command this standard input."""
    shell.patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def report(shell: Shell, *words: str) -> dict[str, object]:
    """Import and return the report."""
    told = json.loads(shell("import", *words, "--json").out)
    assert isinstance(told, dict)
    return told


def everything_in(folder: Path) -> bytes:
    """Return all bytes of all files below a folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


# --- links ---


def test_a_link_is_imported_and_the_second_time_nothing_is_new(online: Shell, server: Server) -> None:
    link = server.gives(TRACKER.encode(), ETag='"1"')
    assert online("import", link).out.startswith("4 applications: 4 new")
    server.gives(b"", code=304)
    assert online("import", link).out.startswith("Nothing new: 4 applications unchanged.")


def test_the_same_bytes_are_unchanged_without_a_word_of_the_server(online: Shell, server: Server) -> None:
    link = server.gives(TRACKER.encode())
    online("import", link)
    assert report(online, link)["nothing_new"] is True


def test_a_later_version_is_a_later_look_at_the_same_source(online: Shell, server: Server) -> None:
    link = server.gives(TRACKER.encode())
    online("import", link)
    server.gives(SHORTER.encode())
    told = report(online, link)
    assert (told["created"], told["unchanged"], told["vanished"]) == (0, 3, 1)


@pytest.mark.parametrize("code", [404, 500])
def test_an_outage_closes_nothing_and_ends_with_exit_code_4(online: Shell, server: Server, code: int) -> None:
    link = server.gives(TRACKER.encode())
    online("import", link)
    online.patch.setenv("CRM_SYNC_NOW", LATER)
    server.gives(b"", code=code)
    server.answers["/list.csv"] = lambda visit: visit.send(code, b"", Retry_After="0")
    said = online("import", link)
    assert said.code == 4
    assert f"answer {code}" in said.err
    assert len(json.loads(online("deals", "--json").out)) == 4


def test_one_link_that_fails_does_not_stop_the_others(online: Shell, server: Server) -> None:
    said = online("import", server.gives(b"", path="/gone.csv", code=404), online.put())
    assert said.code == 4
    assert said.out.startswith("4 applications: 4 new")


@pytest.mark.parametrize("command", ["read", "inspect"])
def test_a_link_is_read_and_inspected(online: Shell, server: Server, command: str) -> None:
    said = online(command, server.gives(TRACKER.encode()))
    assert (said.code, said.err) == (0, "")
    assert "Northwind Robotics" in said.out


@pytest.mark.parametrize("words", [["read"], ["inspect"], ["inspect", "--json"], ["import"], ["status"]])
@pytest.mark.parametrize("body", [TRACKER.encode(), b"", b"<html>", b"\x00\x01\x02"])
def test_no_output_shows_a_secret_of_a_link(
    online: Shell, server: Server, words: list[str], body: bytes
) -> None:
    link = server.gives(body) + SECRET
    online("import", link)
    said = online(*words, *([] if words == ["status"] else [link]))
    assert "hushhush" not in said.out + said.err


@pytest.mark.parametrize("code", [404, 302, 401])
def test_not_even_a_traceback_shows_a_secret_of_a_link(online: Shell, server: Server, code: int) -> None:
    link = server.gives(b"", code=code, Location="https://nowhere.invalid/x.csv" + SECRET) + SECRET
    said = online("--debug", "read", link)
    assert "Traceback" in said.err
    assert "hushhush" not in said.err


def test_what_is_written_about_a_bug_hides_the_queries_of_links() -> None:
    told = hide_secrets("at https://lists.example/a.csv?token=hushhush, and 'http://x.example/?b'", {})
    assert told == "at https://lists.example/a.csv?*** and 'http://x.example/?***'"


def test_neither_ledger_nor_downloads_hold_a_secret_of_a_link(
    online: Shell, server: Server, home: Path
) -> None:
    online("import", server.gives(TRACKER.encode()) + SECRET)
    kept = everything_in(home)
    assert b"/list.csv" in kept
    assert b"hushhush" not in kept


def test_an_error_about_a_link_names_the_link(online: Shell, server: Server) -> None:
    link = server.gives(b"%PDF-1.7 no table")
    said = online("read", link)
    assert said.code == 4
    assert said.err.startswith(f"crm-sync: {link}: ")
    assert "downloads" not in said.err


def test_a_web_page_says_that_it_may_ask_for_a_login(online: Shell, server: Server) -> None:
    said = online("read", server.gives(b"<html>", Content_Type="text/html"))
    assert said.code == 4
    assert "leads to a web page" in said.err
    assert "asks for a login" in said.err


def test_a_private_address_is_refused_without_a_setting(shell: Shell, server: Server) -> None:
    said = shell("read", server.link(scheme="https"))
    assert said.code == 4
    assert "private network" in said.err
    assert server.visits == []


def test_a_setting_that_is_neither_yes_nor_no_is_told(shell: Shell) -> None:
    shell.patch.setenv("CRM_SYNC_ALLOW_PRIVATE_ADDRESSES", "yes")
    said = shell("read", shell.put())
    assert said.code == 2
    assert 'CRM_SYNC_ALLOW_PRIVATE_ADDRESSES: "yes" is neither 1 nor 0' in said.err


def test_what_is_no_link_is_refused_and_not_repeated(shell: Shell) -> None:
    said = shell("import", "https://me:hushhush@lists.example/list.csv")
    assert said.code == 4
    assert "lists.example holds a user name or password" in said.err
    assert "hushhush" not in said.err


# --- folders and patterns ---


def test_next_weeks_export_is_a_later_look_at_the_same_pattern(shell: Shell) -> None:
    pattern = export(shell, "applications.csv", 20)
    said = shell("import", pattern)
    assert "Note: applications.csv is the newest file there (of " in said.out
    export(shell, "applications (1).csv", 10, SHORTER)
    told = report(shell, pattern)
    assert (told["created"], told["unchanged"], told["vanished"]) == (0, 3, 1)


def test_a_pattern_whose_newest_file_is_the_same_is_unchanged(shell: Shell) -> None:
    pattern = export(shell, "applications.csv", 20)
    shell("import", pattern)
    assert report(shell, pattern)["nothing_new"] is True


def test_an_older_file_is_no_later_look(shell: Shell) -> None:
    pattern = export(shell, "old.csv", 20, SHORTER)
    export(shell, "new.csv", 10)
    shell("import", pattern)
    (shell.folder / "new.csv").unlink()
    said = shell("import", pattern)
    assert said.code == 4
    assert "old.csv is older than the file that was read last, which is gone or unreadable" in said.err
    assert shell("import", str(shell.folder / "old.csv")).code == 0


def test_a_folder_gives_its_newest_file_that_can_be_read(shell: Shell) -> None:
    export(shell, "applications.csv", 20)
    export(shell, "picture.csv", 10, "\x00\x01")
    said = shell("import", str(shell.folder))
    assert said.code == 0
    assert said.out.startswith("4 applications: 4 new")
    assert "A newer file was passed over: picture.csv" in said.out


def test_a_pattern_without_a_file_is_an_outage(shell: Shell) -> None:
    said = shell("import", f"{shell.folder}/*.csv")
    assert said.code == 4
    assert "there is no such file" in said.err


@pytest.mark.parametrize("command", ["read", "inspect"])
def test_reading_a_pattern_says_which_file_it_took(shell: Shell, command: str) -> None:
    said = shell(command, export(shell, "applications.csv", 20))
    assert said.code == 0
    assert said.err.startswith("applications.csv is the newest file there")
    assert "Northwind Robotics" in said.out


@pytest.mark.parametrize(
    "text", ["~nobody-here/a.csv", "x" * 5000, "a\0b", "[", "[a", "*" * 300, "**/", "?", "~"]
)
@pytest.mark.parametrize("command", ["read", "import"])
def test_what_can_be_no_source_is_an_outage_and_never_a_bug(shell: Shell, command: str, text: str) -> None:
    empty = shell.folder / "empty"
    empty.mkdir()
    shell.patch.chdir(empty)
    shell.patch.setenv("HOME", str(empty))
    assert shell(command, text).code == 4


# --- standard input and names ---


def test_standard_input_is_read_inspected_and_imported(shell: Shell) -> None:
    for command in ("read", "inspect", "import"):
        pipe(shell, TRACKER)
        said = shell(command, "-")
        assert (said.code, said.err) == (0, ""), command
        assert "Northwind Robotics" in said.out or said.out.startswith("4 applications: 4 new")


def test_nothing_follows_from_what_a_second_standard_input_lacks(shell: Shell) -> None:
    pipe(shell, TRACKER)
    shell("import", "-")
    pipe(shell, SHORTER)
    assert report(shell, "-")["vanished"] == 0


def test_a_name_makes_one_source_of_several_inputs(shell: Shell) -> None:
    pipe(shell, TRACKER)
    shell("import", "-", "--as", "my-list")
    pipe(shell, TRACKER)
    assert report(shell, "-", "--as", "my-list")["nothing_new"] is True
    pipe(shell, SHORTER)
    assert report(shell, "-", "--as", "my-list")["vanished"] == 1


def test_a_name_makes_one_source_of_several_files(shell: Shell) -> None:
    shell("import", shell.put(name="january.csv"), "--as", "my-list")
    assert report(shell, shell.put(SHORTER, "february.csv"), "--as", "my-list")["vanished"] == 1


def test_a_name_is_for_one_source(shell: Shell) -> None:
    said = shell("import", shell.put(), shell.put(name="b.csv"), "--as", "my-list")
    assert said.code == 2
    assert "--as names one source" in said.err


def test_empty_standard_input_is_told(shell: Shell) -> None:
    pipe(shell, "")
    said = shell("read", "-")
    assert said.code == 4
    assert said.err.startswith("crm-sync: standard input: the file is empty.")


# --- what a link may give, and what the configuration allows ---


def as_objects() -> bytes:
    """Return the tracker as JSON."""
    return json.dumps(list(csv.DictReader(io.StringIO(TRACKER)))).encode()


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("/list", TRACKER.encode(), "text/csv"),
        ("/workbook", PLAIN_XLSX.read_bytes(), "application/octet-stream"),
        ("/list", as_objects(), "application/json"),
        ("/open-document", PLAIN_ODS.read_bytes(), "application/vnd.oasis.opendocument.spreadsheet"),
    ],
    ids=["csv", "xlsx", "json", "ods"],
)
def test_a_link_may_give_any_kind_of_table(
    online: Shell, server: Server, path: str, body: bytes, kind: str
) -> None:
    said = online("read", server.gives(body, path=path, Content_Type=kind))
    assert said.code == 0
    assert len(said.out.splitlines()) >= 4


def test_a_link_may_give_a_products_export(online: Shell, server: Server) -> None:
    body = (ROOT / "tests" / "connectors" / "samples" / "workday" / "job-applications.json").read_bytes()
    said = online("read", server.gives(body, path="/applications"), "--employer", "Own House")
    assert "read as Workday Recruiting" in said.err
    assert {json.loads(line)["company"] for line in said.out.splitlines()} == {"Own House"}


@pytest.mark.parametrize("allowed", [True, False])
def test_a_source_of_the_configuration_may_be_a_link_and_the_file_says_where_it_may_lead(
    shell: Shell, server: Server, allowed: bool
) -> None:
    link = server.gives(TRACKER.encode())
    links = f"links: {{private_addresses: {str(allowed).lower()}}}\n"
    shell.put(f"users: {{me: {{sources: [{{url: '{link}'}}]}}}}\n{links}", "crm-sync.yaml")
    shell.patch.chdir(shell.folder)
    said = shell("sync")
    assert (said.code, "4 new" in said.out) == ((0, True) if allowed else (4, False))
    assert bool(server.visits) is allowed
