"""What the ledger remembers of one pairing (link) and of one field (mark)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2s
from typing import NamedTuple

from crm_sync.domain.items import Fields, Remote, RemoteId, Value
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.values import light, replace

_LONG = 64
_REPEATING = 32
"""No longer than this are texts that repeat: owners, stages, days, places."""

_MOST_REMEMBERED = 1 << 15
_PRINTABLE = bytes(range(ord(" "), ord("~") + 1))
_EMPTY_DIGEST = blake2s(digest_size=8)


def fingerprint(value: Value) -> str:
    """Return a short digest that is equal exactly when the values are, blanks apart.

    Every CRM trims texts and makes nothing of an empty one; neither is an edit, nor worth a write.
    """
    return _remembered.get(value) or _remember(value)


def fingerprints(values: Iterable[Value]) -> list[str]:
    """Return the prints of many values: those of every record that is made."""
    known = _remembered.get
    return [
        _digest_of_text(value)
        if value.__class__ is str and len(value) > _REPEATING
        else known(value) or _remember(value)
        for value in values
    ]


def _digest(value: Value) -> str:
    return _digest_of_text(value) if isinstance(value, str) else _digest_of_text_as_is(repr(value))


def _digest_of_text(text: str) -> str:
    return _digest_of_text_as_is(_written(text))


def _digest_of_text_as_is(text: str) -> str:
    digest = _EMPTY_DIGEST.copy()  # quicker than a new one
    digest.update(text.encode())
    return digest.hexdigest()


def _written(text: str) -> str:
    """Return the ``repr`` of a text whose blanks are single and inside; quickly for most texts."""
    plain = text.isprintable() if len(text) <= _LONG else _is_plain(text)
    if plain and "  " not in text and text[:1] not in {"", " "} and text[-1] != " ":
        return repr(text) if "'" in text or "\\" in text else f"'{text}'"
    return repr(" ".join(text.split()) or None)


def _is_plain(text: str) -> bool:
    """Tell whether a long text is printable; of ASCII that is told in a third of the time."""
    return not text.encode().translate(None, _PRINTABLE) if text.isascii() else text.isprintable()


_remembered: dict[Value, str] = {}
"""Prints of short values, which repeat: owners, stages, days."""


def _remember(value: Value) -> str:
    """Return the print of a value that is not remembered, and remember it if it is short."""
    digest = _digest(value)
    if not isinstance(value, str) or len(value) <= _REPEATING:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()  # what repeats is soon there again
        _remembered[value] = digest
    return digest


EMPTY = fingerprint(None)
_CLOSED = fingerprint(False)  # noqa: FBT003
_OPEN = fingerprint(True)  # noqa: FBT003


class Mark(NamedTuple):
    """The last word of each side about one field.

    Two prints, because a CRM may rewrite what it is told (``sent`` by us, ``seen`` in its answer), and a
    third, ``pending``, while a write is in the air and nobody knows whether it arrived.
    """

    sent: str | None = None
    seen: str | None = None
    pending: str | None = None


UNMARKED = Mark()


def _announced(value: Value) -> Mark:
    """Return the mark of a field that was never written, and is in the air now."""
    return Mark(None, None, _digest(value))


_announced_again = lru_cache(maxsize=1 << 13)(_announced)


@lru_cache(maxsize=1 << 13)
def _agreed(same: str | None) -> Mark:
    """Return the mark of a field on which both sides say the same, one for all fields that say it, too."""
    return Mark(same, same)


@light
@dataclass(frozen=True, slots=True)
class Link:
    """One pairing of a key with a record in the CRM.

    ``connected`` are the parents whose relation was seen in the CRM. A ``retired`` link stays away: the
    record was removed, by a person or by us, and is never made again. ``refusal`` is the CRM's reason for
    refusing our last write, ``refused`` the print of the wish that it refused: it is tried again when the
    wish changes. ``attempted`` says that a create was in the air at least once.
    """

    key: Key
    remote_id: RemoteId | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)
    connected: frozenset[Key] = frozenset()
    retired: bool = False
    attempted: bool = False
    refusal: str | None = None
    refused: str | None = None

    def mark(self, name: str) -> Mark:
        """Return what is remembered of the field *name*."""
        return self.marks.get(name, UNMARKED)

    @property
    def in_the_air(self) -> bool:
        """Tell whether any write of ours has an unknown outcome."""
        if self.attempted and self.remote_id is None:
            return True
        for mark in self.marks.values():  # noqa: SIM110 - asked by the hundred thousand
            if mark.pending is not None:
                return True
        return False

    @property
    def is_over(self) -> bool:
        """Tell whether a call task is settled as closed, was removed, or never came into being."""
        if self.retired:
            return True
        return not self.in_the_air and (self.remote_id is None or self.mark("open").sent == _CLOSED)

    def intending(self, fields: Fields) -> Link:
        """Return the link to record before *fields* are written (design 6)."""
        return Link(
            self.key,
            self.remote_id,
            self._intended(fields),
            self.connected,
            self.retired,
            attempted=True,
            refusal=self.refusal,
            refused=self.refused,
        )

    def _intended(self, fields: Fields) -> dict[str, Mark]:
        fresh = self.remote_id is None
        if fresh and not self.marks:
            return {
                name: _announced(value)
                if isinstance(value, str) and len(value) > _LONG
                else _announced_again(value)
                for name, value in fields.items()
            }
        marks = dict(self.marks)
        for name, value in fields.items():
            old = marks.get(name, UNMARKED)
            marks[name] = Mark(old.sent, old.seen or (None if fresh else EMPTY), fingerprint(value))
        return marks

    def settled(self, fields: Fields, remote: Remote) -> Link:
        """Return the link to record once *fields* are known on both sides."""
        marks = dict(self.marks)
        held = remote.fields
        for name, value in fields.items():
            ours = fingerprint(value)
            theirs = held.get(name)
            marks[name] = Mark(ours, ours if theirs == value else fingerprint(theirs))
        return Link(self.key, remote.id, marks, self.connected, self.retired, attempted=True)

    def answered(self, fields: Fields, remote: Remote, parents: Collection[Key] = ()) -> Link:
        """Return the link once the CRM answered the write of *fields* that ``intending`` announced.

        *parents* are those whose relation the answer shows.
        """
        held = remote.fields
        if len(fields) == len(self.marks) and fields.items() <= held.items():
            marks = {name: _agreed(mark.pending) for name, mark in self.marks.items()}  # nearly always
        else:
            marks = dict(self.marks)
            for name, value in fields.items():
                ours, theirs = marks[name].pending, held.get(name)
                marks[name] = _agreed(ours) if theirs == value else Mark(ours, fingerprint(theirs))
        joined = self.connected.union(parents) if parents else self.connected
        return Link(self.key, remote.id, marks, joined, self.retired, attempted=True)

    def made(self, remote_id: RemoteId, parents: Collection[Key]) -> Link:
        """Return the link once the CRM made the record as announced, with these relations."""
        marks = {name: _agreed(mark.pending) for name, mark in self.marks.items()}
        return Link(self.key, remote_id, marks, frozenset(parents), attempted=True)

    def left(self) -> Link:
        """Return the link of a record that is left as it is, and not followed any more."""
        return replace(self, retired=True, marks={**self.marks, "open": Mark(_OPEN, _OPEN)})

    @property
    def was_left(self) -> bool:
        """Tell whether the record was left as it is, and not removed."""
        return self.retired and self.mark("open").sent == _OPEN

    def taken_back(self) -> Link:
        """Return the link of a record that is wished again, after it was left or removed by us.

        What was left goes on where it stood; what was removed is made anew. While the removal is in the air
        the record may be there still: then what was said about its fields counts.
        """
        marks = {name: mark for name, mark in self.marks.items() if name != "open"}
        if self.was_left:
            return replace(self, retired=False, marks=marks)
        in_the_air = self.mark("open").pending is not None
        return Link(self.key, marks=marks if in_the_air else {}, attempted=in_the_air)

    def forgotten(self) -> Link:
        """Return the link once its record is known no more: it is looked up by its key, and made if missing.

        What a person removed stays away, and a call task that is over is not made again.
        """
        over = self.mark("open").sent == _CLOSED
        shared = self.key.kind in {Kind.COMPANY, Kind.CONTACT}
        return self if self.retired else Link(self.key, retired=over, attempted=not (over or shared))

    def arrived(self) -> Link:
        """Return the link once the create that was in the air is known to have arrived, all of it.

        What the CRM shows otherwise now was rewritten by it, or is a person's edit.
        """
        marks = {
            name: mark if mark.pending is None else Mark(mark.pending, mark.pending)
            for name, mark in self.marks.items()
        }
        return replace(self, marks=marks)

    def landed(self, names: Iterable[str]) -> Link:
        """Return the link once the writes of these fields are known not to stand: nothing is in the air."""
        marks = dict(self.marks)
        for name in names:
            mark = self.mark(name)
            marks[name] = Mark(mark.sent, mark.seen)
        return replace(self, marks=marks)

    def connecting(self, parents: Iterable[Key]) -> Link:
        """Return the link once relations with these parents were seen in the CRM."""
        joined = self.connected | frozenset(parents)
        return Link(
            self.key,
            self.remote_id,
            self.marks,
            joined,
            self.retired,
            self.attempted,
            self.refusal,
            self.refused,
        )

    def turned_down(self, reason: str, wish: str) -> Link:
        """Return the link after the CRM refused the wish with the print *wish*: nothing is in the air."""
        marks = {
            name: Mark(mark.sent, mark.seen)
            for name, mark in self.marks.items()
            if mark.sent is not None or (mark.pending is None and mark.seen is not None)
        }
        attempted = self.attempted and self.remote_id is not None
        return replace(self, marks=marks, attempted=attempted, refusal=reason, refused=wish)
