"""Three requests of ten fail in every way the simulated portal knows: repeated runs come to the same end."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_sync.app.sync import House
from crm_sync.crms.hubspot import Api, HubSpotCrm, Portal, PortalSetup, Wire
from crm_sync.crms.patient import Patience
from crm_sync.errors import CrmUnavailable
from crm_sync.ledger.sql import open_ledger
from tests.crms.hubspot_places import NoPace
from tests.world.test_kill import LATER, first, second
from tests.world.test_kill_hubspot import Remote, Step, play, remote
from tests.world.test_world import START, settings_at

MOST_RUNS = 60

__all__ = ["remote"]


def once(portal: Remote, folder: Path, step: Step, now: object, *, attempts: int, state: Portal) -> bool:
    """Run a step under faults; tell whether it ended with nothing in the air."""
    patience = Patience(sleep=lambda _: None, most=attempts)
    crm = HubSpotCrm(Api(Wire(portal.token, portal.url, None, patience, NoPace())), state)
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
    remote.ask("settings", {"faults": 0.3, "seed": seed})
    try:
        for step, now in ((first, START), (second, LATER)):
            ends = (
                once(remote, folder, _again(step), now, attempts=attempts, state=state)
                for _ in range(MOST_RUNS)
            )
            assert any(ends), "it never came to an end"
    finally:
        remote.ask("settings", {"faults": 0})
    assert remote.state() == calm


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
