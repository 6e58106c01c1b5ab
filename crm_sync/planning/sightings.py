"""What the rows of one look say about their identity, each judged beside the other rows of the look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from crm_sync.domain.applications import Application
from crm_sync.domain.keys import mint
from crm_sync.domain.stages import Stage
from crm_sync.domain.values import replace
from crm_sync.reading.identity import (
    canonical_url,
    company_key,
    id_evidence,
    id_of,
    is_posting_url,
    pair_evidence,
    place_key,
    requisition_of,
    title_key,
    url_evidence,
    who_key,
)

_FURTHEST = (
    Stage.UNKNOWN, Stage.SAVED, Stage.APPLIED, Stage.SCREENING, Stage.ON_HOLD, Stage.INTERVIEWING,
    Stage.OFFER, Stage.CLOSED, Stage.WITHDRAWN, Stage.REJECTED, Stage.ACCEPTED,
)  # fmt: skip
_RANK = {stage: place for place, stage in enumerate(_FURTHEST)}
_SMALL_COLUMN = 8


class Sighting(NamedTuple):
    """One row's match keys; "" and None where the row does not say, or nothing that tells rows apart.

    ``url`` is the canonical address of the posting, ``link`` the row's link as it is (for exact repeats),
    ``who`` the person in the row, ``pair`` the evidence of company and title with all that goes with it
    (of the cells, where a row names nothing).
    """

    application: Application
    ident: str
    url: str
    link: str
    company: str
    title: str
    requisition: str
    place: str
    day: date | None
    who: str
    pair: str


Folded = dict[int, int]
"""Index of a row that is no application of its own -> index of the row it repeats."""


def see(application: Application) -> Sighting:
    """Return the match keys of one application."""
    company = company_key(application.company) if application.company else ""
    title = title_key(application.job_title) if application.job_title else ""
    requisition = requisition_of(application.job_title) if application.job_title else ""
    place = place_key(application.location) if application.location else ""
    who = who_key(application.contact_email, application.contact_name)
    day = application.applied_on
    link = application.job_url or ""
    canonical = canonical_url(link) if link else None
    url = canonical if canonical and is_posting_url(canonical) else ""
    pair = ""
    if company or title or who:
        pair = pair_evidence(company, title, requisition, place, day.isoformat() if day else "", who)
    ident = id_of(application) if application.external_id else ""
    if not pair:
        pair = f"cells:{mint('cells', '', '|'.join(prints(application)))}"
    return Sighting(
        application,
        ident,
        url,
        canonical or link.casefold(),
        company,
        title,
        requisition,
        place,
        day,
        who,
        pair,
    )


def posting_of(link: str | None) -> str:
    """Return the canonical address of a row's posting, "" where its link names none."""
    canonical = canonical_url(link) if link else None
    return canonical if canonical and is_posting_url(canonical) else ""


def see_all(applications: Iterable[Application]) -> tuple[list[Sighting], Folded]:
    """Return the sightings of one look in its order, and the rows that show an application once more.

    Row numbers posing as ids are taken out, and ids and addresses that stand on rows of different
    applications (a candidate's id, a careers page). Rows that agree and share an id or an address are one
    application; the row whose stage is furthest speaks for it.
    """
    sightings = [see(application) for application in applications]
    _drop_row_numbers(sightings)
    folded: Folded = {}
    for name, without in ((_ident_group, _without_ident), (_url_group, _without_url)):
        for group in _groups(sightings, name):
            if _agree([sightings[i] for i in group]):
                _fold(group, sightings, folded)
            else:
                for i in group:
                    sightings[i] = without(sightings[i])
    return sightings, {i: last(folded, i) for i in folded}


def rank(sighting: Sighting) -> int:
    """Return how far the application has come, to choose among rows that show the same one."""
    return _RANK[sighting.application.stage]


def detail(sighting: Sighting) -> tuple[bool, ...]:
    """Return how much a row says, to choose among rows that show the same; more is greater."""
    told = (
        sighting.company,
        sighting.title,
        sighting.place,
        sighting.who,
        sighting.ident,
        sighting.requisition,
    )
    return (*map(bool, told), bool(sighting.day), bool(sighting.url))


def evidence_in(sighting: Sighting) -> tuple[str, ...]:
    """Return the evidence that is worth recording, strongest first."""
    told = []
    if sighting.ident:
        told.append(id_evidence(sighting.application.connector, sighting.ident, sighting.company))
    if sighting.url:
        told.append(url_evidence(sighting.url))
    if not told or not sighting.pair.startswith("cells:"):
        told.append(sighting.pair)
    return tuple(told)


def identity_in(sighting: Sighting) -> str:
    """Return the strongest evidence, of which a new key is made."""
    if sighting.ident:
        return id_evidence(sighting.application.connector, sighting.ident, sighting.company)
    return url_evidence(sighting.url) if sighting.url else sighting.pair


def compatible(one: Sighting, other: Sighting) -> bool:
    """Say whether nothing known in both rows tells them apart: id, place, person, requisition."""
    return all(
        not mine or not theirs or mine == theirs
        for mine, theirs in (
            (one.ident, other.ident),
            (one.place, other.place),
            (one.who, other.who),
            (one.requisition, other.requisition),
        )
    )


def prints(application: Application) -> tuple[str, ...]:
    """Return the row's cells, or the application's facts where the cells were not kept."""
    if application.cells:
        return tuple(cell for cell in application.cells if cell)
    facts = (
        application.company, application.job_title, application.applied_on, application.stage,
        application.location, application.job_url, application.salary, application.source, application.notes,
        application.contact_name, application.contact_email, application.contact_phone,
        application.external_id,
    )  # fmt: skip
    return tuple(str(fact) for fact in facts if fact)


def likeness(old: Application, new: Application) -> float:
    """Return which part of the old row's cells stands in the new row, 0 to 1; added columns do not count."""
    if bool(old.cells) != bool(new.cells):
        old, new = replace(old, cells=()), replace(new, cells=())
    before, now = prints(old), list(prints(new))
    if not before:
        return 0.0
    kept = 0
    for cell in before:
        if cell in now:
            now.remove(cell)
            kept += 1
    return kept / len(before)


def _ident_group(sighting: Sighting) -> str:
    return f"{sighting.application.connector}:{sighting.ident}" if sighting.ident else ""


def _url_group(sighting: Sighting) -> str:
    return sighting.url


def _without_ident(sighting: Sighting) -> Sighting:
    return sighting._replace(ident="")


def _without_url(sighting: Sighting) -> Sighting:
    return sighting._replace(url="")


def _groups(sightings: Sequence[Sighting], name: Callable[[Sighting], str]) -> list[list[int]]:
    """Return the groups of two rows or more that share a name."""
    firsts: dict[str, int] = {}
    groups: dict[str, list[int]] = {}
    for i, sighting in enumerate(sightings):
        if (shared := name(sighting)) and (first := firsts.setdefault(shared, i)) != i:
            groups.setdefault(shared, [first]).append(i)
    return list(groups.values())


def _drop_row_numbers(sightings: list[Sighting]) -> None:
    columns: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for i, sighting in enumerate(sightings):
        if sighting.ident:
            columns[sighting.application.connector, sighting.application.sheet].append(i)
    for column in columns.values():
        if is_numbering([sightings[i].ident for i in column]):
            for i in column:
                sightings[i] = _without_ident(sightings[i])


def is_numbering(idents: Sequence[str]) -> bool:
    """Say whether ids are mere row numbers: 1 to N (or 0 to N-1), a few missing in a longer column.

    In any order: a sheet that is sorted takes its numbers along, until somebody numbers it again.
    """
    if not all(ident.isascii() and ident.isdecimal() and len(ident) < 7 for ident in idents):
        return False
    numbers = {int(ident) for ident in idents}
    slack = len(idents) // 4 if len(idents) >= _SMALL_COLUMN else 0
    return (
        len(numbers) * 10 >= len(idents) * 9
        and min(numbers) <= 1 + slack
        and max(numbers) - min(numbers) < len(idents) + slack
    )


def _fold(group: Sequence[int], sightings: Sequence[Sighting], folded: Folded) -> None:
    rows = [i for i in group if i not in folded]
    if rows:
        speaker = max(rows, key=lambda i: (rank(sightings[i]), detail(sightings[i]), -i))
        folded.update({i: speaker for i in rows if i != speaker})


def _agree(rows: Sequence[Sighting]) -> bool:
    """Say whether no fact that is known differs among rows, places apart."""
    columns = (
        {row.company for row in rows}, {row.title for row in rows}, {row.requisition for row in rows},
        {row.day for row in rows}, {row.who for row in rows}, {row.url for row in rows},
        {_ident_group(row) for row in rows},
    )  # fmt: skip
    return all(sum(1 for fact in column if fact) <= 1 for column in columns)


def last(folded: Folded, i: int) -> int:
    """Return the row that speaks in the end for a row that repeats another."""
    while i in folded:
        i = folded[i]
    return i
