"""Keys: names that one thing keeps for ever, on every machine."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import NamedTuple

KEY_LENGTH = 12
SHORTEST_PREFIX = 4
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = tuple(first + second for first in _BASE32 for second in _BASE32)
"""Two characters for ten bits: keys are minted by the hundred thousand."""

_BLANK = hashlib.blake2b(digest_size=8)


class Kind(StrEnum):
    """The kinds of record, in the order in which they are made: parents first."""

    COMPANY = "company"
    CONTACT = "contact"
    DEAL = "deal"
    TASK = "task"
    CALL = "call"

    __hash__ = str.__hash__  # keys are hashed by the million


RANK = {kind: place for place, kind in enumerate(Kind)}


class Key(NamedTuple):
    """Names one record: its kind, its owner (a user, or "" for the account's own), its id.

    The id of a deal is the application's key; of a call task ``APPLICATION:ROUND:NUMBER``; of a call
    ``APPLICATION:TOUCH``; of a company and a contact a digest of the evidence by which it was first seen.
    """

    kind: Kind
    owner: str
    id: str

    def __str__(self) -> str:
        return "/".join(self)

    @classmethod
    def parse(cls, text: str) -> Key:
        """Return the key that was written as *text*; ValueError where it is none."""
        kind, owner, ident = text.split("/", 2)
        return cls(Kind(kind), owner, ident)


def mint(kind: str, owner: str, evidence: str) -> str:
    """Return the twelve base32 characters (lower case) for a first-seen identity (design 9)."""
    identity = _BLANK.copy()  # at two thirds of the price of a new one
    identity.update(f"{kind}\x1f{owner}\x1f{evidence}".encode("utf-8", "surrogatepass"))
    bits = int.from_bytes(identity.digest(), "big") >> 4
    return (
        f"{_PAIRS[bits >> 50]}{_PAIRS[bits >> 40 & 1023]}{_PAIRS[bits >> 30 & 1023]}"
        f"{_PAIRS[bits >> 20 & 1023]}{_PAIRS[bits >> 10 & 1023]}{_PAIRS[bits & 1023]}"
    )


def task_id(application: str, round_: int, number: int) -> str:
    """Return the id of a call task: application, round, and a number never used again (cadence 6)."""
    return f"{application}:{round_}:{number}"
