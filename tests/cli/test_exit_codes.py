"""Every exit code once, and what is said with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crm_sync.app.wiring import open_house
from crm_sync.cli.failures import code_of, sentence
from crm_sync.config.settings import load
from crm_sync.errors import (
    ConfigError,
    CrmSyncError,
    CrmUnavailable,
    LedgerBusy,
    LedgerError,
    NotAllowed,
    RecordRefused,
    SourceError,
    UnsafePlan,
    UsageError,
)
from tests.cli.conftest import JANE, ROOT, TRACKER, Process, Shell

STRANGER = '''
"""A stranger's connector, which is broken or is interrupted."""

from crm_sync.ports import Recognition


class Kind:
    name, version = "stranger", "1"

    def recognise(self, path):
        return Recognition(0.0, "never")

    def connect(self, path, options):
        raise KeyboardInterrupt if "stop" in path else RuntimeError("the secret is hunter22")


KIND = Kind()
'''


@pytest.fixture
def stranger(tmp_path: Path) -> str:
    """Return a PYTHONPATH on which a stranger's connector is installed."""
    (tmp_path / "stranger_connector.py").write_text(STRANGER, encoding="utf-8")
    info = tmp_path / "stranger-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        "[crm_sync.connectors]\nstranger = stranger_connector:KIND\n", encoding="utf-8"
    )
    return os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])


def test_0_done(shell: Shell) -> None:
    assert shell("import", shell.put()).code == 0


def test_1_rows_were_rejected(shell: Shell) -> None:
    assert shell("read", shell.put(TRACKER + ",,,2027-01-25,Applied,,,\n")).code == 1


@pytest.mark.parametrize(
    "words", [("fly",), ("import",), ("calls", "--days", "0"), ("read", "--nosuch", "x")]
)
def test_2_words_that_the_command_line_does_not_know(shell: Shell, words: tuple[str, ...]) -> None:
    said = shell(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("Usage: crm-sync")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CRM_SYNC_NOW", "yesterday", 'CRM_SYNC_NOW: "yesterday" is no date and time'),
        ("CRM_SYNC_NOW", "2027-02-01T09:00:00", 'CRM_SYNC_NOW: "2027-02-01T09:00:00" has no offset'),
        ("CRM_SYNC_TIME_ZONE", "Moon/Crater", 'CRM_SYNC_TIME_ZONE: "Moon/Crater" is no time zone'),
        ("CRM_SYNC_COUNTRY", "ZZ", "CRM_SYNC_COUNTRY: no country is called"),
        ("CRM_SYNC_DAYS_OFF", "friday", "CRM_SYNC_DAYS_OFF: Invalid isoformat string: 'friday'"),
        ("CRM_SYNC_CALLS_PER_DAY", "0", 'CRM_SYNC_CALLS_PER_DAY: "0" is no count'),
        ("CRM_SYNC_CADENCE", "furious", 'CRM_SYNC_CADENCE: there is no cadence "furious"'),
    ],
)
def test_2_a_setting_that_is_wrong_is_named(shell: Shell, name: str, value: str, told: str) -> None:
    shell.patch.setenv(name, value)
    said = shell("status")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"crm-sync: {told}")


def test_3_a_plan_that_was_not_reviewed(shell: Shell) -> None:
    assert shell("import", shell.put(), "--expect", "0123456789ab").code == 3


def test_4_a_file_that_is_not_there(shell: Shell) -> None:
    said = shell("read", "missing.csv")
    assert (said.code, said.out) == (4, "")
    assert said.err == "crm-sync: missing.csv: there is no such file.\n  Check the path.\n"


def test_4_a_ledger_that_cannot_be_opened(shell: Shell) -> None:
    blocked = shell.put("not a folder", "blocked")
    shell.patch.setenv("CRM_SYNC_HOME", f"{blocked}/home")
    assert shell("status").code == 4


def test_4_another_run_holds_the_account_and_is_named(filled: Shell) -> None:
    with open_house(load(os.environ)) as house, house.ledger.exclusive(house.account.name):
        said = filled("log", filled.key(JANE), "no_answer")
    assert (said.code, said.out) == (4, "")
    assert str(os.getpid()) in said.err


def test_5_a_bug_leaves_a_log_with_versions_and_no_traceback_on_the_screen(
    process: Process, stranger: str, home: Path
) -> None:
    run = process("read", "x.csv", "--connector", "stranger", PYTHONPATH=stranger)
    assert (run.returncode, run.stdout) == (5, "")
    assert run.stderr.count("\n") == 1
    assert run.stderr.startswith(
        "crm-sync: this is a bug in crm-sync (RuntimeError), not a mistake of yours."
    )
    (log,) = (home / "logs").iterdir()
    assert run.stderr.endswith(f" What happened is written down in {log}.\n")
    text = log.read_text(encoding="utf-8")
    assert text.startswith("crm-sync ")
    assert "Python 3" in text
    assert "RuntimeError: the secret is hunter22" in text


def test_5_a_bug_that_cannot_be_written_down_says_how_to_see_it(
    process: Process, stranger: str, tmp_path: Path
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("no folder", encoding="utf-8")
    words = ("read", "x.csv", "--connector", "stranger")
    run = process(*words, PYTHONPATH=stranger, CRM_SYNC_HOME=str(blocked))
    assert (run.returncode, run.stdout) == (5, "")
    assert run.stderr.endswith(", not a mistake of yours. It could not be written down; see --debug.\n")
    assert process("--debug", *words, PYTHONPATH=stranger).stderr.startswith("Traceback")


def test_5_secrets_appear_neither_on_the_screen_nor_in_the_log(
    process: Process, stranger: str, home: Path
) -> None:
    words = ("--debug", "read", "x.csv", "--connector", "stranger")
    url = "postgresql://someone:hunter22@127.0.0.1:1/nowhere"
    run = process(*words, PYTHONPATH=stranger, CRM_SYNC_DATABASE_URL=url)
    assert "Traceback" in run.stderr
    (log,) = (home / "logs").iterdir()
    assert "hunter22" not in run.stderr + run.stdout + log.read_text(encoding="utf-8")


def test_a_password_with_odd_letters_is_never_shown(process: Process) -> None:
    for url in (
        "postgresql://someone:hun%40ter%2F22@127.0.0.1:1/nowhere",
        "postgresql://someone:hun@ter/22@127.0.0.1:1/nowhere",
        "mysql://someone:hunter22@127.0.0.1/nowhere",
    ):
        run = process("--debug", "status", CRM_SYNC_DATABASE_URL=url)
        assert run.returncode in (2, 4), run.stderr
        for secret in ("hunter22", "hun@ter/22", "hun%40ter%2F22", "ter/22"):
            assert secret not in run.stderr + run.stdout


def test_130_interrupted(process: Process, stranger: str) -> None:
    run = process("read", "stop.csv", "--connector", "stranger", PYTHONPATH=stranger)
    assert (run.returncode, run.stdout) == (130, "")
    assert run.stderr == ("crm-sync: interrupted. What was done so far is kept; run it again to go on.\n")


def test_a_reader_who_stops_reading_ends_the_command_quietly(
    surroundings: dict[str, str], shell: Shell
) -> None:
    path = shell.put(
        TRACKER.splitlines()[0] + "\n" + "".join(f"Firm {n},Job {n},,,,,,\n" for n in range(9000))
    )
    command = [sys.executable, "-m", "crm_sync.cli.main", "read", path]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.readline()
        run.stdout.close()
        assert run.stderr.read() == b""
        assert run.wait(60) == 0


def test_debug_shows_where_an_expected_error_comes_from(shell: Shell) -> None:
    plain, debug = shell("read", "missing.csv"), shell("--debug", "read", "missing.csv")
    assert "Traceback" not in plain.err
    assert debug.err.startswith("Traceback")
    assert debug.err.endswith(plain.err)


def test_a_house_is_opened_for_no_crm_that_there_is_not(shell: Shell) -> None:
    with pytest.raises(UsageError) as caught, open_house(load(os.environ), "salesforce"):
        pass
    assert caught.value.message == 'there is no CRM "salesforce"'


def test_every_error_has_its_code() -> None:
    codes = {
        ConfigError: 2,
        UsageError: 2,
        NotAllowed: 2,
        UnsafePlan: 3,
        SourceError: 4,
        CrmUnavailable: 4,
        LedgerError: 4,
        LedgerBusy: 4,
        RecordRefused: 1,
    }
    assert {kind: code_of(kind("it happened")) for kind in codes} == codes


def test_a_sentence_says_what_happened_and_on_a_line_of_its_own_what_to_do() -> None:
    assert sentence(CrmSyncError("it rains.", "take a coat.")) == "crm-sync: it rains.\n  Take a coat."
    assert sentence(CrmSyncError("who is there?")) == "crm-sync: who is there?"
