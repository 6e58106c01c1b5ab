"""Recognise a row whose title, address or company's spelling was changed while the rest stayed (design 4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from crm_sync.planning.recall import MOST_CELLS, NEARLY_ALL_CELLS, Clash, Recall
from crm_sync.planning.sightings import Sighting

_MOST_PAIRS = 4000
_ALIKE = 75
Likely = list[tuple[float, int, str]]
"""Likeness, the row's index, the known key."""


def renames(rows: Mapping[int, Sighting], keys: Iterable[str], recall: Recall) -> dict[int, str]:
    """Return which of the unknown *rows* is which of the missing *keys* under another name.

    Company and date stayed and most cells did, or title and date stayed and the company is spelt anew; the
    old self was last seen in this source and is in it no more; and nothing else could be meant: each is the
    other's best, by a margin.
    """
    missing = [key for key in keys if recall.ours(key)]
    likely = {
        (i, key): (worth, i, key)
        for group_rows, group_keys in _groups(rows, missing, recall)
        for i in group_rows
        for key in group_keys
        if (worth := _worth(rows[i], key, recall))
    }
    return dict(_unambiguous(list(likely.values())))


def _groups(
    rows: Mapping[int, Sighting], missing: Sequence[str], recall: Recall
) -> Iterable[tuple[list[int], list[str]]]:
    """Yield rows and keys that share a day and the company, or a day and the title."""
    for name in ("company", "title"):
        wanted: dict[tuple[object, object], list[str]] = defaultdict(list)
        for key in missing:
            known = recall.seen[key]
            wanted[getattr(known, name), known.day].append(key)
        found: dict[tuple[object, object], list[int]] = defaultdict(list)
        for i, row in rows.items():
            shared = (getattr(row, name), row.day)
            if shared in wanted:
                found[shared].append(i)
        for place, group in found.items():
            if len(group) * len(wanted[place]) <= _MOST_PAIRS:
                yield group, wanted[place]


def _worth(row: Sighting, key: str, recall: Recall) -> float:
    """Return how much of the old row stayed, 0 where this is no rename."""
    known = recall.seen[key]
    clash = recall.clash(row, key)
    if clash in (Clash.ID, Clash.REQUISITION):
        return 0.0
    same_title = row.title == known.title
    changed_url = bool(row.url) and recall.other_postings(row.url, key)
    if row.company == known.company:
        possible = same_title or not changed_url
    else:
        possible = same_title and not changed_url and _spelt_anew(known.company, row.company)
    if not possible:
        return 0.0
    sure = bool(row.company and known.company) and not (row.who and known.who and row.who != known.who)
    like = recall.like(row, key)
    return like if like >= (MOST_CELLS if sure else NEARLY_ALL_CELLS) else 0.0


def _spelt_anew(old: str, new: str) -> bool:
    if not old or not new:
        return True
    from rapidfuzz import fuzz

    short, long = sorted((old, new), key=len)
    return (len(short) > 2 and long.startswith(short)) or fuzz.ratio(old, new) >= _ALIKE


def _unambiguous(likely: Likely) -> Iterable[tuple[int, str]]:
    """Yield the pairs that are each other's best, with nothing else as good on either side."""
    by_row: dict[int, list[float]] = defaultdict(list)
    by_key: dict[str, list[float]] = defaultdict(list)
    for worth, i, key in likely:
        by_row[i].append(worth)
        by_key[key].append(worth)
    for worth, i, key in likely:
        if _best(worth, by_row[i]) and _best(worth, by_key[key]):
            yield i, key


def _best(worth: float, worths: list[float]) -> bool:
    return worth == max(worths) and worths.count(worth) == 1
