"""Three requests of ten fail in every way the simulated portal knows: repeated runs come to the same end."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_sync.app.sync import House
from crm_sync.crms.hubspot import Api, HubSpotCrm, Portal, PortalSetup, Wire
from crm_sync.crms.patient import Patience
from crm_sync.crms.throttle import Throttle, limits_for
from crm_sync.errors import CrmUnavailable
from crm_sync.ledger.sql import open_ledger
from tests.crms.hubspot_places import NoPace
from tests.world.test_kill import LATER, first, second
from tests.world.test_kill_hubspot import Remote, Step, play, remote
from tests.world.test_world import START, settings_at

MOST_RUNS = 60
RARE = ("429-daily", "477", "slow")
LAG = 0.5
"""Seconds of the index, longer than a run is."""

TOO_SLOW, TIMEOUT = 0.25, (5.0, 0.15)
QUARTER = 15 * 60.0

__all__ = ["remote"]


class Clock:
    """Time goes by with every pause, and with nothing else."""

    def __init__(self) -> None:
        self.now = 1e9

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def once(
    portal: Remote, folder: Path, step: Step, now: object, *, attempts: int, state: Portal, clock: Clock
) -> bool:
    """Run a step under faults; tell whether it ended with nothing in the air."""
    patience = Patience(sleep=clock.sleep, clock=clock, most=attempts)
    pace = Throttle(f"sqlite:///{folder}/pace.db", "1", limits_for("free"), sleep=clock.sleep, clock=clock)
    crm = HubSpotCrm(Api(Wire(portal.token, portal.url, None, patience, pace, TIMEOUT)), state)
    ledger = open_ledger(f"sqlite:///{folder}/ledger.db")
    try:
        house = House(ledger, crm, crm.check(), settings_at(now))  # type: ignore[arg-type]
        step(house)
        runs = ledger.runs(house.account.name, limit=1)
        return bool(runs and runs[0].ended_at) and not ledger.unsettled(house.account.name)
    except CrmUnavailable:
        return False
    finally:
        ledger.close()
        pace.close()


def portal_state(portal: Remote) -> Portal:
    """Set the portal up without faults."""
    patience = Patience(sleep=lambda _: None)
    setup = PortalSetup(Api(Wire(portal.token, portal.url, None, patience, NoPace())), None, None)
    return Portal.from_text(setup.carry_out(setup.survey()).state)


@pytest.mark.parametrize("attempts", [2, 6])
@pytest.mark.parametrize("seed", range(6))
def test_repeated_runs_under_faults_reach_the_state_of_a_faultless_run(
    tmp_path: Path, remote: Remote, seed: int, attempts: int
) -> None:
    play(remote, tmp_path / "calm", [first, second])
    calm = remote.state()
    remote.ask("reset", {})
    state = portal_state(remote)
    folder = tmp_path / "stormy"
    folder.mkdir()
    weather(remote, folder, state, {"faults": 0.3, "seed": seed, "index_lag": LAG * (seed % 2)}, attempts)
    assert remote.state() == calm


@pytest.mark.parametrize("seed", range(3))
def test_spent_days_migrations_and_answers_that_come_too_late_end_in_the_same_state(
    tmp_path: Path, remote: Remote, seed: int
) -> None:
    play(remote, tmp_path / "calm", [first, second])
    calm = remote.state()
    remote.ask("reset", {})
    state = portal_state(remote)
    folder = tmp_path / "stormy"
    folder.mkdir()
    told = {"faults": 0.35, "seed": seed, "names": RARE, "slow": TOO_SLOW, "index_lag": LAG}
    weather(remote, folder, state, told, attempts=4)
    met = {line["fault"] for line in remote.ask("log")}
    assert set(RARE) <= met
    assert remote.state() == calm


def weather(remote: Remote, folder: Path, state: Portal, told: dict[str, object], attempts: int) -> None:
    """Run two steps in such weather until each has ended with nothing in the air."""
    clock = Clock()
    remote.ask("settings", told)
    try:
        for step, now in ((first, START), (second, LATER)):
            for _ in range(MOST_RUNS):
                if once(remote, folder, _again(step), now, attempts=attempts, state=state, clock=clock):
                    break
                clock.now += QUARTER  # the next run begins when a spent day is asked for again
            else:
                raise AssertionError("it never came to an end")
    finally:
        remote.ask("settings", {"faults": 0, "index_lag": 0})


def _again(step: Step) -> Step:
    """Try refused records again, too: a fault may look like a refusal."""
    return lambda house: step(house, retry=True)  # type: ignore[call-arg]


def test_the_faults_were_there(remote: Remote) -> None:
    remote.ask("reset", {})
    remote.ask("settings", {"faults": 1.0, "seed": 1})
    try:
        api = Api(Wire(remote.token, remote.url, None, Patience(sleep=lambda _: None, most=2), NoPace()))
        with pytest.raises(CrmUnavailable):
            api.account()
    finally:
        remote.ask("settings", {"faults": 0})
