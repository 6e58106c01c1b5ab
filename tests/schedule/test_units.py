"""Units that systemd accepts, whatever the paths hold."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_sync.errors import ScheduleError
from crm_sync.schedule.jobs import Job
from crm_sync.schedule.times import read_times
from crm_sync.schedule.units import SERVICE, TIMER, Service, next_by_systemd, texts, values_of
from tests.schedule.test_times import NEEDS_SYSTEMD

ODD = '/srv/100% "odd" $HOME/\\n'


@NEEDS_SYSTEMD
@pytest.mark.parametrize("system", [False, True])
@pytest.mark.parametrize("place", ["/srv/plain", ODD])
def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path, place: str, *, system: bool) -> None:
    job = Job(
        (sys.executable, "-m", "crm_sync", "--config", f"{place}/crm-sync.yaml", "--quiet", "sync"),
        {"PATH": "/usr/bin", "CRM_SYNC_HOME": place},
    )
    service = Service(
        job,
        Path(place) / "environment",
        ("hubspot:/etc/crm-sync/hubspot-token",),
        "root" if system else None,
        system,
    )
    times = read_times(None, ["07:30", "mon-fri 18:00"])
    for name, text in texts(service, times, "Europe/Berlin").items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    run = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / SERVICE), str(tmp_path / TIMER)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_what_means_something_to_systemd_is_made_harmless() -> None:
    job = Job(("/bin/x", ODD), {"CRM_SYNC_HOME": ODD})
    text = texts(Service(job, Path("/etc/e%")), read_times(None, ()), "UTC")[SERVICE]
    assert values_of(text, "ExecStart") == ['"/bin/x" "/srv/100%% \\"odd\\" $$HOME/\\\\n"']
    assert values_of(text, "Environment") == ['"CRM_SYNC_HOME=/srv/100%% \\"odd\\" $HOME/\\\\n"']
    assert values_of(text, "EnvironmentFile") == ["-/etc/e%%"]


@NEEDS_SYSTEMD
def test_the_next_run_is_right_when_the_clocks_change() -> None:
    calendar = "*-*-* 07:30:00 Europe/Berlin"
    spring, autumn = datetime(2027, 3, 27, 12, 0, tzinfo=UTC), datetime(2027, 10, 30, 12, 0, tzinfo=UTC)
    assert next_by_systemd(calendar, spring).isoformat() == "2027-03-28T05:30:00+00:00"
    assert next_by_systemd(calendar, autumn).isoformat() == "2027-10-31T06:30:00+00:00"
    assert next_by_systemd(calendar) > datetime.now(UTC)


def test_a_calendar_that_never_comes_is_told() -> None:
    with pytest.raises(ScheduleError, match=r"never comes|has no systemd-analyze"):
        next_by_systemd("someday")
