"""`schedule`, with a crontab and a systemd that only take notes."""

from __future__ import annotations

import json
import os

import pytest

from tests.cli.conftest import ROOT, TRACKER, Shell
from tests.schedule.test_times import NEEDS_SYSTEMD

CRONTAB = """#!/bin/sh
case "$1" in
  -l) if [ -f "$BOOK" ]; then cat "$BOOK"; else echo "no crontab for me" >&2; exit 1; fi ;;
  -) cat > "$BOOK" ;;
esac
"""
SYSTEMCTL = """#!/bin/sh
echo "$@" >> "$CALLS"
case "$*" in
  *is-enabled*) [ -f "$CALLS.on" ] ;;
  *able*--now*) [ -f "$CALLS.off" ] && { echo "no bus" >&2; exit 1; }
    case "$*" in *disable*) rm -f "$CALLS.on" ;; *) touch "$CALLS.on" ;; esac ;;
esac
"""
THEIRS = b'MAILTO=""\n# mine\n0 5 * * 1 tar -zcf /b/home.tgz /home/ \xff 100\\%\n'


@pytest.fixture
def machine(shell: Shell, monkeypatch: pytest.MonkeyPatch, berlin: None) -> Shell:
    """A shell on a machine whose crontab is the file `book`, and whose systemctl writes to `calls`."""
    monkeypatch.chdir(shell.folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(shell.folder / "config"))
    for name in ("LANG", "LC_ALL", "LC_TIME"):
        monkeypatch.delenv(name, raising=False)
    tools = shell.folder / "tools"
    tools.mkdir()
    for name, text in (("crontab", CRONTAB), ("systemctl", SYSTEMCTL)):
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    monkeypatch.setenv("BOOK", str(shell.folder / "book"))
    monkeypatch.setenv("CALLS", str(shell.folder / "calls"))
    shell.put(TRACKER)
    shell.put("users: {jane: {sources: [jobs.csv]}}\n", "crm-sync.yaml")
    return shell


def book(machine: Shell) -> bytes:
    return (machine.folder / "book").read_bytes()


def test_a_crontab_gets_one_block_and_keeps_the_rest_to_the_byte(machine: Shell) -> None:
    (machine.folder / "book").write_bytes(THEIRS)
    said = machine("schedule", "install", "--cron", "--every", "15m")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(
        "Written: crontab\nBy cron: */15 * * * *  (crontab)\n  Runs: /usr/bin/env PATH="
    )
    assert "  Next: Mon 1 Feb 2027, 09:15 in Europe/Berlin\n" in said.out
    assert book(machine).startswith(THEIRS)
    assert f"--config {machine.folder}/crm-sync.yaml --quiet sync\n" in book(machine).decode(errors="replace")
    assert f"CRM_SYNC_HOME={machine.folder}/home" in book(machine).decode(errors="replace")
    assert "CRM_SYNC_NOW" not in book(machine).decode(errors="replace")
    before = book(machine)
    assert machine("schedule", "install", "--cron", "--every", "15m").out.startswith("Nothing to change.\n")
    assert book(machine) == before
    machine("schedule", "install", "--cron", "--at", "mon-fri 07:30", "--at", "18:00")
    assert book(machine).count(b"crm-sync schedule: begin") == 1
    assert machine("schedule", "remove").out == "Removed: crontab\n"
    assert book(machine) == THEIRS
    assert machine("schedule", "remove").out == "Nothing is scheduled.\n"


def test_a_person_without_a_crontab_gets_one(machine: Shell) -> None:
    assert machine("schedule", "install", "--cron").code == 0
    told = json.loads(machine("schedule", "show", "--json").out)
    assert [(one["by"], one["rules"], one["next"]) for one in told] == [
        ("cron", ["0 * * * *"], "2027-02-01T10:00:00+01:00")
    ]


def test_plan_shows_what_would_be_written_and_writes_nothing(machine: Shell) -> None:
    said = machine("schedule", "install", "--cron", "--plan")
    assert said.out.startswith("# crm-sync schedule: begin.")
    said = machine("schedule", "install", "--systemd", "--system", "--run-as", "crm", "--plan")
    assert "/etc/systemd/system/crm-sync.service:\n" in said.out
    assert "User=crm\n" in said.out
    assert "ProtectSystem=full\n" in said.out
    assert not (machine.folder / "book").exists()
    assert not (machine.folder / "calls").exists() or "enable" not in (machine.folder / "calls").read_text()
    assert machine("schedule", "show").out == "Nothing is scheduled. Begin with: crm-sync schedule install\n"
    machine("schedule", "install", "--cron")
    assert machine("schedule", "remove", "--cron", "--plan").out == "Would be removed: crontab\n"
    assert book(machine).count(b"begin") == 1


@NEEDS_SYSTEMD
def test_systemd_gets_a_service_and_a_timer_which_is_started(machine: Shell) -> None:
    said = machine("schedule", "install", "--systemd", "--at", "mon-fri 07:30")
    folder = machine.folder / "config" / "systemd" / "user"
    assert said.code == 0
    assert said.out.startswith(
        f"Written: {folder}/crm-sync.service, {folder}/crm-sync.timer\nBy systemd: Mon,Tue"
    )
    assert "  Next: Tue 2 Feb 2027, 07:30 in Europe/Berlin\n" in said.out
    assert said.err == (
        "Note: your timers run while you are logged in; for always, run: loginctl enable-linger\n"
    )
    assert "--user enable --now crm-sync.timer\n" in (machine.folder / "calls").read_text()
    assert machine("schedule", "install", "--systemd", "--at", "mon-fri 07:30").out.startswith(
        "Nothing to change."
    )
    again = machine("schedule", "install", "--cron")
    assert again.code == 2
    assert again.err.startswith("crm-sync: systemd runs it already (")
    assert machine("schedule", "remove", "--cron").out == "Nothing is scheduled.\n"
    assert machine("schedule", "remove", "--systemd").out.startswith("Removed: ")
    assert list(folder.iterdir()) == []


@NEEDS_SYSTEMD
def test_a_systemd_that_does_not_answer_is_told_with_what_to_run(machine: Shell) -> None:
    (machine.folder / "calls.off").touch()
    said = machine("schedule", "install", "--systemd")
    assert said.code == 4
    assert said.err.startswith(
        "crm-sync: systemd was not reached: no bus.\n  Where it answers, run: systemctl"
    )
    shown = machine("schedule", "show").out
    assert (
        "  Next: never; the timer was not started, so it never runs.\n    Run: systemctl --user enable"
        in shown
    )
    checked = machine("config", "check")
    assert checked.code == 4
    assert "!!  schedule: the timer was not started" in checked.out
    assert machine("schedule", "remove").code == 4
    assert machine("schedule", "show").out.startswith("Nothing is scheduled.")


def test_a_unit_of_somebody_else_is_left_alone(machine: Shell) -> None:
    unit = machine.folder / "config" / "systemd" / "user" / "crm-sync.timer"
    unit.parent.mkdir(parents=True)
    unit.write_text("[Timer]\n", encoding="utf-8")
    said = machine("schedule", "install", "--systemd")
    assert said.code == 2
    assert f"{unit} was not written by crm-sync" in said.err
    assert unit.read_text(encoding="utf-8") == "[Timer]\n"


def test_secrets_that_only_a_shell_knows_are_named_and_never_written(machine: Shell) -> None:
    machine.patch.setenv("TOKEN", "pat-na1-secret-0001")
    machine.patch.setenv("CRM_SYNC_DATABASE_URL", "postgresql://me:hunter22@127.0.0.1:1/x")
    machine.put(
        "users: {jane: {sources: [jobs.csv]}}\ncrms:\n  a: {kind: hubspot, token: {env: TOKEN}}\n"
        "  b: {kind: hubspot, portal: 7, token: {file: $CREDENTIALS_DIRECTORY/hub}}\n"
        "  c: {kind: hubspot, portal: 8, token: {keyring: a/b}}\n",
        "crm-sync.yaml",
    )
    said = machine("schedule", "install", "--cron")
    assert said.code == 0
    assert "crm-sync.yaml:3: crms.a.token: cron does not know the variable TOKEN. Keep the secret" in said.err
    assert "the credential hub is not handed over. Use systemd and say --credential hub:PATH." in said.err
    assert "crms.c.token: cron cannot open a keyring" in said.err
    assert "cron does not know the variable CRM_SYNC_DATABASE_URL" in said.err
    for secret in ("pat-na1", "hunter22"):
        assert secret not in book(machine).decode() + said.out + said.err
    machine.patch.delenv("CRM_SYNC_DATABASE_URL")
    checked = machine("config", "check")
    assert "!!  schedule: " in checked.out
    assert "cron does not know the variable TOKEN" in checked.out


@NEEDS_SYSTEMD
def test_a_file_of_variables_and_credentials_satisfy_systemd(machine: Shell) -> None:
    machine.put(
        "users: {jane: {sources: [jobs.csv]}}\ncrms:\n  a: {kind: hubspot, portal: 1, token: {env: TOKEN}}\n"
        "  b: {kind: hubspot, portal: 7, token: {file: $CREDENTIALS_DIRECTORY/hub}}\n  c: {kind: local}\n"
        "defaults: {crm: c}\n",
        "crm-sync.yaml",
    )
    said = machine("schedule", "install", "--systemd")
    variables = machine.folder / "config" / "crm-sync" / "environment"
    assert (
        f"systemd does not know the variable TOKEN. Write TOKEN=... into {variables} (chmod 600)." in said.err
    )
    variables.parent.mkdir()
    variables.write_text("TOKEN=x\n", encoding="utf-8")
    variables.chmod(0o644)
    said = machine("schedule", "install", "--systemd")
    assert f"Note: {variables} can be read by others. Run: chmod 600 {variables}\n" in said.err
    variables.chmod(0o600)
    said = machine("schedule", "install", "--systemd", "--credential", "hub:/etc/crm-sync/hub")
    assert "does not know" not in said.err
    assert "is not handed over" not in said.err
    unit = (machine.folder / "config" / "systemd" / "user" / "crm-sync.service").read_text(encoding="utf-8")
    assert "LoadCredential=hub:/etc/crm-sync/hub\n" in unit
    assert f"EnvironmentFile=-{variables}\n" in unit
    assert "ok  schedule: systemd runs it next at 2027-02-01T" in machine("config", "check").out


def test_check_tells_a_schedule_whose_program_or_configuration_is_gone(machine: Shell) -> None:
    assert "ok  schedule: not scheduled" in machine("config", "check").out
    machine("schedule", "install", "--cron")
    assert "ok  schedule: cron runs it next at 2027-02-01T10:00+01:00\n" in machine("config", "check").out
    (machine.folder / "crm-sync.yaml").rename(machine.folder / "moved.yaml")
    said = machine("--config", "moved.yaml", "config", "check")
    assert said.code == 4
    assert f"the schedule in crontab runs {machine.folder}/crm-sync.yaml, which is not there" in said.out


def test_where_the_machines_clock_is_another_it_is_said(machine: Shell) -> None:
    machine.patch.setenv("CRM_SYNC_TIME_ZONE", "Asia/Tokyo")
    said = machine("schedule", "install", "--cron", "--at", "07:30")
    assert "Note: cron goes by the machine's clock (Europe/Berlin), not by Asia/Tokyo" in said.err
    assert "  Next: Tue 2 Feb 2027, 15:30 in Asia/Tokyo\n" in said.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--every", "7m"), '--every: "7m" is no interval'),
        (("--at", "noon"), '--at: "noon" is no time of day'),
        (
            ("--cron", "--systemd"),
            "--cron does not go together with --systemd, --system, --run-as or --credential",
        ),
        (("--run-as", "x"), "--run-as is for --system"),
        (("--credential", "x"), '--credential: "x" is not a name and a path'),
    ],
)
def test_words_that_make_no_sense_are_refused(machine: Shell, words: tuple[str, ...], told: str) -> None:
    said = machine("schedule", "install", *words)
    assert said.code == 2
    assert told in said.err


def test_without_a_configuration_there_is_nothing_to_schedule(machine: Shell) -> None:
    (machine.folder / "crm-sync.yaml").unlink()
    said = machine("schedule", "install", "--cron")
    assert said.code == 2
    assert said.err == (
        "crm-sync: there is no configuration, so a schedule would have nothing to read.\n"
        "  Write one with crm-sync init, or name it with --config FILE.\n"
    )


def test_a_machine_without_crontab_is_told_apart(machine: Shell) -> None:
    machine.patch.setenv("PATH", str(machine.folder / "nothing"))
    said = machine("schedule", "install", "--cron")
    assert said.code == 4
    assert said.err.startswith("crm-sync: this machine has no crontab.\n  Install cron, or use --systemd;")
    assert machine("schedule", "install", "--cron", "--plan").code == 0
    assert machine("schedule", "show").out.startswith("Nothing is scheduled.")
    assert "ok  schedule: not scheduled" in machine("config", "check").out


def test_a_crontab_that_refuses_keeps_the_old_one(machine: Shell) -> None:
    (machine.folder / "book").write_bytes(THEIRS)
    refusing = CRONTAB.replace('cat > "$BOOK"', 'cat >/dev/null; echo "bad minute" >&2; exit 1')
    (machine.folder / "tools" / "crontab").write_text(refusing, encoding="utf-8")
    said = machine("schedule", "install", "--cron")
    assert said.code == 4
    assert "the crontab was not taken: bad minute" in said.err
    assert book(machine) == THEIRS


def test_the_scheduled_command_really_syncs_in_an_empty_environment(machine: Shell) -> None:
    import subprocess

    machine("schedule", "install", "--cron")
    (line,) = [line for line in book(machine).decode().splitlines() if not line.startswith("#")]
    command = line.split(None, 5)[5].replace(r"\%", "%")
    run = subprocess.run(
        ["/bin/sh", "-c", command], cwd=ROOT, env={}, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert machine("deals", "--json").out.count('"job_title"') == 4


def test_a_crontab_that_cannot_be_read_is_told_and_never_taken_for_an_empty_one(machine: Shell) -> None:
    closed = CRONTAB.replace("no crontab for me", "you are not allowed to use this program")
    (machine.folder / "tools" / "crontab").write_text(closed, encoding="utf-8")
    said = machine("schedule", "install", "--cron")
    assert said.code == 4
    assert "the crontab cannot be read: you are not allowed to use this program" in said.err
    (machine.folder / "tools" / "crontab").chmod(0o644)
    machine.patch.setenv("PATH", str(machine.folder / "tools"))
    said = machine("schedule", "install", "--cron")
    assert said.code == 4
    assert "crontab could not be run: PermissionError" in said.err


def test_a_folder_of_units_that_cannot_be_written_is_told(machine: Shell) -> None:
    (machine.folder / "config").write_text("no folder", encoding="utf-8")
    said = machine("schedule", "install", "--systemd")
    assert said.code == 4
    assert "systemd/user cannot be written: not a directory.\n  Make the folder writable for you." in said.err


def test_a_unit_that_cannot_be_read_is_told(machine: Shell) -> None:
    unit = machine.folder / "config" / "systemd" / "user" / "crm-sync.timer"
    unit.parent.mkdir(parents=True)
    unit.write_bytes(b"\xff\xfe")
    said = machine("schedule", "show")
    assert said.code == 4
    assert f"{unit} cannot be read: UnicodeDecodeError" in said.err


@NEEDS_SYSTEMD
def test_a_timer_that_was_changed_by_hand_is_told_as_it_is(machine: Shell) -> None:
    machine("schedule", "install", "--systemd")
    timer = machine.folder / "config" / "systemd" / "user" / "crm-sync.timer"
    text = timer.read_text(encoding="utf-8")
    timer.write_text(text.replace("*-*-* *:00:00", "Sun *-*-* 11:00"), encoding="utf-8")
    assert "  Next: Sun 7 Feb 2027, 11:00 in Europe/Berlin\n" in machine("schedule", "show").out
    timer.write_text(text.replace("*-*-* *:00:00", "someday"), encoding="utf-8")
    assert (
        'Next: never; "someday Europe/Berlin" in crm-sync.timer never comes'
        in machine("schedule", "show").out
    )


def test_without_an_option_the_machine_decides_and_one_can_remove_the_machines_own(machine: Shell) -> None:
    from crm_sync.app.scheduling import clockwork_here

    assert machine("schedule", "install").code == 0
    told = json.loads(machine("schedule", "show", "--json").out)
    assert [one["by"] for one in told] == [clockwork_here()]
    assert machine("schedule", "remove", "--system").out == "Nothing is scheduled.\n"
    assert machine("schedule", "remove").out.startswith("Removed: ")
