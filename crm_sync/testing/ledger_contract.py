"""What every ledger promises: inherit ``LedgerContract`` in a test module and say how to open a book."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from crm_sync.domain.dossiers import TaskState
from crm_sync.domain.items import Item, RemoteId
from crm_sync.domain.keys import Kind
from crm_sync.domain.links import Link, Mark, fingerprint
from crm_sync.domain.stages import Stage
from crm_sync.ports import Cursor, Ledger, Run, Standing, StandingConflict
from crm_sync.testing import ledger_samples as sample
from crm_sync.testing.begun_contract import BegunContract
from crm_sync.testing.ledger_samples import EVENING, MORNING, NOON, key

ACCOUNT = "local"


class LedgerContract(BegunContract):
    """Every promise of ``crm_sync.ports.Ledger``; those of leases and entries are inherited."""

    def test_links_are_found_by_their_whole_key(self, ledger: Ledger) -> None:
        same_id = [key("k1"), key("k1", Kind.TASK), key("k1", owner="bob"), key("k2")]
        self.write(ledger, links=[Link(each, RemoteId(str(each))) for each in same_id])
        assert set(ledger.links(ACCOUNT)) == set(same_id)
        assert set(ledger.links(ACCOUNT, [same_id[1], key("k9")])) == {same_id[1]}
        assert ledger.links(ACCOUNT, []) == {}

    def test_links_with_a_write_in_the_air_are_unsettled_until_retired(self, ledger: Ledger) -> None:
        created = Link(key("created"), attempted=True)
        written = Link(key("written"), RemoteId("1"), {"name": Mark("a", "a", "b")}, attempted=True)
        settled = Link(key("settled"), RemoteId("2"), {"name": Mark("a", "a")}, attempted=True)
        gone = replace(written, key=key("gone"), retired=True)
        self.write(ledger, links=[created, written, settled, gone, Link(key("new"))])
        assert ledger.unsettled(ACCOUNT) == {created.key: created, written.key: written}
        self.write(ledger, links=[replace(created, remote_id=RemoteId("3"))])
        assert ledger.unsettled(ACCOUNT) == {written.key: written}

    def test_records_are_ours_by_kind_and_id(self, ledger: Ledger) -> None:
        deal, task = key("k1"), key("k1:1:1", Kind.TASK)
        self.write(ledger, links=[Link(deal, RemoteId("1")), Link(task, RemoteId("1")), Link(key("k2"))])
        asked = [(Kind.DEAL, RemoteId("1")), (Kind.TASK, RemoteId("1")), (Kind.CALL, RemoteId("1"))]
        assert ledger.keys_of(ACCOUNT, asked) == {asked[0]: deal, asked[1]: task}
        assert ledger.keys_of(ACCOUNT, []) == {}

    def test_a_link_in_use_comes_before_a_retired_one_of_the_same_record(self, ledger: Ledger) -> None:
        place = (Kind.COMPANY, RemoteId("1"))
        old, new = key("z", Kind.COMPANY, ""), key("a", Kind.COMPANY, "")
        for used, retired in ((old, new), (new, old)):
            self.write(ledger, links=[Link(used, place[1]), Link(retired, place[1], retired=True)])
            assert ledger.keys_of(ACCOUNT, [place]) == {place: used}

    @pytest.mark.parametrize("text", ["k1", *sample.ODD_TEXTS])
    def test_what_is_begun_stands_as_a_link_in_the_air_until_it_arrives(
        self, ledger: Ledger, text: str
    ) -> None:
        fields = {"name": text, "stage": "applied", "salary": None, "notes": "n" * 200}
        parents = (key("acme", Kind.COMPANY, ""), key(text, Kind.CONTACT, ""))
        made, waiting = Item(key(text), fields, parents), Item(key(text, Kind.TASK), {"open": True})
        self.write(ledger, begun=[made, waiting])
        in_the_air = {item.key: Link(item.key).intending(item.fields) for item in (made, waiting)}
        assert ledger.links(ACCOUNT) == ledger.unsettled(ACCOUNT) == in_the_air
        self.write(ledger, arrived={made.key: RemoteId(text)})
        marks = {name: Mark(fingerprint(value), fingerprint(value)) for name, value in fields.items()}
        settled = Link(made.key, RemoteId(text), marks, frozenset(parents), attempted=True)
        again = self.make_ledger()
        assert again.links(ACCOUNT) == {**in_the_air, made.key: settled}
        assert again.unsettled(ACCOUNT).keys() == {waiting.key}
        assert again.keys_of(ACCOUNT, [(Kind.DEAL, RemoteId(text))]) == {(Kind.DEAL, text): made.key}

    def test_a_later_word_about_what_was_begun_or_arrived_replaces_it(self, ledger: Ledger) -> None:
        items = [Item(key(ident), {"name": "a"}, (key("acme", Kind.COMPANY, ""),)) for ident in ("k1", "k2")]
        self.write(ledger, begun=items)
        self.write(ledger, arrived={items[0].key: RemoteId("1")})
        later = [replace(sample.full_link("k1"), remote_id=RemoteId("1")), Link(key("k2"), refusal="no")]
        self.write(ledger, links=later)
        assert ledger.links(ACCOUNT) == {link.key: link for link in later}
        assert ledger.unsettled(ACCOUNT).keys() == {key("k1")}

    # --- dossiers ---------------------------------------------------------------------------------

    def test_dossiers_are_narrowed_by_user_and_by_key(self, ledger: Ledger) -> None:
        ours = [sample.plain_dossier("k1"), sample.plain_dossier("k2"), sample.plain_dossier("k3", "bob")]
        self.write(ledger, dossiers=ours)
        assert set(ledger.dossiers(ACCOUNT)) == {"k1", "k2", "k3"}
        assert set(ledger.dossiers(ACCOUNT, "ada")) == {"k1", "k2"}
        assert set(ledger.dossiers(ACCOUNT, keys=["k3", "k1", "k9"])) == {"k1", "k3"}
        assert set(ledger.dossiers(ACCOUNT, "ada", ["k3", "k1"])) == {"k1"}
        assert ledger.dossiers(ACCOUNT, keys=[]) == {}

    def test_applications_of_other_users_are_found_by_whom_they_call(self, ledger: Ledger) -> None:
        dossiers = [
            sample.full_dossier("ours", "ada"),
            sample.full_dossier("theirs", "bob"),
            sample.plain_dossier("nobody", "bob"),
        ]
        self.write(ledger, dossiers=dossiers)
        wile = "email:wile@acme.example"
        assert ledger.calling(ACCOUNT, [wile], "ada") == {"theirs": dossiers[1]}
        assert set(ledger.calling(ACCOUNT, [wile, "phone:5550100"], "cy")) == {"ours", "theirs"}
        assert ledger.calling(ACCOUNT, ["email:other@acme.example"], "ada") == {}
        assert ledger.calling(ACCOUNT, [], "ada") == {}

    def test_all_users_are_told_at_once_how_they_stand(self, ledger: Ledger) -> None:
        day = date(2026, 3, 5)
        self.write(
            ledger,
            dossiers=[
                sample.plain_dossier("soon", decide_on=day),
                sample.plain_dossier("later", decide_on=day + timedelta(days=1)),
                sample.plain_dossier("never", "bob"),
            ],
            runs=[
                sample.run("r1", NOON),
                replace(sample.run("r2", MORNING), ended_at=None),
                replace(sample.run("r3", NOON), user="bob", ended_at=None),
                replace(sample.run("r4", NOON), user="bob\0"),
            ],
        )
        self.write(ledger, account="other", runs=[replace(sample.run("r5", account="other"), user="zoe")])
        stand = ledger.standings(ACCOUNT, ["ada", "bob", "bob\0", "zoe"])
        assert stand == {
            "ada": Standing(ended=True, decide_on=day),
            "bob": Standing(ended=False, decide_on=None),
            "bob\0": Standing(ended=True, decide_on=None),
            "zoe": Standing(ended=False, decide_on=None),
        }
        assert {run.id for run in ledger.runs(ACCOUNT)} == {"r1", "r2", "r3", "r4"}

    def test_calls_are_due_by_the_day_that_stands_the_latest_first(self, ledger: Ledger) -> None:
        day = date(2026, 3, 5)
        self.write(
            ledger,
            dossiers=[
                sample.dossier_with_call("old", day - timedelta(days=3)),
                sample.dossier_with_call("today", day, "bob"),
                sample.dossier_with_call("later", day + timedelta(days=1)),
                sample.dossier_with_call("earlier by a person", day + timedelta(days=9), crm_due=day),
                sample.dossier_with_call("later by a person", day, crm_due=day + timedelta(days=9)),
                sample.dossier_with_call("done", day, state=TaskState.COMPLETED),
                sample.plain_dossier("none"),
            ],
        )
        assert ledger.calls_due(ACCOUNT, day, 9) == ("earlier by a person", "today", "old")
        assert ledger.calls_due(ACCOUNT, day, 2) == ("earlier by a person", "today")
        assert ledger.calls_due("elsewhere", day, 9) == ()

    def test_a_users_applications_are_counted_by_the_stage_in_force(self, ledger: Ledger) -> None:
        moved = sample.full_dossier("k3")
        self.write(
            ledger,
            dossiers=[
                sample.plain_dossier("k1"),
                sample.plain_dossier("k2"),
                moved,
                sample.plain_dossier("k4", "bob", Stage.OFFER),
            ],
        )
        assert ledger.counts(ACCOUNT, "ada") == {"applied": 2, "screening": 1}
        assert ledger.counts(ACCOUNT, "nobody") == {}

    def test_applications_are_found_by_the_beginning_of_their_key(self, ledger: Ledger) -> None:
        self.write(ledger, dossiers=[sample.plain_dossier("abcdef"), sample.plain_dossier("abcxyz", "bob")])
        self.write(
            ledger, account="other", dossiers=[sample.plain_dossier("abcdzz"), sample.plain_dossier("b")]
        )
        assert ledger.find("abcd") == ((ACCOUNT, "ada", "abcdef"), ("other", "ada", "abcdzz"))
        assert ledger.find("abcx") == ((ACCOUNT, "bob", "abcxyz"),)
        for strange in ("ABCD", "a_cd", "a%", "bcd", "abcdefg"):
            assert ledger.find(strange) == ()

    def test_users_are_known_by_their_applications_and_sources(self, ledger: Ledger) -> None:
        self.write(
            ledger,
            dossiers=[sample.plain_dossier("k1", "zoe"), sample.plain_dossier("k2", "bob")],
            sources=[sample.source("ada"), sample.source("bob")],
        )
        assert ledger.users(ACCOUNT) == ("ada", "bob", "zoe")

    # --- the rest of the book ---------------------------------------------------------------------

    def test_a_touch_counts_once_and_the_later_word_about_it_stands(self, ledger: Ledger) -> None:
        first, second = sample.touch("t1", "k1", NOON), sample.touch("t2", "k1", MORNING)
        self.write(ledger, touches=[first, second])
        corrected = replace(first, note="they were out", at=MORNING - timedelta(days=1))
        self.write(ledger, touches=[corrected])
        assert ledger.touches(ACCOUNT) == {"k1": (corrected, second)}

    def test_touches_are_narrowed_by_user_and_application(self, ledger: Ledger) -> None:
        mine, theirs, stray = (sample.touch(f"t{n}", f"k{n}") for n in (1, 2, 3))
        self.write(
            ledger,
            touches=[mine, theirs, stray],
            dossiers=[sample.plain_dossier("k1"), sample.plain_dossier("k2", "bob")],
        )
        assert set(ledger.touches(ACCOUNT)) == {"k1", "k2", "k3"}
        assert ledger.touches(ACCOUNT, "ada") == {"k1": (mine,)}
        assert ledger.touches(ACCOUNT, keys=["k3", "k9"]) == {"k3": (stray,)}
        assert ledger.touches(ACCOUNT, "ada", ["k2"]) == ledger.touches(ACCOUNT, keys=[]) == {}

    def test_evidence_keeps_the_first_id_it_was_given(self, ledger: Ledger) -> None:
        self.write(ledger, evidence={("ada", "url"): "k1", ("", "url"): "c1"})
        self.write(ledger, evidence={("ada", "url"): "k2", ("ada", "id"): "k2", ("bob", "url"): "k3"})
        assert ledger.evidence(ACCOUNT, "ada") == {"url": "k1", "id": "k2"}
        assert ledger.evidence(ACCOUNT, "bob") == {"url": "k3"}
        assert ledger.evidence(ACCOUNT, "") == {"url": "c1"}

    def test_conflicts_of_the_keys_named_are_replaced_and_those_that_stay_keep_their_age(
        self, ledger: Ledger
    ) -> None:
        stage, title = sample.conflict("k1"), sample.conflict("k1", "job_title")
        other = sample.conflict("k2", theirs=False)
        self.write(ledger, conflicts={key("k1"): [stage], key("k2"): [other]}, at=MORNING)
        changed = replace(stage, theirs="closed")
        self.write(ledger, conflicts={key("k1"): [changed, title]}, at=NOON)
        assert ledger.conflicts(ACCOUNT) == (
            StandingConflict(changed, MORNING),
            StandingConflict(other, MORNING),
            StandingConflict(title, NOON),
        )
        self.write(ledger, conflicts={key("k1"): [], key("k9"): []}, at=NOON)
        assert ledger.conflicts(ACCOUNT) == (StandingConflict(other, MORNING),)
        self.write(ledger, conflicts={key("k1"): [stage]}, at=EVENING)
        assert ledger.conflicts(ACCOUNT)[1] == StandingConflict(stage, EVENING)

    def test_conflicts_are_narrowed_by_the_owner_of_their_key(self, ledger: Ledger) -> None:
        bobs = replace(sample.conflict("k2"), key=key("k2", owner="bob"))
        self.write(ledger, conflicts={key("k1"): [sample.conflict("k1")], bobs.key: [bobs]}, at=NOON)
        assert ledger.conflicts(ACCOUNT, "bob") == (StandingConflict(bobs, NOON),)

    def test_an_entry_without_a_cursor_leaves_the_cursor_alone(self, ledger: Ledger) -> None:
        self.write(ledger, cursor=Cursor("c1"))
        self.write(ledger, links=[Link(key("k1"))])
        assert ledger.cursor(ACCOUNT) == "c1"
        self.write(ledger, cursor=Cursor("c2"))
        assert ledger.cursor(ACCOUNT) == "c2"

    def test_sources_are_kept_by_user_and_name(self, ledger: Ledger) -> None:
        states = [sample.source("bob"), sample.source("ada", "z.csv"), sample.source("ada", "a.csv")]
        self.write(ledger, sources=states)
        assert ledger.sources(ACCOUNT) == (states[2], states[1], states[0])
        assert ledger.sources(ACCOUNT, "bob") == (states[0],)

    def test_runs_are_told_newest_first(self, ledger: Ledger) -> None:
        times = {"r2": NOON, "r1": EVENING, "r3": MORNING}
        for ident, started_at in times.items():
            self.write(ledger, run=sample.run(ident, started_at))
        assert [run.id for run in ledger.runs(ACCOUNT)] == ["r1", "r2", "r3"]
        assert [run.id for run in ledger.runs(ACCOUNT, limit=2)] == ["r1", "r2"]
        assert ledger.runs(ACCOUNT, limit=0) == ()

    def test_runs_of_one_user_are_told_apart(self, ledger: Ledger) -> None:
        for ident, user in (("r1", "ann"), ("r2", "bob"), ("r3", None)):
            self.write(ledger, run=Run(ident, ACCOUNT, user, "sync", NOON, None, "0.1.0"))
        assert [run.id for run in ledger.runs(ACCOUNT, "ann")] == ["r1"]
        assert len(ledger.runs(ACCOUNT)) == 3

    def test_a_run_that_has_not_ended_is_kept_without_an_end(self, ledger: Ledger) -> None:
        begun = Run("r1", ACCOUNT, None, "sync", NOON, None, "0.1.0")
        self.write(ledger, run=begun)
        assert ledger.runs(ACCOUNT) == (begun,)

    def test_runs_with_nothing_new_fade_where_they_began_in_that_span(self, ledger: Ledger) -> None:
        hour = timedelta(hours=1)
        times = {"before": NOON - hour, "first": NOON, "last": NOON + hour, "after": NOON + 2 * hour}
        quiet = [replace(sample.run(f"q-{i}", at), report={"nothing_new": True}) for i, at in times.items()]
        loud = [replace(sample.run(f"l-{i}", at), report={"nothing_new": False}) for i, at in times.items()]
        teller = replace(sample.run("teller", NOON), report={"notes": ['"nothing_new":true']})
        self.write(ledger, runs=[*quiet, *loud, teller, replace(sample.run("begun", NOON), report={})])
        self.write(ledger, fading=(NOON, NOON + 2 * hour))
        gone = {"q-first", "q-last"}
        kept = {run.id for run in (*quiet, *loud)} - gone | {"teller", "begun"}
        assert {run.id for run in ledger.runs(ACCOUNT)} == kept

    def test_closing_is_harmless_when_repeated(self) -> None:
        ledger = self.make_ledger()
        ledger.close()
        ledger.close()
