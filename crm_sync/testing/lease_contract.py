"""What every ledger promises about leases: one run per account, and no write by one that lost it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from crm_sync.domain.links import Link
from crm_sync.errors import LedgerBusy
from crm_sync.ports import Entry, Ledger
from crm_sync.testing.ledger_samples import key

ACCOUNT = "local"


class LeaseContract:
    """The promises of ``exclusive`` and of ``record``'s second argument."""

    def make_ledger(self, *, lease_seconds: float = 120.0) -> Ledger:
        """Return a door to the book of this test; another call in the same test, another to the same book.

        A new test finds an empty book. *lease_seconds* is how long a silent holder is waited for; it is
        the same for all doors of one test.
        """
        raise NotImplementedError

    @pytest.fixture
    def ledger(self) -> Iterator[Ledger]:
        """Return a book that is closed when the test ends."""
        ledger = self.make_ledger()
        yield ledger
        ledger.close()

    def test_who_works_on_an_account_is_told_while_it_does(self, ledger: Ledger) -> None:
        assert ledger.holder(ACCOUNT) == ""
        with ledger.exclusive(ACCOUNT) as lease:
            assert ledger.holder(ACCOUNT) == lease.holder
            assert ledger.holder("other") == ""
        assert ledger.holder(ACCOUNT) == ""

    def test_an_account_is_held_by_one_at_a_time_and_the_other_hears_by_whom(self, ledger: Ledger) -> None:
        with ledger.exclusive(ACCOUNT) as lease:
            assert lease.account == ACCOUNT
            assert "pid" in lease.holder
            with pytest.raises(LedgerBusy) as busy, self.make_ledger().exclusive(ACCOUNT):
                pass
        assert busy.value.holder == lease.holder
        assert lease.holder in busy.value.message

    def test_holding_twice_in_one_run_is_refused_and_never_waits_for_ever(self, ledger: Ledger) -> None:
        with (
            ledger.exclusive(ACCOUNT) as lease,
            pytest.raises(LedgerBusy) as busy,
            ledger.exclusive(ACCOUNT, wait=0.05),
        ):
            pass
        assert busy.value.holder == lease.holder

    def test_different_accounts_are_held_at_once(self, ledger: Ledger) -> None:
        with ledger.exclusive("a") as one, ledger.exclusive("b") as two:
            ledger.record(Entry("a"), one)
            ledger.record(Entry("b"), two)
        assert ledger.accounts() == ("a", "b")

    def test_an_account_is_free_again_after_its_run_however_that_ended(self, ledger: Ledger) -> None:
        with pytest.raises(KeyboardInterrupt), ledger.exclusive(ACCOUNT) as first:
            raise KeyboardInterrupt
        with self.make_ledger().exclusive(ACCOUNT) as second:
            assert second.epoch > first.epoch

    def test_who_waits_gets_the_account_when_it_becomes_free(self, ledger: Ledger) -> None:
        held, may_end = threading.Event(), threading.Event()

        def hold() -> None:
            with ledger.exclusive(ACCOUNT):
                held.set()
                may_end.wait(10)

        holder = threading.Thread(target=hold)
        holder.start()
        assert held.wait(10)
        threading.Timer(0.2, may_end.set).start()
        with self.make_ledger().exclusive(ACCOUNT, wait=10) as lease:
            ledger.record(Entry(ACCOUNT), lease)
        holder.join()

    def test_a_holder_that_fell_silent_is_passed_over_and_can_write_no_more(self) -> None:
        silent, next_one = self.make_ledger(lease_seconds=0.3), self.make_ledger(lease_seconds=0.3)
        with ExitStack() as stack:
            old = stack.enter_context(silent.exclusive(ACCOUNT))
            time.sleep(0.4)
            with next_one.exclusive(ACCOUNT) as new:
                assert new.epoch > old.epoch
                with pytest.raises(LedgerBusy):
                    silent.record(Entry(ACCOUNT, links=[Link(key("old"))]), old)
                next_one.record(Entry(ACCOUNT, links=[Link(key("new"))]), new)
                stack.close()  # the old holder's end takes nothing from the new one
                next_one.record(Entry(ACCOUNT), new)
        assert set(next_one.links(ACCOUNT)) == {key("new")}

    def test_a_lease_that_ran_out_but_went_to_nobody_still_writes(self) -> None:
        ledger = self.make_ledger(lease_seconds=0.05)
        with ledger.exclusive(ACCOUNT) as lease:
            time.sleep(0.1)
            ledger.record(Entry(ACCOUNT, links=[Link(key("k1"))]), lease)
        assert set(ledger.links(ACCOUNT)) == {key("k1")}

    def test_every_record_renews_the_lease(self) -> None:
        ledger, other = self.make_ledger(lease_seconds=1.0), self.make_ledger(lease_seconds=1.0)
        with ledger.exclusive(ACCOUNT) as lease:
            for _ in range(3):
                time.sleep(0.4)
                ledger.record(Entry(ACCOUNT), lease)
            with pytest.raises(LedgerBusy), other.exclusive(ACCOUNT):
                pass

    def test_a_lease_that_was_given_back_writes_no_more(self, ledger: Ledger) -> None:
        with ledger.exclusive(ACCOUNT) as lease:
            pass
        with pytest.raises(LedgerBusy):
            ledger.record(Entry(ACCOUNT, links=[Link(key("k1"))]), lease)
        assert ledger.links(ACCOUNT) == {}

    def test_a_lease_of_one_account_does_not_write_into_another(self, ledger: Ledger) -> None:
        with ledger.exclusive(ACCOUNT) as lease, pytest.raises(ValueError, match="under a lease of "):
            ledger.record(Entry("other", links=[Link(key("k1"))]), lease)
        assert ledger.accounts() == ()
