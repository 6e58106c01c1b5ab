"""Marked secrets of every kind go in; nothing that is said, kept or written down holds one of them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import TRACKER, Said, Shell
from tests.cli.test_schedule import CRONTAB, SYSTEMCTL
from tests.hubspot_simulator.simulator import Simulator
from tests.notices.posts import web_office

MARK = "hush7f3a"
TOKEN = f"pat-na1-{MARK}-0001-token"
LITERAL = f"pat-na1-{MARK}-0002-literal"
PASSWORD = f"{MARK}0003password"
ADDRESS = f"{MARK}0004address"
KEY = f"{MARK}0005service-account"
LINK = f"{MARK}0006link"


class Guarded:
    """A shell that looks for the mark in everything that a command says, and at last in every file."""

    def __init__(self, shell: Shell, post: str) -> None:
        self.shell = shell
        self.post = post
        self.seen = 0

    def __call__(self, *words: str, code: int | None = 0) -> Said:
        said = self.shell(*words)
        assert MARK not in said.out + said.err, words
        assert code in (None, said.code), (words, said)
        self.seen += len(said.out + said.err)
        return said

    def look_through(self) -> None:
        """Fail where any file but those in `secrets` holds the mark, or where nothing was said at all."""
        kept = self.shell.folder / "secrets"
        files = [p for p in self.shell.folder.rglob("*") if p.is_file() and kept not in p.parents]
        assert self.seen
        assert len(files) >= 3
        for path in files:
            assert MARK.encode() not in path.read_bytes(), path
            assert MARK not in str(path)


@pytest.fixture
def guarded(shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Guarded]:
    """A shell in a folder with secrets of every kind, all marked; looked through at the end."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    kept = tmp_path / "secrets"
    kept.mkdir(mode=0o700)
    with web_office() as post:
        monkeypatch.setenv("TOKEN", TOKEN)
        monkeypatch.setenv("HOOK", f"{post.url}/{ADDRESS}?key={ADDRESS}")
        monkeypatch.setenv("PING", f"{post.url}/{ADDRESS}")
        monkeypatch.setenv("CRM_SYNC_ALLOW_PRIVATE_ADDRESSES", "1")
        write_secret(kept / "slack", f"{post.url}/closed/{ADDRESS}")
        write_secret(kept / "service", f"nothing://{ADDRESS}")
        write_secret(
            kept / "mail", f"mailto://user:{PASSWORD}@127.0.0.1:1?from=a@roe.example&to=b@roe.example"
        )
        write_secret(kept / "google.json", json.dumps({"type": "service_account", "private_key": KEY}))
        shell.put(TRACKER, "jane.csv")
        shell.put(TRACKER.replace("Purple", "Mauve"), "ben.csv")
        guarded = Guarded(shell, post.url)
        yield guarded
        guarded.look_through()


def write_secret(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)


def configure(guarded: Guarded, crms: str = "", state: str = "{home: home}") -> None:
    """Write a configuration with two users that names every secret by its place."""
    guarded.shell.put(
        f"state: {state}\nlinks: {{google_key: secrets/google.json, private_addresses: true}}\n{crms}"
        "notify:\n  webhook: {env: HOOK}\n  slack: {file: secrets/slack}\n  email: {file: secrets/mail}\n"
        "  services: [{file: secrets/service}]\n  digest: '00:00'\n  ping: {env: PING}\n"
        "users:\n  jane:\n    sources: [jane.csv, missing.csv]\n    notify: {webhook: {env: HOOK}}\n"
        f"  ben:\n    sources: [ben.csv, {{url: '{guarded.post}/closed/list.csv'}}]\n",
        "crm-sync.yaml",
    )


LOOKING = (
    ("config", "show"),
    ("config", "show", "--json"),
    ("config", "schema"),
    ("status", "--json"),
    ("status", "--all"),
    ("status", "--all", "--json", "--metrics", "figures.prom"),
    ("calls", "--json", "--days", "30", "--full"),
    ("deals", "--json"),
    ("runs",),
    ("runs", "--json"),
)


def test_with_the_embedded_crm(guarded: Guarded) -> None:
    configure(guarded)
    guarded("config", "check", code=None)
    guarded("config", "check", "--online", "--json", code=None)
    guarded("sync", "--metrics", "run.prom", code=4)
    guarded("--debug", "sync", "--json", code=4)
    guarded("--log-format", "json", "--debug", "sync", code=4)
    guarded("notify", "test", code=4)
    guarded("notify", "test", "--json", code=4)
    for words in LOOKING:
        guarded(*words)
    guarded("import", f"{guarded.post}/closed/list.csv?key={LINK}", "--user", "jane", code=4)
    guarded("--debug", "read", f"{guarded.post}/closed/list.csv?key={LINK}", code=4)


def test_with_hubspot_good_and_revoked(guarded: Guarded) -> None:
    with Simulator(tier="starter", token=TOKEN) as portal:
        crm = f"crms: {{agency: {{kind: hubspot, token: {{env: TOKEN}}, base_url: '{portal.url}'}}}}\n"
        configure(guarded, crm)
        guarded("setup", "--crm", "agency", "--yes")
        guarded("setup", "--crm", "agency", "--plan", "--json")
        guarded("config", "check", "--online", code=None)
        guarded("--debug", "sync", code=4)
        for words in LOOKING:
            guarded(*words)
        guarded.shell.patch.setenv("TOKEN", f"{TOKEN}-revoked")
        guarded("--debug", "sync", code=2)
        guarded("--log-format", "json", "sync", code=2)
        guarded("config", "check", "--online", "--json", code=2)
        guarded("setup", "--crm", "agency", "--yes", code=2)
        guarded.shell.patch.setenv("TOKEN", f"{TOKEN} with\ttabs")
        guarded("--debug", "sync", code=None)


@pytest.mark.slow
def test_with_hubspot_down(guarded: Guarded) -> None:
    configure(
        guarded, "crms: {agency: {kind: hubspot, token: {env: TOKEN}, base_url: 'http://127.0.0.1:1'}}\n"
    )
    guarded("--debug", "config", "check", "--online", code=None)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://me:{PASSWORD}@127.0.0.1:1/books",
        f"postgresql://me:{PASSWORD}%40x@127.0.0.1:1/books",
        f"mysql://me:{PASSWORD}@127.0.0.1:1/books",
    ],
)
def test_with_a_ledger_that_cannot_be_reached(guarded: Guarded, url: str) -> None:
    write_secret(guarded.shell.folder / "secrets" / "database", url)
    configure(guarded, state="{home: home, database: {file: secrets/database}}")
    for words in (("--debug", "sync"), ("status", "--all"), ("config", "check")):
        guarded(*words, code=None)
    guarded("config", "show")
    guarded.shell.patch.setenv("CRM_SYNC_DATABASE_URL", url)
    configure(guarded)
    for words in (("sync", "--user", "jane"), ("--debug", "runs")):
        guarded(*words, code=None)


@pytest.mark.parametrize(
    "mistake",
    [
        f"crms: {{a: {{kind: hubspot, token: {LITERAL}}}}}",
        f"crms: {{a: {{kind: hubspot, token: {{env: {LITERAL}}}}}}}",
        f"crms: {{a: {{kind: hubspot, token: {{file: {LITERAL}}}}}}}",
        f"crms: {{a: {{kind: hubspot, token: {{keyring: x/{LITERAL}}}}}}}",
        f"crms: {{a: {{kind: hubspot, token: {{env: {MARK}00a1b2c3d4e5f60718}}}}}}",
        f"crms: {{a: {{kind: hubspot, token: [{LITERAL}]}}}}",
        f"crms: {{a: {{kind: hubspot, tokn: {LITERAL}}}}}",
        f"{LITERAL}: 1",
        f"state: {{database: 'postgresql://me:{PASSWORD}@db.example/x'}}",
        f"notify: {{webhook: 'https://me:{PASSWORD}@hooks.example/x'}}",
        f"notify: {{slack: 'https://hooks.example/{ADDRESS}'}}",
        f"notify: {{email: 'mailtos://me:{PASSWORD}@mail.example'}}",
        f"notify: {{services: ['ntfys://{ADDRESS}']}}",
        f"notify: {{ping: 'ftp://{ADDRESS}'}}",
        f"users: {{jane: {{sources: [{{url: 'https://me:{PASSWORD}@files.example/x.csv'}}]}}}}",
    ],
)
def test_with_a_secret_in_the_wrong_place_of_the_file(guarded: Guarded, mistake: str) -> None:
    kept = guarded.shell.folder / "secrets" / "wrong.yaml"
    kept.write_text(mistake, encoding="utf-8")
    for name in "abc":
        guarded.shell.put("", name)
    for words in (("config", "check"), ("--debug", "sync"), ("config", "show", "--json")):
        guarded("--config", str(kept), *words, code=2)


def test_with_secrets_that_others_can_read_or_that_are_not_there(guarded: Guarded) -> None:
    configure(guarded, "crms: {a: {kind: hubspot, token: {file: secrets/token}}, b: {kind: local}}\n")
    token = guarded.shell.folder / "secrets" / "token"
    write_secret(token, TOKEN)
    token.chmod(0o644)
    guarded("config", "check", code=None)
    guarded("--debug", "sync", "--crm", "a", code=2)
    write_secret(token, f"{TOKEN}\n{TOKEN}")
    guarded("--debug", "sync", "--crm", "a", code=2)
    token.unlink()
    guarded("sync", "--crm", "a", code=2)


def test_with_a_schedule(guarded: Guarded) -> None:
    shell = guarded.shell
    tools = shell.folder / "tools"
    tools.mkdir()
    for name, text in (("crontab", CRONTAB), ("systemctl", SYSTEMCTL)):
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(0o755)
    shell.patch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    shell.patch.setenv("BOOK", str(shell.folder / "book"))
    shell.patch.setenv("CALLS", str(shell.folder / "calls"))
    shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
    shell.patch.setenv("CRM_SYNC_DATABASE_URL", f"postgresql://me:{PASSWORD}@127.0.0.1:1/x")
    configure(guarded)
    for clockwork in ("--cron", "--systemd"):
        guarded("schedule", "install", clockwork, "--plan")
        guarded("schedule", "install", clockwork)
        guarded("schedule", "show", "--json")
        guarded("schedule", "remove", clockwork)
    guarded("schedule", "install", "--cron")
    assert (shell.folder / "book").stat().st_size > 100


def test_the_look_through_finds_what_it_looks_for(guarded: Guarded) -> None:
    configure(guarded)
    guarded("config", "show")
    leak = guarded.shell.folder / "home.log"
    leak.write_text(f"oh no: {TOKEN}", encoding="utf-8")
    with pytest.raises(AssertionError):
        guarded.look_through()
    leak.unlink()
