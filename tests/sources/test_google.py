"""A private sheet, read by a service account that it was shared with."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import SplitResult

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from crm_sync.errors import SourceError
from crm_sync.sources import Access
from crm_sync.sources.fetching import fetch
from crm_sync.sources.links import parsed
from tests.sources.conftest import CSV, Names, Server, Visit

NAME = "reader@project.example"
PATH = "/spreadsheets/d/sheet/export"


@pytest.fixture
def sheet(server: Server, names: Names) -> SplitResult:
    """The export of a sheet, asked of this machine in Google's place."""
    names.known["docs.google.com"] = ["127.0.0.1"]
    return parsed(server.link(f"{PATH}?format=csv&gid=0", "docs.google.com"))


@pytest.fixture
def key(server: Server, tmp_path: Path) -> Path:
    """The key file of a service account that logs in at this machine."""
    secret = rsa.generate_private_key(65537, 2048)
    pem = secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    path = tmp_path / "key.json"
    facts = {"type": "service_account", "client_email": NAME, "private_key": pem, "private_key_id": "1"}
    path.write_text(json.dumps(facts | {"token_uri": server.link("/token")}))
    return path


@pytest.fixture
def login(server: Server) -> Server:
    """The server, with a login that gives a token."""
    token = json.dumps({"access_token": "t0k3n", "expires_in": 3600, "token_type": "Bearer"}).encode()
    server.answers["/token"] = post(200, token)
    return server


def post(code: int, body: bytes) -> Callable[[Visit], None]:
    return lambda visit: visit.send(code, body, Content_Type="application/json")


def shared_with_the_account(visit: Visit) -> None:
    """Answer as a sheet that only the holder of the token may read."""
    known = visit.headers["Authorization"] == "Bearer t0k3n"
    visit.send(200, CSV) if known else visit.send(302, Location="https://accounts.google.com/ServiceLogin")


def test_a_private_sheet_is_read_by_the_account(
    login: Server, sheet: SplitResult, key: Path, access: Access
) -> None:
    login.answers[PATH] = shared_with_the_account
    assert fetch(sheet, "sheet", replace(access, google_key=key)).read_bytes() == CSV


def test_a_sheet_that_everybody_may_read_is_read_without_the_account(
    login: Server, sheet: SplitResult, key: Path, access: Access
) -> None:
    login.gives(path=PATH)
    assert fetch(sheet, "sheet", replace(access, google_key=key)).read_bytes() == CSV
    assert [path.partition("?")[0] for path, _ in login.visits] == [PATH]


def test_the_token_goes_to_the_first_host_only(
    login: Server, sheet: SplitResult, key: Path, access: Access
) -> None:
    login.gives(path="/content")
    elsewhere = login.link("/content", "localhost")

    def answer(visit: Visit) -> None:
        visit.send(302, Location=elsewhere) if "Authorization" in visit.headers else visit.send(401)

    login.answers[PATH] = answer
    assert fetch(sheet, "sheet", replace(access, google_key=key)).read_bytes() == CSV
    assert "Authorization" not in login.visits[-1][1]


def test_a_sheet_that_is_not_shared_with_the_account_names_the_account(
    login: Server, sheet: SplitResult, key: Path, access: Access
) -> None:
    login.gives(b"", path=PATH, code=403)
    with pytest.raises(SourceError, match=f"the service account {NAME} may not read it") as error:
        fetch(sheet, "sheet", replace(access, google_key=key))
    assert NAME in error.value.hint


def test_a_key_that_google_refuses_is_told(
    server: Server, sheet: SplitResult, key: Path, access: Access
) -> None:
    server.answers["/token"] = post(400, b'{"error": "invalid_grant"}')
    server.gives(b"", path=PATH, code=401)
    with pytest.raises(SourceError, match=f"Google refuses the key of {NAME}"):
        fetch(sheet, "sheet", replace(access, google_key=key))


@pytest.mark.parametrize("text", [None, "", "{}", '{"type": "authorized_user"}'])
def test_what_is_no_key_file_is_told(
    server: Server, sheet: SplitResult, access: Access, tmp_path: Path, text: str | None
) -> None:
    key = tmp_path / "other.json"
    if text is not None:
        key.write_text(text)
    server.gives(b"", path=PATH, code=401)
    with pytest.raises(SourceError, match=r"other\.json is no key file"):
        fetch(sheet, "sheet", replace(access, google_key=key))
