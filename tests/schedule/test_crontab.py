"""A crontab keeps every byte that is not ours, and cron would run exactly what was meant."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_sync.errors import ScheduleError, UsageError
from crm_sync.schedule.crontab import (
    BEGIN,
    END,
    block,
    next_by_cron,
    rules_in,
    with_block,
    without_block,
)
from crm_sync.schedule.jobs import Job, sync_job
from crm_sync.schedule.times import read_times

JOB = Job(("/opt/crm-sync", "--quiet", "sync"), {"PATH": "/usr/bin"})
HOURLY = block(JOB, read_times(None, ()))
DAILY = block(JOB, read_times(None, ["07:30", "mon-fri 18:00"]))
BERLIN = ZoneInfo("Europe/Berlin")


@given(st.binary(max_size=300).filter(lambda text: b"crm-sync schedule" not in text))
def test_everything_else_in_the_crontab_stays_to_the_byte(theirs: bytes) -> None:
    assert without_block(with_block(theirs, HOURLY)) == theirs
    assert without_block(with_block(with_block(theirs, HOURLY), DAILY)) == theirs


@given(st.binary(max_size=300).filter(lambda text: b"crm-sync schedule" not in text))
def test_a_block_that_is_put_twice_stands_once(theirs: bytes) -> None:
    once = with_block(theirs, HOURLY)
    assert with_block(once, HOURLY) == once
    assert with_block(with_block(once, DAILY), HOURLY) == once


def test_the_block_stays_where_it_stands_between_other_lines() -> None:
    crontab = b"MAILTO=me@roe.example\n" + HOURLY.encode() + b"5 5 * * 1 /bin/true\n"
    changed = with_block(crontab, DAILY)
    assert changed == b"MAILTO=me@roe.example\n" + DAILY.encode() + b"5 5 * * 1 /bin/true\n"
    assert [rule for rule, _ in rules_in(changed)] == ["30 7 * * *", "0 18 * * 1,2,3,4,5"]


@pytest.mark.parametrize("half", [f"{BEGIN}\n", f"{END}\n", f"{END}\n{BEGIN}\n", HOURLY + HOURLY])
def test_a_block_that_was_broken_by_hand_is_left_alone(half: str) -> None:
    for change in (lambda text: with_block(text, DAILY), without_block, rules_in):
        with pytest.raises(
            UsageError,
            match="the part of crm-sync in the crontab has lost its first or last line, or has it twice",
        ):
            change(half.encode())


@pytest.mark.parametrize(
    "name", ["plain", "with blank", "100%", "quote'd", 'a"b', "$HOME", "back\\slash", "ü;&|"]
)
def test_cron_runs_the_command_with_every_letter_of_its_paths(tmp_path: Path, name: str) -> None:
    program = tmp_path / name
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$CRM_SYNC_HOME" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    job = Job((str(program), "--config", f"/etc/{name}", "sync"), {"CRM_SYNC_HOME": f"/home/{name}"})
    (line,) = [line for line in block(job, read_times(None, ())).splitlines() if not line.startswith("#")]
    assert not re.search(r"(?<!\\)%", line)
    command = line.split(None, 5)[5].replace(r"\%", "%")  # as crontab(5) says that cron does
    run = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True, env={})
    assert run.stdout.splitlines() == [f"/home/{name}", "--config", f"/etc/{name}", "sync"]


def test_a_command_that_cron_would_cut_off_is_refused() -> None:
    with pytest.raises(UsageError, match="the command is longer than the 990 characters that cron takes"):
        block(Job(("/" + "a" * 1000,)), read_times(None, ()))


def test_the_job_knows_what_decides_how_dates_are_read_and_no_secret(tmp_path: Path) -> None:
    environ = {
        "CRM_SYNC_TIME_ZONE": "Europe/Berlin",
        "CRM_SYNC_NOW": "2027-02-01T09:00:00+01:00",
        "CRM_SYNC_DATABASE_URL": "postgresql://me:hunter22@db.example/x",
        "HUBSPOT_ACCESS_TOKEN": "hunter23",
        "LANG": "de_DE.UTF-8",
        "LC_ALL": "C",
        "TZ": "Europe/Berlin",
        "EDITOR": "vi",
    }
    job = sync_job(Path("crm-sync.yaml"), tmp_path, environ)
    assert job.words[-4:] == ("--config", str(Path.cwd() / "crm-sync.yaml"), "--quiet", "sync")
    assert Path(job.words[0]).is_absolute()
    assert job.environment["PATH"].split(":")[0] == str(Path(sys.executable).parent)
    told = {name: value for name, value in job.environment.items() if name != "PATH"}
    assert told == {
        "CRM_SYNC_HOME": str(tmp_path),
        "CRM_SYNC_TIME_ZONE": "Europe/Berlin",
        "LANG": "de_DE.UTF-8",
        "TZ": "Europe/Berlin",
    }
    plain = {"CRM_SYNC_DATABASE_URL": "sqlite:////var/lib/x.db"}
    assert (
        sync_job(Path("a"), tmp_path, plain).environment["CRM_SYNC_DATABASE_URL"] == "sqlite:////var/lib/x.db"
    )


def test_a_path_with_a_line_break_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a path or variable holds a line break"):
        sync_job(Path("/a\nb.yaml"), tmp_path, {})


def test_the_next_run_is_right_when_the_clocks_change() -> None:
    spring = datetime(2027, 3, 27, 12, 0, tzinfo=BERLIN)
    assert next_by_cron("30 7 * * *", spring).isoformat() == "2027-03-28T07:30:00+02:00"
    autumn = datetime(2027, 10, 30, 12, 0, tzinfo=BERLIN)
    assert next_by_cron("30 7 * * *", autumn).isoformat() == "2027-10-31T07:30:00+01:00"
    skipped = next_by_cron("30 2 * * *", spring)
    assert skipped.astimezone(ZoneInfo("UTC")) <= datetime(2027, 3, 28, 1, 0, tzinfo=ZoneInfo("UTC"))
    monday = next_by_cron("30 7 * * 1,2,3,4,5", datetime(2027, 1, 29, 8, 0, tzinfo=BERLIN))
    assert monday.strftime("%a %d") == "Mon 01"


def test_a_rule_that_never_comes_is_told() -> None:
    for rule in ("0 0 31 2 *", "never"):
        with pytest.raises(ScheduleError, match=f'"{re.escape(rule)}" in the crontab never comes'):
            next_by_cron(rule, datetime(2027, 1, 29, 8, 0, tzinfo=BERLIN))
