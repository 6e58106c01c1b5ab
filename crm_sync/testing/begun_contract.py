"""What every ledger promises about batches that were begun: whatever is not settled stands as intended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_sync.domain.items import Item, RemoteId
from crm_sync.domain.keys import Kind
from crm_sync.domain.links import Link
from crm_sync.ports import Entry, Ledger
from crm_sync.testing import ledger_samples as sample
from crm_sync.testing.entry_contract import Torn, TornError
from crm_sync.testing.journal_contract import JournalContract
from crm_sync.testing.ledger_samples import key

ACCOUNT = "local"
ACME = key("acme", Kind.COMPANY, "")


class BegunContract(JournalContract):
    """The promises of ``Entry.begun`` and ``Entry.arrived``, wherever a run is cut off between the two."""

    def test_of_a_batch_settled_in_part_the_rest_stands_as_intended(self, ledger: Ledger) -> None:
        made, refused, unknown, rewritten = items = [_item(f"k{n}") for n in range(4)]
        self.write(ledger, begun=items)
        rest = {item.key: _intended(item) for item in items}
        said = [Link(refused.key, refusal="no", refused="ff"), _known(rewritten, "7")]
        self.write(ledger, links=said, arrived={made.key: RemoteId("1")})
        arrived = _intended(made).made(RemoteId("1"), made.parents)
        for book in (ledger, self.make_ledger()):
            assert book.links(ACCOUNT) == rest | {made.key: arrived} | {link.key: link for link in said}
            assert book.unsettled(ACCOUNT) == {unknown.key: rest[unknown.key]}
            assert book.links(ACCOUNT, [unknown.key, key("k9")]) == {unknown.key: rest[unknown.key]}
        self.write(self.make_ledger(), arrived={unknown.key: RemoteId("2")})
        assert ledger.unsettled(ACCOUNT) == {}
        found = [(Kind.DEAL, RemoteId(ident)) for ident in ("1", "2", "7")]
        asked = ledger.keys_of(ACCOUNT, found)
        assert list(map(asked.get, found)) == [made.key, unknown.key, rewritten.key]

    def test_what_another_process_had_begun_is_settled_by_the_next(self, ledger: Ledger) -> None:
        item = Item(key("a\\b\"c'd\0\ud800公"), {"name": "Łódź\ud800", "stage": None}, (ACME,))
        self.write(ledger, begun=[item, _item("k2")])
        other = self.make_ledger()
        self.write(other, arrived={item.key: RemoteId("1")})
        assert ledger.links(ACCOUNT, [item.key]) == {
            item.key: _intended(item).made(RemoteId("1"), item.parents)
        }
        assert ledger.unsettled(ACCOUNT).keys() == {key("k2")}

    def test_two_batches_may_be_in_the_air_and_are_settled_in_any_order(self, ledger: Ledger) -> None:
        first, second = [_item("k1"), _item("k2")], [_item("k3")]
        with ledger.exclusive(ACCOUNT) as lease:
            for batch in (first, second):
                ledger.record(Entry(ACCOUNT, begun=batch), lease)
            ledger.record(Entry(ACCOUNT, arrived={second[0].key: RemoteId("3")}), lease)
            assert ledger.unsettled(ACCOUNT).keys() == {item.key for item in first}
            both = {item.key: RemoteId(item.key.id) for item in first}
            ledger.record(Entry(ACCOUNT, arrived=both), lease)
        assert ledger.unsettled(ACCOUNT) == {}
        assert len(ledger.links(ACCOUNT)) == 3

    def test_what_is_begun_takes_the_place_of_what_stood(self, ledger: Ledger) -> None:
        item = Item(key("k1"), {"name": "again"}, (ACME,))
        self.write(ledger, links=[replace(sample.full_link("k1"), remote_id=RemoteId("old"))])
        self.write(ledger, begun=[_item("k1"), _item("k2")])
        self.write(ledger, begun=[item])
        assert ledger.links(ACCOUNT) == {item.key: _intended(item), key("k2"): _intended(_item("k2"))}
        assert ledger.keys_of(ACCOUNT, [(Kind.DEAL, RemoteId("old"))]) == {}
        self.write(ledger, arrived={item.key: RemoteId("new")})
        assert ledger.links(ACCOUNT, [item.key]) == {
            item.key: _intended(item).made(RemoteId("new"), item.parents)
        }

    def test_an_entry_that_fails_leaves_what_was_begun_in_the_air(self, ledger: Ledger) -> None:
        items = [_item("k1"), _item("k2")]
        self.write(ledger, begun=items)
        with pytest.raises(TornError):
            self.write(
                ledger, arrived={items[0].key: RemoteId("1")}, dossiers=Torn([sample.plain_dossier("k1")])
            )
        assert ledger.links(ACCOUNT) == ledger.unsettled(ACCOUNT) == {i.key: _intended(i) for i in items}
        self.write(ledger, arrived={item.key: RemoteId(item.key.id) for item in items})
        assert ledger.unsettled(ACCOUNT) == {}

    def test_whoever_is_forgotten_while_begun_is_gone_and_the_others_stay(self, ledger: Ledger) -> None:
        bobs = Item(key("kbob", owner="bob"), {"name": "b"}, (ACME,))
        self.write(ledger, begun=[_item("kada"), _item("kada:1:1", Kind.TASK), _item("kmore"), bobs])
        self.forget(ledger, applications=frozenset({"kada"}))
        stay = {_item("kmore").key: _intended(_item("kmore")), bobs.key: _intended(bobs)}
        assert ledger.links(ACCOUNT) == ledger.unsettled(ACCOUNT) == stay
        self.forget(ledger, whole=True)
        assert self.make_ledger().links(ACCOUNT) == {bobs.key: _intended(bobs)}
        self.write(ledger, arrived={bobs.key: RemoteId("1")})
        assert ledger.unsettled(ACCOUNT) == {}

    def test_accounts_do_not_see_what_another_has_begun(self, ledger: Ledger) -> None:
        self.write(ledger, begun=[_item("k1")])
        self.write(ledger, account="other", begun=[_item("k1"), _item("k2")])
        self.write(ledger, arrived={key("k1"): RemoteId("1")})
        assert ledger.unsettled(ACCOUNT) == {}
        assert set(ledger.unsettled("other")) == {key("k1"), key("k2")}

    def test_thousands_are_begun_and_arrive_at_once(self, ledger: Ledger) -> None:
        items = [_item(f"k{n}") for n in range(12_000)]
        self.write(ledger, begun=items)
        assert len(ledger.unsettled(ACCOUNT)) == 12_000
        self.write(ledger, arrived={item.key: RemoteId(item.key.id) for item in items[1:]})
        assert ledger.unsettled(ACCOUNT) == {items[0].key: _intended(items[0])}
        assert len(ledger.links(ACCOUNT)) == 12_000


def _item(ident: str, kind: Kind = Kind.DEAL) -> Item:
    return Item(key(ident, kind), {"name": ident, "stage": "applied", "salary": None}, (ACME,))


def _intended(item: Item) -> Link:
    return Link(item.key).intending(item.fields)


def _known(item: Item, ident: str) -> Link:
    return _intended(item).made(RemoteId(ident), ())
