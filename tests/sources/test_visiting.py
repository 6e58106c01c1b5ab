"""Where a link may lead on the way, and that the way is the one that was checked."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from crm_sync.sources import Access, Patience
from crm_sync.sources.addresses import is_public
from tests.sources.conftest import CSV, Names, Server, Visit, running
from tests.sources.test_fetching import got, refused

HOST = "lists.example"


@pytest.fixture
def authority() -> trustme.CA:
    """Who certifies the servers of these tests."""
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Server]:
    """A server that proves that it is lists.example."""
    server = Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    yield from running(server)


@pytest.fixture
def trusting(access: Access, names: Names, authority: trustme.CA, tmp_path: Path) -> Access:
    """Access that trusts that authority, and finds lists.example on this machine."""
    bundle = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    names.known[HOST] = ["127.0.0.1"]
    return replace(access, trust=str(bundle))


def https(server: Server, host: str = HOST, path: str = "/list.csv") -> str:
    return server.link(path, host, "https")


# --- the address ------------------------------------------------------------------


def test_the_connection_goes_to_the_checked_address_and_the_host_still_proves_itself(
    secure: Server, trusting: Access, names: Names
) -> None:
    secure.gives()
    assert got(https(secure), trusting) == CSV
    assert names.asked == [HOST]
    assert secure.visits[0][1]["Host"] == f"{HOST}:{secure.port}"


def test_a_second_answer_of_the_name_server_does_not_matter(server: Server, strict: Access) -> None:
    answers = [["10.0.0.1"], ["127.0.0.1"]]
    rebinding = replace(strict, resolve=lambda host, port: answers.pop(0))
    assert "private network" in refused("https://lists.example/list.csv", rebinding).message
    assert answers == [["127.0.0.1"]]


def test_a_host_whose_certificate_is_for_another_is_refused(
    secure: Server, trusting: Access, names: Names
) -> None:
    names.known["other.example"] = ["127.0.0.1"]
    assert "certificate of other.example" in refused(https(secure, "other.example"), trusting).message
    assert secure.visits == []


def test_a_certificate_of_nobody_known_is_refused(secure: Server, trusting: Access) -> None:
    assert "certificate" in refused(https(secure), replace(trusting, trust=None)).message


def test_the_next_address_is_tried_where_one_is_dead(server: Server, access: Access, names: Names) -> None:
    names.known["two.example"] = ["127.0.0.2", "127.0.0.1"]
    server.gives()
    assert got(server.link(host="two.example"), access) == CSV


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "inside.example"])
def test_a_private_address_is_refused_before_anything_is_sent(
    server: Server, strict: Access, names: Names, host: str
) -> None:
    names.known["inside.example"] = ["127.0.0.1"]
    error = refused(https(server, host), strict)
    assert "lies in a private network" in error.message
    assert "CRM_SYNC_ALLOW_PRIVATE_ADDRESSES=1" in error.hint
    assert server.visits == []


def test_a_name_that_nobody_knows_is_an_outage_after_three_attempts(
    access: Access, waits: list[float]
) -> None:
    error = refused("https://nowhere.example/list.csv", access)
    assert error.message == "nowhere.example is not known to this network"
    assert len(waits) == 2


def test_unprotected_links_are_refused(strict: Access, names: Names) -> None:
    names.known["lists.example"] = ["8.8.8.8"]
    assert "unprotected" in refused("http://lists.example/list.csv", strict).message


def test_unprotected_links_lead_to_this_machine_at_most(access: Access, names: Names) -> None:
    names.known["lists.example"] = ["10.0.0.1"]
    assert "this machine only" in refused("http://lists.example/list.csv", access).hint


def on_the_internet(access: Access) -> Access:
    """Return strict access for which the server of these tests lies on the internet."""
    return replace(access, private=False, public=lambda address: address == "127.0.0.1" or is_public(address))


# --- redirects ------------------------------------------------------------------


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(server: Server, access: Access, code: int) -> None:
    server.gives(path="/new.csv")
    assert got(server.gives(b"", code=code, Location="/new.csv"), access) == CSV


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("http://public.example/list.csv", "unprotected"),
        ("https://10.0.0.1/list.csv", "private network"),
        ("https://inside.example/latest/meta-data", "private network"),
        ("https://[::1]/list.csv", "private network"),
        ("file:///etc/passwd", "file: address"),
        ("ftp://public.example/list.csv", "ftp: address"),
        ("https://me:word@public.example/list.csv", "user name"),
        ("https://public.example:port/list.csv", "no link"),
    ],
)
def test_every_hop_is_checked_as_the_first(
    secure: Server, trusting: Access, names: Names, target: str, why: str
) -> None:
    names.known |= {
        "public.example": ["8.8.8.8"],
        "inside.example": ["169.254.169.254"],
        "10.0.0.1": ["10.0.0.1"],
        "::1": ["::1"],
    }
    secure.gives(b"", code=302, Location=target)

    assert why in refused(https(secure), on_the_internet(trusting)).message
    assert len(secure.visits) == 1


def test_a_public_server_is_read_with_strict_access(secure: Server, trusting: Access) -> None:
    secure.gives(path="/new.csv")
    secure.gives(b"", code=302, Location="/new.csv")
    assert got(https(secure), on_the_internet(trusting)) == CSV


def test_a_circle_of_redirects_ends(server: Server, access: Access) -> None:
    link = server.gives(b"", code=302, Location="/list.csv")
    assert "without end" in refused(link, access).message
    assert len(server.visits) == 10


def test_a_cookie_set_on_the_way_is_sent_on_the_way(server: Server, access: Access) -> None:
    server.gives(path="/new.csv")
    got(server.gives(b"", code=302, Location="/new.csv", Set_Cookie="pass=1; Path=/"), access)
    assert server.visits[1][1]["Cookie"] == "pass=1"


def test_no_message_repeats_a_query(server: Server, access: Access) -> None:
    link = server.gives(b"", code=302, Location="https://nowhere.example/list.csv?token=hushhush")
    error = refused(link + "?token=quietquiet", access)
    assert "nowhere.example" in error.message
    assert not {"hushhush", "quietquiet"} & set((error.message + error.hint).replace("=", " ").split())


def test_a_protected_body_that_trickles_is_cut_when_the_time_is_up(secure: Server, trusting: Access) -> None:
    def trickle(visit: Visit) -> None:
        visit.send_response(200)
        visit.end_headers()
        while not secure.over.wait(0.01):
            visit.wfile.write(b"x")

    secure.answers["/list.csv"] = trickle
    hasty = replace(trusting, patience=Patience(total=0.3, attempts=1))
    assert "did not send the whole file" in refused(https(secure), hasty).message
