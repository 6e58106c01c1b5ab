"""Applications of different sources that may be one, of which nobody is sure: a person is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from crm_sync.domain.dossiers import Dossier
from crm_sync.planning.families import families, members
from crm_sync.planning.recall import APART
from crm_sync.planning.sayings import sources_of, words_of
from crm_sync.planning.sightings import Sighting, see
from crm_sync.reading.identity import site_of

FURTHEST_DAYS = 180
"""Further apart, the same company and title are another time, and nobody is asked."""

_MOST_ALIKE = 50


@dataclass(frozen=True, slots=True)
class Twins:
    """Two applications that may be one; ``by_url`` where they have one posting address.

    Else company and title are the same, and the dates are more than a week apart or not all known.
    """

    one: Dossier
    other: Dossier
    by_url: bool


def suspected(dossiers: Mapping[str, Dossier], evidence: Collection[str]) -> list[Twins]:
    """Return the pairs of one user's applications that may be one, in the order of their keys.

    Never two of one source, none to which a call led, none that differ by an id of one connector, a
    requisition or a link of one site, and none of which a person said that they are two (in the user's
    *evidence*).
    """
    read = [dossier for dossier in dossiers.values() if dossier.led_from is None]
    if len({source for dossier in read for source in sources_of(dossier)}) < 2:
        return []
    kin = families(dossiers)
    heads = [dossier for dossier in read if not dossier.merged_into]
    seen = {dossier.key: _sightings(dossier, kin, dossiers) for dossier in heads}
    told = {
        dossier.key: {source for key in members(dossier.key, kin) for source in sources_of(dossiers[key])}
        for dossier in heads
    }
    found: dict[tuple[str, str], Twins] = {}
    for by_url, group in _groups(seen):
        for one, other in combinations(sorted(group), 2):
            if told[one] & told[other] or f"{APART}:{one}:{other}" in evidence:
                continue
            if not _differ(seen[one], seen[other], by_url=by_url):
                found.setdefault((one, other), Twins(dossiers[one], dossiers[other], by_url))
    return [found[pair] for pair in sorted(found)]


def _sightings(
    dossier: Dossier, kin: Mapping[str, tuple[str, ...]], dossiers: Mapping[str, Dossier]
) -> list[Sighting]:
    return [see(word.application) for key in members(dossier.key, kin) for word in words_of(dossiers[key])]


def _groups(seen: Mapping[str, list[Sighting]]) -> Iterator[tuple[bool, set[str]]]:
    """Yield keys that share a posting address, then those that share company and title."""
    urls: dict[str, set[str]] = {}
    names: dict[tuple[str, str], set[str]] = {}
    for key, sightings in seen.items():
        for row in sightings:
            if row.url:
                urls.setdefault(row.url, set()).add(key)
            if row.company and row.title:
                names.setdefault((row.company, row.title), set()).add(key)
    for by_url, groups in ((True, urls.values()), (False, names.values())):
        yield from ((by_url, group) for group in groups if 1 < len(group) <= _MOST_ALIKE)


def _differ(ones: list[Sighting], others: list[Sighting], *, by_url: bool) -> bool:
    """Tell whether anything that both sides know makes them two."""
    return any(_contradict(one, other, by_url=by_url) for one in ones for other in others)


def _contradict(one: Sighting, other: Sighting, *, by_url: bool) -> bool:
    same_connector = one.application.connector == other.application.connector
    if same_connector and one.ident and other.ident and one.ident != other.ident:
        return True
    if one.requisition and other.requisition and one.requisition != other.requisition:
        return True
    if by_url:
        return False
    far = one.day and other.day and abs((one.day - other.day).days) > FURTHEST_DAYS
    urls = one.url and other.url and one.url != other.url and site_of(one.url) == site_of(other.url)
    return bool(far or urls)
