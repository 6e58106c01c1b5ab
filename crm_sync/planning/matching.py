"""Recognise the applications of one look: which are known, which are new, which rows say the same twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from crm_sync.domain.applications import Application
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.keys import mint
from crm_sync.domain.values import light
from crm_sync.planning.pairing import Pairing
from crm_sync.planning.recall import ALSO, Recall
from crm_sync.planning.renames import renames
from crm_sync.planning.repeats import exact_repeats, repeats_of_known
from crm_sync.planning.sightings import (
    Folded,
    Sighting,
    evidence_in,
    identity_in,
    last,
    posting_of,
    prints,
    rank,
    see_all,
)
from crm_sync.reading.identity import url_evidence

DEFAULT_USER = "me"


@light
@dataclass(frozen=True, slots=True)
class Matched:
    """One application under its key.

    ``renamed`` says that a known application goes by another title or company now, or was recognised by its
    other cells alone. ``evidence`` is what is not yet recorded for the key, strongest first.
    """

    key: str
    application: Application
    is_new: bool
    renamed: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """The applications of one look in its order; the rows that repeat another row, with its number."""

    matched: tuple[Matched, ...]
    duplicates: tuple[tuple[Application, int], ...]


@dataclass(slots=True)
class _Outcome:
    sightings: list[Sighting]
    keys: dict[int, str]
    folded: Folded
    fresh: set[int] = field(default_factory=set)
    renamed: set[int] = field(default_factory=set)


def match(
    user: str,
    applications: Sequence[Application],
    known: Mapping[str, Dossier],
    evidence: Mapping[str, str],
    source: str,
) -> Matching:
    """Return which application each row of a look of *source* is.

    *known* are the user's dossiers by key, *evidence* the user's recorded evidence with the key it names.
    In this order: external id, posting address, company and title (with place and date where they occur
    twice), rename; first among what this source told of before, then, renames apart, among what only other
    sources told of: there company and title need dates within a week. Ids of one connector, requisition ids
    and addresses of one site that differ mean different applications. A known key is matched by one row at
    most. New keys depend on what a row says, not on where it stands; only rows that say the same are counted
    through.
    """
    recall = Recall(known, evidence, source)
    outcome = _resolve(user, applications, recall, evidence)
    rows_of: dict[int, int] = {}
    for i in outcome.folded.values():
        rows_of[i] = rows_of.get(i, 1) + 1
    matched = []
    recorded = set(evidence)
    for i, key in sorted(outcome.keys.items()):
        sighting = outcome.sightings[i]
        news = []
        for text in evidence_in(sighting):
            if text in recorded and evidence.get(text, key) != key:
                text = _beside(text, key)
            if text not in recorded:
                news.append(text)
        if i in rows_of and rows_of[i] > recall.rows_of(key):
            news.append(f"repeats:{key}:{rows_of[i]}")
        recorded.update(news)
        is_new = i in outcome.fresh
        renamed = i in outcome.renamed or (not is_new and _goes_by_another_name(sighting, key, recall))
        matched.append(Matched(key, sighting.application, is_new, renamed, tuple(news)))
    duplicates = tuple(
        (applications[i], applications[first].row) for i, first in sorted(outcome.folded.items())
    )
    return Matching(tuple(matched), duplicates)


def _beside(text: str, key: str) -> str:
    """Return the evidence of an id or an address that names another application already, with the key.

    So both are known to have it: no row with another id is taken for either, and each row of one posting,
    to which somebody applied twice, finds its own again.
    """
    if text.startswith("id:"):
        return f"{text}#{key}"
    return f"{ALSO}:{key}:{text}" if text.startswith("url:") else text


def key_for_display(applications: Sequence[Application]) -> list[str]:
    """Return the key that each row would get for the default user if nothing were known, in their order.

    A row that repeats another has the key of that one.
    """
    keys = _keys_by_posting(applications)
    left = [i for i in range(len(applications)) if i not in keys]
    outcome = _resolve(DEFAULT_USER, [applications[i] for i in left], Recall({}, {}, ""), {})
    keys.update((i, outcome.keys[outcome.folded.get(place, place)]) for place, i in enumerate(left))
    return [keys[i] for i in range(len(applications))]


def _keys_by_posting(applications: Sequence[Application]) -> dict[int, str]:
    """Return the keys of rows whose posting no other row has, and which have no id: nothing else matters."""
    postings = [posting_of(application.job_url) for application in applications]
    often = Counter(postings)
    return {
        i: mint("application", DEFAULT_USER, url_evidence(posting))
        for i, posting in enumerate(postings)
        if posting and often[posting] == 1 and not applications[i].external_id
    }


def _resolve(
    user: str, applications: Sequence[Application], recall: Recall, evidence: Mapping[str, str]
) -> _Outcome:
    """Give every row a key or the row it repeats."""
    sightings, folded = see_all(applications)
    pairing = Pairing({i: row for i, row in enumerate(sightings) if i not in folded}, recall)
    if recall.own:
        pairing.by_all_evidence(evidence)
        pairing.by_id()
        pairing.by_url()
        pairing.by_same_pair()
    folded |= pairing.fold(exact_repeats(pairing.open, sightings, pairing.keys))
    outcome = _Outcome(sightings, pairing.keys, folded)
    if recall.own:
        folded |= pairing.fold_known(repeats_of_known(pairing.open, sightings, pairing.keys, folded, recall))
        pairing.by_title()
        found = renames(pairing.open, pairing.missing(), recall)
        outcome.renamed.update(i for i in found if sightings[i].company or sightings[i].title)
        for i, key in found.items():
            pairing.pair(i, key)
    if recall.others and pairing.open:
        _join(pairing, evidence)
        folded |= pairing.fold_known(repeats_of_known(pairing.open, sightings, pairing.keys, folded, recall))
    outcome.fresh.update(pairing.open)
    outcome.keys.update(_mint_all(user, pairing.open, recall))
    outcome.folded = {i: last(folded, i) for i in folded}
    return outcome


def _join(pairing: Pairing, evidence: Mapping[str, str]) -> None:
    """Find rows that this source tells of for the first time, and another one did before."""
    pairing.reach_out()
    pairing.by_all_evidence(evidence)
    pairing.by_id()
    pairing.by_url()
    pairing.by_same_pair()
    pairing.by_title()


def _mint_all(user: str, rows: Mapping[int, Sighting], recall: Recall) -> dict[int, str]:
    """Return keys for new rows: by what they say, counted through where that is the same."""
    identities = {i: identity_in(row) for i, row in rows.items()}
    often = Counter(identities.values())
    alike = sorted(
        (i for i, identity in identities.items() if often[identity] > 1), key=lambda i: _order(rows[i])
    )
    keys: dict[int, str] = {}
    taken = set(recall.known)
    for i, identity in identities.items():
        if often[identity] == 1:
            keys[i] = key = unused_key(user, identity, taken)
            taken.add(key)
    for i in alike:
        keys[i] = key = unused_key(user, identities[i], taken)
        taken.add(key)
    return keys


def unused_key(user: str, identity: str, taken: Collection[str]) -> str:
    """Return a key made of what a row says, and of a number where that is taken."""
    key, number = mint("application", user, identity), 1
    while key in taken:
        number += 1
        key = mint("application", user, f"{identity}#{number}")
    return key


def _order(row: Sighting) -> tuple[object, ...]:
    """Return an order of rows of one identity that does not depend on where they stand."""
    return (rank(row), row.who, row.link, row.place, prints(row.application), row.application.row)


def _goes_by_another_name(row: Sighting, key: str, recall: Recall) -> bool:
    if not recall.ours(key):
        return False
    new, old = row.application, recall.seen[key].application
    if new.company == old.company and new.job_title == old.job_title:
        return False
    known = recall.seen[key]
    return any(
        old and new and old != new for old, new in ((known.company, row.company), (known.title, row.title))
    )
