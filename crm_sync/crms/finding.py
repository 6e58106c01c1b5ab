"""Recognising a company or contact that people made before us."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from crm_sync.domain.items import Fields, Item, Remote
from crm_sync.domain.keys import Key, Kind

Feature = tuple[Kind, str, str]
"""What a record can be recognised by: its kind, the field, the field's text in normal form."""

_NO_WORD = re.compile(r"[\W_]+")
_BY = {Kind.COMPANY: ("domain", "name"), Kind.CONTACT: ("email",)}


def features(kind: Kind, fields: Fields) -> dict[str, Feature]:
    """Return what a record of these fields can be recognised by, under the names of the fields."""
    texts = ((name, fields.get(name)) for name in _BY.get(kind, ()))
    found = ((name, _normal(name, text)) for name, text in texts if isinstance(text, str))
    return {name: (kind, name, normal) for name, normal in found if normal}


def match(items: Sequence[Item], candidates: Iterable[Remote]) -> dict[Key, Remote]:
    """Return the candidate that is the same thing as each item; one answers one item at most.

    A domain or an address decides, the first candidate that has it. A company's name decides where it
    has exactly one candidate left, and never against two different domains. *candidates* are records
    without any key of ours, oldest first.
    """
    pool: dict[Feature, list[Remote]] = defaultdict(list)
    for remote in candidates:
        for feature in features(remote.kind, remote.fields).values():
            pool[feature].append(remote)
    found: dict[Key, Remote] = {}
    taken: set[str] = set()
    for item in items if pool else ():
        chosen = _choose(item, pool, taken)
        if chosen is not None:
            taken.add(chosen.id)
            found[item.key] = chosen
    return found


def _choose(item: Item, pool: dict[Feature, list[Remote]], taken: set[str]) -> Remote | None:
    own = features(item.key.kind, item.fields)
    for name, feature in own.items():
        free = [remote for remote in pool.get(feature, ()) if remote.id not in taken]
        if name == "name":
            free = [remote for remote in free if "domain" not in own or not remote.fields.get("domain")]
        if free and (name != "name" or len(free) == 1):
            return free[0]
    return None


def _normal(name: str, text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().strip()
    if name == "name":
        return _NO_WORD.sub(" ", text).strip()
    return text.removeprefix("www.").rstrip(".") if name == "domain" else text
