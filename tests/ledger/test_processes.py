"""Several processes at one book, some of them killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from crm_sync.errors import LedgerBusy
from crm_sync.ledger import SqlLedger
from crm_sync.ledger.engine import location
from tests.ledger import children
from tests.ledger.children import ACCOUNT


def test_four_processes_at_once_make_an_empty_book(book_url: str, tmp_path: Path) -> None:
    instant = str(time.time() + 1.5)
    assert said_by([children.start("open_at", book_url, instant) for _ in range(4)]) == ["opened"] * 4
    with closing(SqlLedger(book_url)) as ledger:
        assert len(ledger.links(ACCOUNT)) == 4
    assert not list(tmp_path.glob("*.before-*"))  # three found it made, and migrated nothing


def test_what_one_holder_reads_no_other_changes_before_it_writes(book_url: str) -> None:
    assert said_by([children.start("add", book_url, "4") for _ in range(3)]) == ["added"] * 3
    with closing(SqlLedger(book_url)) as ledger:
        assert ledger.cursor(ACCOUNT) == "12"


def test_a_holder_that_was_killed_is_passed_over_at_once(book_url: str) -> None:
    with closing(SqlLedger(book_url)) as ledger, children.start("hold", book_url) as holder:
        name = next_line(holder)
        with pytest.raises(LedgerBusy) as busy, ledger.exclusive(ACCOUNT):
            pass
        assert busy.value.holder == name
        assert f"pid {holder.pid}" in name
        holder.kill()
        holder.wait()
        with ledger.exclusive(ACCOUNT) as lease:
            assert lease.epoch == 2


def test_a_process_killed_in_the_middle_of_an_entry_leaves_nothing_of_it(book_url: str) -> None:
    with children.start("die_while_recording", book_url) as child:
        assert child.communicate(timeout=60)[0].strip() == "recorded"
    assert child.returncode == -signal.SIGKILL
    with closing(SqlLedger(book_url)) as ledger:
        assert children.numbers_in(ledger) == {"1"}
        with ledger.exclusive(ACCOUNT) as lease:
            ledger.record(children.entry_of(3), lease)
        assert children.numbers_in(ledger) == {"3"}


@pytest.mark.parametrize("after", [1, 7, 20])
def test_what_was_recorded_survives_a_kill_at_any_moment_and_is_never_torn(book_url: str, after: int) -> None:
    with children.start("record_for_ever", book_url) as child:
        said = [next_line(child) for _ in range(after)]
        child.kill()
        said += child.communicate()[0].split()
    with closing(SqlLedger(book_url)) as ledger:
        (number,) = children.numbers_in(ledger)
    assert int(number) in (int(said[-1]), int(said[-1]) + 1)


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="needs /proc")  # noqa: PTH110
def test_a_process_number_that_went_to_another_program_holds_nothing(book_url: str) -> None:
    with closing(SqlLedger(book_url)) as ledger, ledger.exclusive(ACCOUNT):
        pretend(book_url, "birth = '1'")
        with ledger.exclusive(ACCOUNT) as lease:
            assert lease.epoch == 2


@pytest.mark.parametrize("pretence", ["host = 'elsewhere'", "home = 'another boot/pid:[1]'"])
def test_a_holder_that_cannot_be_looked_for_is_waited_for(book_url: str, pretence: str) -> None:
    with closing(SqlLedger(book_url)) as ledger, ledger.exclusive(ACCOUNT):
        pretend(book_url, f"{pretence}, pid = 999999999, birth = '1'")
        with pytest.raises(LedgerBusy), ledger.exclusive(ACCOUNT):
            pass


def test_a_lease_from_a_clock_that_ran_ahead_does_not_block_for_ever(book_url: str) -> None:
    with closing(SqlLedger(book_url)) as ledger, ledger.exclusive(ACCOUNT):
        pretend(book_url, "host = 'elsewhere', expires_at = expires_at + 86400")
        with ledger.exclusive(ACCOUNT) as lease:
            assert lease.epoch == 2


def pretend(url: str, change: str) -> None:
    engine = create_engine(location(url))
    with engine.begin() as connection:
        assert connection.execute(text(f"UPDATE ledger_leases SET {change}")).rowcount == 1
    engine.dispose()


def said_by(processes: list[subprocess.Popen[str]]) -> list[str]:
    return [process.communicate(timeout=60)[0].strip() for process in processes]


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()
