"""Intents: what a batch is about to make, kept together as one row until the batch is settled."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence, Set

from sqlalchemy import Connection, delete, select

from crm_sync.domain.items import Item
from crm_sync.domain.keys import Key
from crm_sync.domain.links import Link
from crm_sync.ledger.codec import begun_text, intent_from, intent_text, link_from
from crm_sync.ledger.schema import INTENTS, shielded
from crm_sync.ledger.statements import in_batches, replace_rows

LARGEST = 5_000
"""As many items as one row holds, so that the text of a large entry stays handy."""

Texts = Mapping[Key, str]
"""What a link remembers of each item that was begun, as ``codec.begun_text`` gives it."""


class Intents:
    """The items that were begun and of which nothing was written since.

    A row is never changed: where some of its items are settled it gives way to another row, under another
    number, that holds the rest. So what one object remembers of the rows that it wrote stays true, whoever
    wrote meanwhile, and a batch that is settled by the process that began it is not read again.
    """

    def __init__(self) -> None:
        self._texts: dict[int, Texts] = {}

    def begin(self, connection: Connection, account: str, items: Sequence[Item]) -> None:
        """Write down that these items are about to be made."""
        for some in in_batches(items, LARGEST):
            self._write(connection, account, {item.key: begun_text(item) for item in some})

    def take(self, connection: Connection, account: str, told: Callable[[], Set[Key]]) -> Texts:
        """Take the keys that are *told* out of what was begun, and return the texts of those that were."""
        taken: dict[Key, str] = {}
        which = select(INTENTS.c.number).where(INTENTS.c.account == account)
        numbers = connection.scalars(which).all()
        keys = told() if numbers else frozenset()  # nearly always nothing is left of an earlier batch
        for number in numbers:
            texts = self._texts.get(number) or _read(connection, account, number)
            whole = texts.keys() <= keys  # nearly always
            gone = texts if whole else {key: text for key, text in texts.items() if key in keys}
            if gone:
                taken |= gone
                self._drop(connection, account, number)
                rest = {} if whole else {k: texts[k] for k in texts if k not in gone}
                self._write(connection, account, rest)
        return taken

    def _write(self, connection: Connection, account: str, texts: Texts) -> None:
        if texts:
            number = secrets.randbits(62)
            replace_rows(connection, INTENTS, [(shielded(account), number, intent_text(texts))])
            self._texts[number] = texts

    def _drop(self, connection: Connection, account: str, number: int) -> None:
        which = (INTENTS.c.account == account, INTENTS.c.number == number)
        connection.execute(delete(INTENTS).where(*which))
        self._texts.pop(number, None)


def begun_links(connection: Connection, account: str, keys: Collection[Key] | None = None) -> dict[Key, Link]:
    """Return the links of all items that are begun, or of those among *keys*; nearly always none."""
    links: dict[Key, Link] = {}
    for body in connection.scalars(select(INTENTS.c.body).where(INTENTS.c.account == account)):
        for key, text in intent_from(body).items():
            if keys is None or key in keys:
                links[key] = link_from(key, None, retired=False, text=text)
    return links


def _read(connection: Connection, account: str, number: int) -> Texts:
    which = (INTENTS.c.account == account, INTENTS.c.number == number)
    return intent_from(connection.execute(select(INTENTS.c.body).where(*which)).scalar_one())
