"""What every ledger promises about entries: all of one or nothing, and everything as it was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from crm_sync.domain.items import RemoteId
from crm_sync.domain.keys import Kind
from crm_sync.domain.links import Link, Mark
from crm_sync.ports import Cursor, Entry, Ledger, Standing, StandingConflict
from crm_sync.testing import ledger_samples as sample
from crm_sync.testing.lease_contract import LeaseContract
from crm_sync.testing.ledger_samples import NOON, key

ACCOUNT = "local"


class EntryContract(LeaseContract):
    """The promises of ``Entry``."""

    def write(self, ledger: Ledger, **parts: Any) -> None:
        """Record one entry under a lease of its own."""
        entry = Entry(**{"account": ACCOUNT, **parts})
        with ledger.exclusive(entry.account) as lease:
            ledger.record(entry, lease)

    def test_a_book_that_holds_nothing_answers_every_question(self, ledger: Ledger) -> None:
        assert_empty(ledger, ACCOUNT)
        assert ledger.accounts() == ()
        assert ledger.find("") == ()

    def test_every_noun_comes_back_as_it_was_written(self, ledger: Ledger) -> None:
        self.write(ledger, **everything())
        again = self.make_ledger()
        assert again.links(ACCOUNT) == {key("k1"): sample.full_link("k1"), key("k2"): Link(key("k2"))}
        assert again.dossiers(ACCOUNT) == {
            "k1": sample.full_dossier("k1"),
            "k2": sample.plain_dossier("k2", "bob"),
        }
        assert again.touches(ACCOUNT) == {"k1": (sample.touch("t1", "k1"),)}
        assert again.evidence(ACCOUNT, "ada") == {"https://acme.example/1": "k1"}
        assert again.sources(ACCOUNT) == (sample.source(),)
        assert again.conflicts(ACCOUNT) == (StandingConflict(sample.conflict("k1"), NOON),)
        assert again.cursor(ACCOUNT) == "c1"
        assert again.runs(ACCOUNT) == (sample.run("r1"),)

    def test_every_value_comes_back_as_the_type_it_was(self, ledger: Ledger) -> None:
        """A stage that came back as text would be equal to the stage, and no stage."""
        self.write(ledger, **everything())
        dossier, touch = sample.full_dossier("k1"), sample.touch("t1", "k1")
        assert repr(ledger.dossiers(ACCOUNT)["k1"]) == repr(dossier)
        assert repr(ledger.touches(ACCOUNT)["k1"]) == repr((touch,))
        assert repr(ledger.sources(ACCOUNT)) == repr((sample.source(),))
        assert repr(ledger.runs(ACCOUNT)) == repr((sample.run("r1"),))
        assert {type(each.kind) for each in ledger.links(ACCOUNT)} == {Kind}

    @pytest.mark.parametrize("part", ["links", "dossiers", "touches", "sources"])
    def test_an_entry_that_fails_half_way_leaves_nothing(self, ledger: Ledger, part: str) -> None:
        parts = everything()
        parts[part] = Torn(parts[part])
        with pytest.raises(TornError):
            self.write(ledger, **parts)
        assert_empty(ledger, ACCOUNT)
        assert_empty(self.make_ledger(), ACCOUNT)
        self.write(ledger, **everything())
        assert len(ledger.links(ACCOUNT)) == 2

    def test_an_entry_that_fails_half_way_changes_nothing_that_stood(self, ledger: Ledger) -> None:
        self.write(ledger, links=[Link(key("k1"))], cursor=Cursor("c1"))
        with pytest.raises(TornError):
            self.write(
                ledger, links=[sample.full_link("k1")], cursor=Cursor("c2"), sources=Torn([sample.source()])
            )
        assert ledger.links(ACCOUNT) == {key("k1"): Link(key("k1"))}
        assert ledger.cursor(ACCOUNT) == "c1"

    def test_a_time_without_a_zone_is_refused_with_the_whole_entry(self, ledger: Ledger) -> None:
        naive = replace(sample.touch("t1", "k1"), at=datetime(2026, 3, 2, 12))  # noqa: DTZ001 - the point
        with pytest.raises(ValueError, match="a time without a zone: "):
            self.write(ledger, links=[Link(key("k1"))], touches=[naive])
        assert_empty(ledger, ACCOUNT)

    def test_what_is_written_later_replaces_what_stood_under_its_key(self, ledger: Ledger) -> None:
        self.write(ledger, **everything())
        ended = replace(sample.run("r1"), ended_at=None, report={"created": 4})
        self.write(
            ledger,
            links=[Link(key("k1"))],
            dossiers=[sample.plain_dossier("k1")],
            sources=[sample.source(applications=4)],
            run=ended,
        )
        assert ledger.links(ACCOUNT)[key("k1")] == Link(key("k1"))
        assert ledger.dossiers(ACCOUNT)["k1"] == sample.plain_dossier("k1")
        assert ledger.sources(ACCOUNT) == (sample.source(applications=4),)
        assert ledger.runs(ACCOUNT) == (ended,)

    def test_a_key_written_twice_in_one_entry_holds_the_later(self, ledger: Ledger) -> None:
        first, second = Link(key("k1")), sample.full_link("k1")
        self.write(ledger, links=[first, second])
        assert ledger.links(ACCOUNT) == {key("k1"): second}

    def test_accounts_do_not_see_each_other(self, ledger: Ledger) -> None:
        self.write(ledger, **everything())
        self.write(ledger, account="hubspot:1", links=[Link(key("k1"))], cursor=Cursor("other"))
        assert ledger.links("hubspot:1") == {key("k1"): Link(key("k1"))}
        assert ledger.links(ACCOUNT)[key("k1")] == sample.full_link("k1")
        assert (ledger.cursor(ACCOUNT), ledger.cursor("hubspot:1")) == ("c1", "other")
        assert ledger.accounts() == ("hubspot:1", ACCOUNT)
        assert_empty(ledger, "hubspot:2")
        assert not ledger.dossiers("hubspot:1")
        assert not ledger.touches("hubspot:1")
        assert not ledger.conflicts("hubspot:1")
        assert not ledger.sources("hubspot:1")
        assert not ledger.runs("hubspot:1")

    def test_what_was_read_or_written_is_the_callers_own_afterwards(self, ledger: Ledger) -> None:
        marks, report = {"name": Mark("aa", "aa")}, {"created": [1]}
        a_run = replace(sample.run("r1"), report=report)
        self.write(ledger, links=[Link(key("k1"), marks=marks)], run=a_run)
        marks["name"] = Mark("zz")
        report["created"].append(2)
        links = ledger.links(ACCOUNT)
        links[key("k1")].marks["name"] = Mark("yy")  # type: ignore[index]
        links.clear()
        ledger.runs(ACCOUNT)[0].report["created"].append(3)
        assert ledger.links(ACCOUNT) == {key("k1"): Link(key("k1"), marks={"name": Mark("aa", "aa")})}
        assert ledger.runs(ACCOUNT)[0].report == {"created": [1]}

    @pytest.mark.parametrize("text", sample.ODD_TEXTS)
    def test_any_text_comes_back_as_it_was_written(self, ledger: Ledger, text: str) -> None:
        link = Link(key(text, owner=text), RemoteId(text), refusal=text)
        dossier = replace(sample.full_dossier(text, user=text), origin=text, contact_key=text)
        dossier = replace(dossier, application=replace(dossier.application, notes=text, cells=(text, text)))
        touch = replace(sample.touch(text, text), note=text)
        state = sample.source(user=text, name=text)
        self.write(
            ledger,
            account=text,
            links=[link],
            dossiers=[dossier],
            touches=[touch],
            sources=[state],
            evidence={(text, text): text},
            cursor=Cursor(text),
            conflicts={key(text): [sample.conflict(text, theirs=text)]},
        )
        assert ledger.links(text, [link.key]) == {link.key: link}
        assert ledger.keys_of(text, [(Kind.DEAL, RemoteId(text))]) == {(Kind.DEAL, RemoteId(text)): link.key}
        assert ledger.dossiers(text, text, [text]) == {text: dossier}
        assert ledger.touches(text, text, [text]) == {text: (touch,)}
        assert ledger.sources(text, text) == (state,)
        assert ledger.evidence(text, text) == {text: text}
        assert ledger.cursor(text) == text
        assert ledger.conflicts(text)[0].conflict == sample.conflict(text, theirs=text)
        assert (ledger.accounts(), ledger.users(text)) == ((text,), (text,))

    def test_thousands_are_written_and_found_at_once(self, ledger: Ledger) -> None:
        links = [replace(sample.full_link(f"k{n}"), attempted=n % 2 == 0) for n in range(5000)]
        dossiers = [sample.plain_dossier(f"k{n}", decide_on=date(2026, 3, 1)) for n in range(5000)]
        self.write(
            ledger, links=links, dossiers=dossiers, evidence={("ada", f"e{n}"): "k" for n in range(5000)}
        )
        wanted = [link.key for link in links[1:]]
        assert ledger.links(ACCOUNT, wanted) == {link.key: link for link in links[1:]}
        assert len(ledger.dossiers(ACCOUNT, "ada", [each.id for each in wanted])) == 4999
        ids = [(Kind.DEAL, link.remote_id) for link in links if link.remote_id]
        assert len(ledger.keys_of(ACCOUNT, ids)) == len(ledger.dossiers(ACCOUNT, "ada")) == 5000
        assert len(ledger.evidence(ACCOUNT, "ada")) == 5000


def everything() -> dict[str, Any]:
    """Return the parts of an entry that says something of every noun."""
    return {
        "links": [sample.full_link("k1"), Link(key("k2"))],
        "dossiers": [sample.full_dossier("k1"), sample.plain_dossier("k2", "bob")],
        "touches": [sample.touch("t1", "k1")],
        "evidence": {("ada", "https://acme.example/1"): "k1"},
        "sources": [sample.source()],
        "conflicts": {key("k1"): [sample.conflict("k1")]},
        "cursor": Cursor("c1"),
        "run": sample.run("r1"),
        "at": NOON,
    }


def assert_empty(ledger: Ledger, account: str) -> None:
    """Check that the book holds nothing of the account."""
    assert not ledger.links(account)
    assert not ledger.unsettled(account)
    assert not ledger.dossiers(account)
    assert not ledger.touches(account)
    assert not ledger.evidence(account, "ada")
    assert not ledger.sources(account)
    assert not ledger.conflicts(account)
    assert not ledger.runs(account)
    assert ledger.standings(account, ["ada"]) == {"ada": Standing()}
    assert not ledger.counts(account, "ada")
    assert not ledger.users(account)
    assert ledger.cursor(account) is None
    assert account not in ledger.accounts()


class TornError(Exception):
    """Raised in the middle of a sequence, as an interrupted program would."""


class Torn(Sequence[Any]):
    """A sequence that breaks off after its first member each time it is walked to the end."""

    def __init__(self, whole: Sequence[Any]) -> None:
        self.whole = whole

    def __getitem__(self, index: Any) -> Any:
        return self.whole[index]

    def __len__(self) -> int:
        return len(self.whole) + 1

    def __iter__(self) -> Iterator[Any]:
        yield self.whole[0]
        raise TornError
