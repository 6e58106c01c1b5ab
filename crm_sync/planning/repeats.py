"""Rows that say what another row said already: reported, never doubled."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from crm_sync.planning.recall import Recall
from crm_sync.planning.sightings import Folded, Sighting, compatible, detail, prints


def exact_repeats(
    rows: Mapping[int, Sighting], sightings: Sequence[Sighting], keys: Mapping[int, str]
) -> Folded:
    """Return which of the unknown *rows* repeat a row with a key, or one another.

    The same company, title, date, stage and link, and no other id, place or person. Rows that say more come
    first, so that the answer does not depend on the order of the rows; then the earlier row stands.
    """
    if not rows:
        return {}
    quick = {i: (row.application.stage, row.day, row.link) for i in (*keys, *rows) if (row := sightings[i])}
    alike = Counter(quick.values())
    said = {i: _said(sightings[i]) for i, key in quick.items() if alike[key] > 1}
    often = Counter(said.values())
    standing: dict[str, list[int]] = defaultdict(list)
    for i in sorted(keys):
        if i in said and often[said[i]] > 1:
            standing[said[i]].append(i)
    folded: Folded = {}
    again = [i for i in rows if i in said and often[said[i]] > 1]
    for i in sorted(again, key=lambda i: (tuple(not told for told in detail(rows[i])), i)):
        others = standing[said[i]]
        first = next((other for other in others if compatible(rows[i], sightings[other])), None)
        if first is None:
            others.append(i)
        else:
            folded[i] = first
    return folded


def repeats_of_known(
    rows: Mapping[int, Sighting],
    sightings: Sequence[Sighting],
    keys: Mapping[int, str],
    repeated: Folded,
    recall: Recall,
) -> Folded:
    """Return which of the unknown *rows* are known to repeat a row that found its key.

    Where several equal rows were one application before, a stage that changes in one of them does not make
    it another application. *repeated* are the rows of this look that are known to repeat another already.
    """
    speakers: dict[str, list[int]] = defaultdict(list)
    for i, key in keys.items():
        if recall.rows_of(key) > 1:
            speakers[sightings[i].pair].append(i)
    shown = Counter(repeated.values())
    room = {i: recall.rows_of(keys[i]) - 1 - shown[i] for group in speakers.values() for i in group}
    folded: Folded = {}
    for i, row in rows.items():
        for speaker in speakers.get(row.pair, ()):
            other = sightings[speaker]
            if room[speaker] > 0 and compatible(row, other) and _same_link(row, other):
                room[speaker] -= 1
                folded[i] = speaker
                break
    return folded


def _said(row: Sighting) -> str:
    """Return all that must be equal, as the row spells it; every cell where company or title is missing."""
    one = row.application
    if one.company and one.job_title:
        facts = (*one.company.split(), "", *one.job_title.split(), "", row.place, row.link)
    else:
        facts = (row.link, *prints(one))
    return "\x1f".join((one.stage, str(row.day), *facts))


def _same_link(row: Sighting, other: Sighting) -> bool:
    return not row.link or not other.link or row.link == other.link
