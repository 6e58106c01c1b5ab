"""What a link gives: kept, asked for again only where it changed, and refused where it is not the file."""

from __future__ import annotations

import gzip
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from crm_sync.errors import SourceError
from crm_sync.sources import Access, Patience, source_of
from crm_sync.sources.fetching import fetch
from crm_sync.sources.links import parsed
from tests.sources.conftest import CSV, Server, Visit

Get = Callable[..., bytes]


def got(link: str, access: Access) -> bytes:
    """Return what a link gives."""
    return fetch(parsed(link), source_of(link), access).read_bytes()


def refused(link: str, access: Access) -> SourceError:
    """Return why a link gives nothing."""
    with pytest.raises(SourceError) as error:
        got(link, access)
    return error.value


def files(access: Access) -> list[Path]:
    return sorted(access.folder.iterdir()) if access.folder.exists() else []


# --- the kept copy ------------------------------------------------------------------


def test_a_download_is_kept_for_its_owner_only_and_without_its_link(server: Server, access: Access) -> None:
    assert got(server.gives() + "?token=secret", access) == CSV
    assert [stat.S_IMODE(path.stat().st_mode) for path in files(access)] == [0o600, 0o600]
    assert stat.S_IMODE(access.folder.stat().st_mode) == 0o700
    assert all(b"secret" not in path.read_bytes() and "secret" not in path.name for path in files(access))


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({"ETag": '"v1"'}, {"If-None-Match": '"v1"'}),
        (
            {"Last_Modified": "Mon, 01 Feb 2027 08:00:00 GMT"},
            {"If-Modified-Since": "Mon, 01 Feb 2027 08:00:00 GMT"},
        ),
        ({"ETag": '"v1"', "Last_Modified": "Mon, 01 Feb 2027 08:00:00 GMT"}, {"If-None-Match": '"v1"'}),
        ({}, {}),
    ],
)
def test_the_second_look_asks_only_for_another_version(
    server: Server, access: Access, given: dict[str, str], asked: dict[str, str]
) -> None:
    link = server.gives(**given)
    assert got(link, access) == got(link, access) == CSV
    sent = server.visits[1][1]
    assert {name: sent[name] for name in sent if name.startswith("If-")} == asked


def test_an_unchanged_file_does_not_travel_again(server: Server, access: Access) -> None:
    link = server.gives(ETag='"v1"')
    got(link, access)
    server.gives(b"", code=304)
    assert got(link, access) == CSV


def test_a_changed_file_replaces_the_kept_one(server: Server, access: Access) -> None:
    link = server.gives(ETag='"v1"')
    got(link, access)
    server.gives(b"Company\nBluebird\n", ETag='"v2"')
    assert got(link, access) == b"Company\nBluebird\n"
    assert len(files(access)) == 2


@pytest.mark.parametrize("harm", [lambda path: path.write_bytes(b"x"), lambda path: path.unlink()])
def test_a_copy_that_was_damaged_is_fetched_whole(
    server: Server, access: Access, harm: Callable[[Path], None]
) -> None:
    link = server.gives(ETag='"v1"')
    harm(fetch(parsed(link), source_of(link), access))
    assert got(link, access) == CSV
    assert "If-None-Match" not in server.visits[1][1]


def test_a_failed_look_leaves_the_kept_copy_as_it_was(server: Server, access: Access) -> None:
    link = server.gives()
    got(link, access)
    before = [path.read_bytes() for path in files(access)]
    server.gives(b"x" * 2_000_000)
    refused(link, access)
    assert [path.read_bytes() for path in files(access)] == before


def test_a_folder_that_cannot_be_written_is_told(server: Server, access: Access, tmp_path: Path) -> None:
    (tmp_path / "downloads").write_text("in the way")
    assert "cannot be kept in" in refused(server.gives(), access).message


# --- what is not the file ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (401, "not shared with everybody"),
        (403, "not shared with everybody"),
        (404, "knows no such file (answer 404)"),
        (410, "knows no such file (answer 410)"),
        (204, "answered 204 instead of the file"),
        (206, "answered 206 instead of the file"),
        (300, "answered 300 instead of the file"),
        (500, "has trouble (answer 500)"),
    ],
)
def test_an_answer_that_is_not_the_file_is_told(
    server: Server, access: Access, code: int, message: str
) -> None:
    assert message in refused(server.gives(b"", code=code), access).message
    assert files(access) == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (CSV, "text/html; charset=utf-8"),
        (b"", "application/xhtml+xml"),
        (b"\n <!DOCTYPE html><html><body>Log in</body>", "text/csv"),
        (b"<html><body>Log in</body>", "application/octet-stream"),
    ],
)
def test_a_web_page_is_refused_with_a_hint_at_the_login(
    server: Server, access: Access, body: bytes, kind: str
) -> None:
    error = refused(server.gives(body, Content_Type=kind), access)
    assert error.message == "the link leads to a web page, not to a file"
    assert "asks for a login" in error.hint


def test_a_private_google_sheet_says_how_to_share_it(server: Server, access: Access, names: object) -> None:
    link = parsed("https://docs.google.com/spreadsheets/d/x/export?format=csv&gid=0")
    here = link._replace(scheme="http", netloc=f"docs.google.com:{server.port}")
    names.known["docs.google.com"] = ["127.0.0.1"]  # type: ignore[attr-defined]
    server.gives(b"", path=link.path, code=302, Location="https://accounts.google.com/ServiceLogin?x=1")
    with pytest.raises(SourceError, match="not shared with everybody") as error:
        fetch(here, "sheet", access)
    assert "publish it" in error.value.hint
    assert "GOOGLE_APPLICATION_CREDENTIALS" in error.value.hint


# --- limits ------------------------------------------------------------------


def test_a_file_that_says_it_is_too_large_is_not_taken(server: Server, access: Access) -> None:
    error = refused(server.gives(b"", Content_Length="1000001"), access)
    assert error.message == "the file is larger than the limit of 1.0 MB"
    assert "CRM_SYNC_MAX_BYTES" in error.hint


def test_a_file_that_does_not_end_is_cut_at_the_limit(server: Server, access: Access) -> None:
    def endless(visit: Visit) -> None:
        visit.send_response(200)
        visit.end_headers()
        while True:
            visit.wfile.write(b"x" * 65_536)

    server.answers["/list.csv"] = endless
    assert "larger than the limit" in refused(server.link(), access).message


def test_a_small_packed_file_that_unpacks_to_a_huge_one_is_cut_at_the_limit(
    server: Server, access: Access
) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    assert len(bomb) < 100_000
    error = refused(server.gives(bomb, Content_Encoding="gzip"), access)
    assert "larger than the limit" in error.message


def test_a_packed_file_is_unpacked(server: Server, access: Access) -> None:
    assert got(server.gives(gzip.compress(CSV), Content_Encoding="gzip"), access) == CSV


@pytest.mark.parametrize(
    ("packing", "message"), [("br", "packed the file in an unusual way"), ("gzip", "sent a damaged file")]
)
def test_a_file_that_cannot_be_unpacked_is_told(
    server: Server, access: Access, packing: str, message: str
) -> None:
    assert message in refused(server.gives(CSV, Content_Encoding=packing), access).message


def impatient(access: Access, **limits: float) -> Access:
    return replace(access, patience=replace(Patience(attempts=1), **limits))


def test_a_body_that_trickles_is_cut_when_the_time_is_up(server: Server, access: Access) -> None:
    def trickle(visit: Visit) -> None:
        visit.send_response(200)
        visit.end_headers()
        while not server.over.wait(0.01):
            visit.wfile.write(b"x")

    server.answers["/list.csv"] = trickle
    error = refused(server.link(), impatient(access, total=0.2))
    assert error.message == "127.0.0.1 did not send the whole file within 0.2 seconds"


def test_headers_that_trickle_are_cut_when_the_time_is_up(server: Server, access: Access) -> None:
    def trickle(visit: Visit) -> None:
        while not server.over.wait(0.01):
            visit.wfile.write(b"H")

    server.answers["/list.csv"] = trickle
    error = refused(server.link(), impatient(access, total=0.2))
    assert error.message == "127.0.0.1 did not answer in time"


@pytest.mark.parametrize("begun", [False, True])
def test_a_silence_ends_the_attempt(server: Server, access: Access, begun: bool) -> None:
    def silent(visit: Visit) -> None:
        if begun:
            visit.send_response(200)
            visit.send_header("Content-Length", "100")
            visit.end_headers()
        server.over.wait()

    server.answers["/list.csv"] = silent
    error = refused(server.link(), impatient(access, silence=0.1))
    told = "broke off in the middle" if begun else "did not answer in time"
    assert told in error.message


# --- trying again ------------------------------------------------------------------


def in_turn(server: Server, *answers: tuple[int, dict[str, str]]) -> str:
    """Answer with these codes and headers, then with the file."""
    left = list(answers)

    def answer(visit: Visit) -> None:
        if left:
            code, headers = left.pop(0)
            visit.send(code, b"", **headers)
        else:
            visit.send(200, CSV)

    server.answers["/list.csv"] = answer
    return server.link()


def test_what_passes_is_tried_again_after_what_the_server_asks_for(
    server: Server, access: Access, waits: list[float]
) -> None:
    link = in_turn(server, (429, {"Retry_After": "7"}), (503, {"Retry_After": "86400"}))
    assert got(link, access) == CSV
    assert waits == [7, 30]


def test_without_a_word_of_the_server_each_wait_is_longer_than_the_last(
    server: Server, access: Access, waits: list[float]
) -> None:
    assert got(in_turn(server, (502, {}), (503, {"Retry_After": "soon"})), access) == CSV
    assert 1 <= waits[0] <= 2 <= waits[1] <= 3


def test_after_three_attempts_it_is_an_outage(server: Server, access: Access) -> None:
    assert "has trouble (answer 503)" in refused(in_turn(server, *[(503, {})] * 9), access).message
    assert len(server.visits) == 3


@pytest.mark.parametrize("code", [404, 403, 204])
def test_what_does_not_pass_is_asked_once(server: Server, access: Access, code: int) -> None:
    refused(server.gives(b"", code=code), access)
    assert len(server.visits) == 1


def test_a_file_that_breaks_off_is_fetched_again(server: Server, access: Access) -> None:
    def cut(visit: Visit) -> None:
        visit.send(200, CSV[:20], Content_Length=str(len(CSV)))
        server.gives()

    server.answers["/list.csv"] = cut
    assert got(server.link(), access) == CSV


def test_a_server_that_is_not_there_is_an_outage(server: Server, access: Access) -> None:
    link = server.link()
    server.server_close()
    error = refused(link.replace(str(server.port), "1"), access)
    assert error.message == "127.0.0.1 cannot be reached"
