"""A secret never shows itself, and comes from where only we can read it."""

from __future__ import annotations

import copy
import json
import os
import pickle
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

import pytest

from crm_sync.cli.hiding import hide_secrets
from crm_sync.config.connections import Connection, hubspot_from_environment
from crm_sync.config.places import SecretPlace
from crm_sync.config.secrets import Secret
from crm_sync.errors import ConfigError

WORD = "hunter22-and-more"


def test_a_secret_shows_only_where_it_comes_from() -> None:
    secret = Secret(WORD, "HUBSPOT_ACCESS_TOKEN")
    connection = Connection("hubspot", "agency", secret)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>40}", "%s" % secret, repr(connection)]  # noqa: UP031
    assert not [text for text in shown if WORD in text]
    assert repr(secret) == "Secret(*** from HUBSPOT_ACCESS_TOKEN)"
    assert WORD not in repr(asdict(connection))
    assert secret.reveal() == WORD


def test_a_secret_cannot_be_written_down() -> None:
    secret = Secret(WORD)
    for write in (pickle.dumps, json.dumps):
        with pytest.raises(TypeError) as caught:
            write(secret)
        assert WORD not in str(caught.value)
    assert not hasattr(secret, "__dict__")
    assert copy.deepcopy(secret) is secret


def test_a_traceback_shows_no_secret() -> None:
    secret = Secret(WORD)
    try:
        raise RuntimeError(f"it went wrong with {secret}")
    except RuntimeError as error:
        told = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "secret" in told
    assert WORD not in told.replace(f"WORD = '{WORD}'", "")


def test_what_was_revealed_and_told_by_others_is_hidden_before_it_is_shown() -> None:
    Secret(WORD)
    assert hide_secrets(f"server said: {WORD} is wrong", {}) == "server said: *** is wrong"


def test_an_empty_secret_is_none() -> None:
    with pytest.raises(ConfigError) as caught:
        Secret("", "the file token")
    assert caught.value.message == "the secret from the file token is empty"


def test_secrets_are_equal_when_they_say_the_same() -> None:
    assert Secret(WORD) == Secret(WORD, "elsewhere")
    assert Secret(WORD) != Secret("nobody-says-this-22")
    assert Secret(WORD) != WORD
    assert len({Secret(WORD), Secret(WORD)}) == 1


def place(tmp_path: Path, **kept: str) -> SecretPlace:
    return SecretPlace("crm-sync.yaml:3: crms.agency.token", tmp_path, **kept)


def test_a_secret_comes_from_a_variable(tmp_path: Path) -> None:
    assert place(tmp_path, env="TOKEN").fetch({"TOKEN": f" {WORD}\n"}).reveal() == WORD


def test_a_variable_that_is_not_set_is_named_with_the_place_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        place(tmp_path, env="TOKEN").fetch({})
    assert caught.value.message.startswith(
        "crm-sync.yaml:3: crms.agency.token: the environment variable TOKEN"
    )


def kept(tmp_path: Path, mode: int = 0o600, content: bytes = WORD.encode() + b"\n") -> Path:
    path = tmp_path / "token"
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_secret_comes_from_a_file_that_only_we_can_read(tmp_path: Path, mode: int) -> None:
    kept(tmp_path, mode)
    assert place(tmp_path, file="token").fetch({}).reveal() == WORD


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = kept(tmp_path, mode)
    with pytest.raises(ConfigError, match="can be read by others") as caught:
        place(tmp_path, file=str(path)).fetch({})
    assert caught.value.hint == f"Run: chmod 600 {path}"


@pytest.mark.parametrize("name", ["$CREDENTIALS_DIRECTORY/token", "${CREDENTIALS_DIRECTORY}/token"])
def test_a_systemd_credential_is_guarded_by_systemd(tmp_path: Path, name: str) -> None:
    kept(tmp_path, 0o440)
    fetched = place(tmp_path / "elsewhere", file=name).fetch({"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert fetched.reveal() == WORD


def test_a_systemd_credential_without_systemd_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match="CREDENTIALS_DIRECTORY is not set, so there are no systemd credentials"
    ):
        place(tmp_path, file="$CREDENTIALS_DIRECTORY/token").fetch({})


@pytest.mark.parametrize("content", [b"", b"\n", b"two\nlines", b"\xff\xfe"])
def test_a_file_without_one_secret_is_refused(tmp_path: Path, content: bytes) -> None:
    path = kept(tmp_path, content=content)
    with pytest.raises(ConfigError) as caught:
        place(tmp_path, file="token").fetch({})
    assert caught.value.message.endswith(f"{path} holds no secret")
    assert caught.value.hint == "Put the secret there, on one line."


def test_a_large_file_is_no_secret(tmp_path: Path) -> None:
    path = kept(tmp_path, content=b"x" * 70_000)
    with pytest.raises(ConfigError) as caught:
        place(tmp_path, file="token").fetch({})
    assert caught.value.message.endswith(f"{path} is too large for a secret")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file somebody else's")
def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    path = kept(tmp_path)
    os.chown(path, 65534, 65534)
    with pytest.raises(ConfigError) as caught:
        place(tmp_path, file="token").fetch({})
    assert caught.value.message.endswith(f"{path} belongs to somebody else")
    assert caught.value.hint == "Keep the secret in a file of your own."


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for name, told in (("nothing", " cannot be read: no such file or directory"), (".", " is no file")):
        with pytest.raises(ConfigError) as caught:
            place(tmp_path, file=name).fetch({})
        assert caught.value.message.endswith(f"{tmp_path / name}{told}")


def test_a_keyring_without_its_extra_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ConfigError) as caught:
        place(tmp_path, keyring="crm-sync/hubspot").fetch({})
    assert caught.value.message.endswith("keyrings need an extra that is not installed")
    assert caught.value.hint == "Run: pip install 'crm-sync[keyring]'"


def keyring_of(monkeypatch: pytest.MonkeyPatch, answer: Callable[..., str | None]) -> type[Exception]:
    """Install a keyring that answers like that, and return the error that it may raise."""
    keyring, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    error = type("NoKeyringError", (Exception,), {})
    keyring.get_password = answer  # type: ignore[attr-defined]
    errors.KeyringError = error  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return error


def test_a_keyring_that_is_locked_is_told_with_what_else_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: str) -> str:
        raise error("no backend")

    error = keyring_of(monkeypatch, locked)
    with pytest.raises(ConfigError) as caught:
        place(tmp_path, keyring="crm-sync/hubspot").fetch({})
    assert caught.value.message.endswith("the keyring cannot be opened (NoKeyringError)")
    assert caught.value.hint.startswith("Under cron and on servers there is none")


def test_a_secret_comes_from_a_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring_of(monkeypatch, lambda *names: {("crm-sync", "hub/spot"): WORD}.get(names))
    assert place(tmp_path, keyring="crm-sync/hub/spot").fetch({}).reveal() == WORD
    with pytest.raises(ConfigError, match="the keyring has no crm-sync/other"):
        place(tmp_path, keyring="crm-sync/other").fetch({})


def test_the_environment_tells_a_hubspot_account() -> None:
    told = {"HUBSPOT_ACCESS_TOKEN": WORD, "HUBSPOT_BASE_URL": "http://127.0.0.1:8080/"}
    connection = hubspot_from_environment(told)
    assert (connection.kind, connection.name, connection.base_url) == (
        "hubspot",
        "hubspot",
        "http://127.0.0.1:8080",
    )
    assert connection.needed_token().reveal() == WORD
    with pytest.raises(ConfigError, match='the CRM "hubspot" has no token'):
        hubspot_from_environment({}).needed_token()


@pytest.mark.parametrize("address", ["http://api.example", "ftp://x", "x", "http://[", "-"])
def test_a_token_is_sent_to_no_odd_address(address: str) -> None:
    with pytest.raises(ConfigError) as caught:
        hubspot_from_environment({"HUBSPOT_BASE_URL": address})
    assert caught.value.message == f'HUBSPOT_BASE_URL: "{address}" is no address that a token may be sent to'


def test_an_address_with_a_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigError) as caught:
        hubspot_from_environment({"HUBSPOT_BASE_URL": "https://a:b@x.example"})
    assert caught.value.message == "HUBSPOT_BASE_URL holds a password"
