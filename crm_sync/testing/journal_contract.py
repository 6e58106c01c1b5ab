"""What every ledger promises about its journal, and about those it was told to forget."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crm_sync.domain.forgetting import Oblivion, evidence_trace, key_trace, user_trace
from crm_sync.domain.items import RemoteId
from crm_sync.domain.journal import Line, Page
from crm_sync.domain.keys import Kind
from crm_sync.domain.links import Link
from crm_sync.planning.callees import DO_NOT_CALL
from crm_sync.ports import Ledger
from crm_sync.testing import ledger_samples as sample
from crm_sync.testing.entry_contract import EntryContract
from crm_sync.testing.ledger_samples import MORNING, NOON, key

ACCOUNT = "local"


class JournalContract(EntryContract):
    """The promises of ``journal``, ``forget`` and ``remember``."""

    def test_pages_come_back_in_their_order_as_they_were_written(self, ledger: Ledger) -> None:
        later, first = _page("r2", 1, NOON), _page("r1", 1, MORNING)
        second = Page(
            "r1", 2, MORNING + timedelta(seconds=1), (Line("sent", Kind.DEAL, "ada", {"k1": None}),)
        )
        self.write(ledger, journal=[later])
        self.write(ledger, journal=[first, second])
        assert ledger.journal(ACCOUNT) == (first, second, later)
        assert ledger.journal(ACCOUNT, run="r1") == (first, second)
        assert ledger.journal("other") == ()

    def test_one_applications_lines_are_its_own_and_those_of_its_calls(self, ledger: Ledger) -> None:
        told = {"abcd": 1, "abcd:1:1": 2, "abcdef": 3, "xabcd": 4}
        self.write(ledger, journal=[Page("r1", 1, NOON, (Line("sent", Kind.TASK, "ada", told, "x"),))])
        ((line,),) = [page.lines for page in ledger.journal(ACCOUNT, about="abcd")]
        assert line == Line("sent", Kind.TASK, "ada", {"abcd": 1, "abcd:1:1": 2}, "x")
        assert ledger.journal(ACCOUNT, about="bcde") == ()

    def test_runs_are_found_by_the_beginning_of_their_id(self, ledger: Ledger) -> None:
        self.write(ledger, run=sample.run("abc1", MORNING))
        self.write(ledger, account="other", run=sample.run("abd2", NOON, "other"))
        assert [run.id for run in ledger.find_runs("ab")] == ["abd2", "abc1"]
        assert [run.id for run in ledger.find_runs("abc")] == ["abc1"]
        assert ledger.find_runs("b") == ()

    def test_touches_are_taken_back_by_their_ids(self, ledger: Ledger) -> None:
        self.write(ledger, touches=[sample.touch("t1", "k1"), sample.touch("t2", "k1")])
        self.write(ledger, untold=["t1", "t9"])
        assert ledger.touches(ACCOUNT) == {"k1": (sample.touch("t2", "k1"),)}

    def test_a_forgotten_user_is_gone_and_the_others_stay(self, ledger: Ledger) -> None:
        self.write(ledger, **_household())
        company = key("acme", Kind.COMPANY, "")
        self.forget(ledger, whole=True, parties=frozenset({company}), traces={user_trace("ada"): "a"})
        assert set(ledger.dossiers(ACCOUNT)) == {"kbob"}
        assert set(ledger.links(ACCOUNT)) == {key("kbob", owner="bob"), key("shared", Kind.COMPANY, "")}
        assert ledger.touches(ACCOUNT) == {}
        assert ledger.evidence(ACCOUNT, "ada") == {}
        assert ledger.evidence(ACCOUNT, "") == {f"{DO_NOT_CALL}email:jane@firm.example": "", "s": "shared"}
        assert (ledger.sources(ACCOUNT), ledger.conflicts(ACCOUNT), ledger.runs(ACCOUNT)) == ((), (), ())
        ((line,),) = [page.lines for page in ledger.journal(ACCOUNT)]
        assert line.told == {"kbob": None}
        forgotten = ledger.forgotten(ACCOUNT)
        assert forgotten.holds(user_trace("ada"))
        assert not forgotten.holds(user_trace("bob"))

    def test_one_forgotten_application_leaves_the_users_others(self, ledger: Ledger) -> None:
        self.write(ledger, **_household())
        traces = {key_trace("kada"): key_trace("kada"), evidence_trace("ada", "e"): key_trace("kada")}
        self.forget(ledger, applications=frozenset({"kada"}), traces=traces)
        assert set(ledger.dossiers(ACCOUNT)) == {"kbob", "kmore"}
        assert key("kmore") in ledger.links(ACCOUNT)
        assert key("kada:1:1", Kind.TASK) not in ledger.links(ACCOUNT)
        assert ledger.evidence(ACCOUNT, "ada") == {"f": "kmore"}
        (run,) = ledger.runs(ACCOUNT)
        assert run.report["heard"] == ["kmore: stage moved"]
        assert ledger.forgotten(ACCOUNT).any_of([evidence_trace("ada", "e")])

    def test_whoever_was_forgotten_is_let_in_again_by_the_same_trace(self, ledger: Ledger) -> None:
        traces = {key_trace("kada"): key_trace("kada"), evidence_trace("ada", "e"): key_trace("kada")}
        self.forget(ledger, applications=frozenset({"kada"}), traces=traces | {"other": "other"})
        with ledger.exclusive(ACCOUNT) as lease:
            assert ledger.remember(ACCOUNT, key_trace("kbob"), lease) == 0
            assert ledger.remember(ACCOUNT, key_trace("kada"), lease) == 2
        assert not ledger.forgotten(ACCOUNT).any_of(list(traces))
        assert ledger.forgotten(ACCOUNT).holds("other")

    def forget(self, ledger: Ledger, **told: Any) -> None:
        """Forget of ada what is told, twice: repeating it is harmless."""
        every = frozenset({"kada", "kmore"}) if told.get("whole") else frozenset()
        for _ in range(2):
            with ledger.exclusive(ACCOUNT) as lease:
                ledger.forget(Oblivion(ACCOUNT, "ada", **{"applications": every, **told}), lease)


def _page(run: str, number: int, at: Any) -> Page:
    source = Line("seen", Kind.DEAL, "ada", {"k1": ["Applications", 7], "k2": None}, "ąpps\ud800.csv")
    return Page(run, number, at, (source, Line("updated", Kind.DEAL, "ada", {"k1": {"stage": ["a", None]}})))


def _household() -> dict[str, Any]:
    """Return an entry's parts: ada's application with everything, another of hers, and one of bob's."""
    keys = [key("kada"), key("kada:1:1", Kind.TASK), key("kmore"), key("kbob", owner="bob")]
    parties = [key("acme", Kind.COMPANY, ""), key("shared", Kind.COMPANY, "")]
    lines = (
        Line("sent", Kind.DEAL, "ada", {"kada": None}),
        Line("sent", Kind.DEAL, "bob", {"kbob": None}),
        Line("sent", Kind.COMPANY, "", {"acme": None}),
    )
    run = sample.run("r1")
    report = {"heard": ["kada: stage moved", "kmore: stage moved"], "created": 2}
    return {
        "links": [Link(each, RemoteId(str(each))) for each in (*keys, *parties)],
        "dossiers": [
            sample.full_dossier("kada"),
            sample.plain_dossier("kmore"),
            sample.plain_dossier("kbob", "bob"),
        ],
        "touches": [sample.touch("t1", "kada")],
        "evidence": {
            ("ada", "e"): "kada",
            ("ada", "f"): "kmore",
            ("", f"{DO_NOT_CALL}email:jane@firm.example"): "kada",
            ("", "d"): "acme",
            ("", "s"): "shared",
        },
        "sources": [sample.source("ada")],
        "conflicts": {key("kada"): [sample.conflict("kada")]},
        "run": type(run)(run.id, run.account, "ada", "sync", run.started_at, None, "0.1.0", report),
        "journal": [Page("r1", 1, NOON, lines)],
    }
