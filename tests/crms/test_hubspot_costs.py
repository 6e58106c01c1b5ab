"""What a sync with HubSpot costs, counted in requests after setup, and never by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_sync.app.sync import House, run
from crm_sync.domain.applications import Application, Snapshot
from crm_sync.domain.stages import Stage
from crm_sync.ledger.sql import open_ledger
from tests.crms.hubspot_places import crm_on
from tests.hubspot_simulator.simulator import Simulator
from tests.world.test_world import settings_at

NOW = datetime(2027, 2, 1, 9, tzinfo=UTC)


def applications(count: int, companies: int, contacts: int, changed: int = 0) -> tuple[Application, ...]:
    """Return plainly invented applications at so many companies, with so many contacts."""
    return tuple(
        _application(n, companies, contacts, "Town" if n < changed else "Village") for n in range(count)
    )


def _application(number: int, companies: int, contacts: int, place: str) -> Application:
    company = number % companies
    return Application(
        row=number + 2,
        sheet=None,
        connector="spreadsheet",
        company=f"Company {company} of Invention",
        company_domain=f"company{company}.example",
        job_title=f"Job {number}",
        stage=Stage.APPLIED,
        external_id=f"job-{number}",
        applied_on=(NOW - timedelta(days=7)).date(),
        location=f"{place} {number}",
        contact_name=f"Person {number}" if number < contacts else None,
        contact_email=f"person{number}@company{company}.example" if number < contacts else None,
    )


@contextmanager
def house_on(simulator: Simulator, folder: Path, now: datetime = NOW) -> Iterator[House]:
    """Open a house on a simulated portal that is set up, with a ledger in a folder."""
    crm = crm_on(simulator)
    ledger = open_ledger(f"sqlite:///{folder}/ledger.db")
    try:
        yield House(ledger, crm, crm.check(), settings_at(now))
    finally:
        ledger.close()


def look(simulator: Simulator, folder: Path, rows: tuple[Application, ...]) -> tuple[int, int]:
    """Import rows once; return the requests and the writes among them."""
    with house_on(simulator, folder) as house:
        before, written = len(simulator.lines()), simulator.count(writes=True)
        report = run(house, "import", [Snapshot("list", "spreadsheet", rows)])
        assert not report.failures
        assert not report.stopped
        # the account was checked while the portal was set up, which is not counted
        return 1 + len(simulator.lines()) - before, simulator.count(writes=True) - written


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(tier="starter") as portal:
        yield portal


def test_a_thousand_applications_take_at_most_eighty_requests(simulator: Simulator, tmp_path: Path) -> None:
    rows = applications(1_000, 700, 300)
    requests, _ = look(simulator, tmp_path, rows)
    assert requests <= 80
    assert [len(simulator.records(kind)) for kind in ("deals", "companies", "contacts")] == [1_000, 700, 300]
    again, written = look(simulator, tmp_path, rows)
    assert written == 0
    assert again <= 10
    third, written = look(simulator, tmp_path, rows)
    assert written == 0
    assert third <= 5
    fewer, _ = look(simulator, tmp_path, applications(1_000, 700, 300, changed=50))
    assert fewer <= 15


@pytest.mark.slow
def test_ten_thousand_unchanged_cost_no_more_than_a_hundred(simulator: Simulator, tmp_path: Path) -> None:
    rows = applications(10_000, 7_000, 3_000)
    look(simulator, tmp_path, rows)
    again, written = look(simulator, tmp_path, rows)
    assert (written, again <= 100) == (0, True)
    third, written = look(simulator, tmp_path, rows)
    assert (written, third <= 5) == (0, True)
    fewer, _ = look(simulator, tmp_path, applications(10_000, 7_000, 3_000, changed=50))
    assert fewer <= 15
