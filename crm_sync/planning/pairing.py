"""Pair rows with known applications, by the strongest evidence first."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from crm_sync.planning.recall import Clash, Recall
from crm_sync.planning.sightings import Folded, Sighting, evidence_in, prints, rank

_MOST_PAIRS = 2_000
_NEIGHBOURS = 4

Same = Callable[[Sighting, str], bool]
"""Whether a row and a known key may be one application."""


class Pairing:
    """Rows without a key yet (``open``), and what was found (``keys``, by the row's index)."""

    def __init__(self, rows: Mapping[int, Sighting], recall: Recall) -> None:
        self.open = dict(rows)
        self._rows = rows
        self.keys: dict[int, str] = {}
        self._recall = recall
        self._taken: set[str] = set()
        self._reach: Collection[str] = recall.own

    def reach_out(self) -> None:
        """Look among the applications that only other sources told of, from here on.

        Not where a person said that it is another one than one of this source's which no row has found: the
        row may be that one, changed beyond recognition.
        """
        recall = self._recall
        self._reach = recall.others
        if recall.apart:
            lost = recall.own - self._taken
            self._reach = {key for key in recall.others if lost.isdisjoint(recall.apart.get(key, ()))}

    def pair(self, i: int, key: str) -> None:
        """Say that a row is this known application."""
        self.keys[i] = key
        self._taken.add(key)
        del self.open[i]

    def fold(self, folded: Folded) -> Folded:
        """Take out rows that repeat another, and hand them back."""
        for i in folded:
            del self.open[i]
        return folded

    def fold_known(self, folded: Folded) -> Folded:
        """Take out rows that repeat a row with a key; of all of them, the one furthest on speaks."""
        groups: dict[int, list[int]] = {}
        for i, speaker in folded.items():
            groups.setdefault(speaker, [speaker]).append(i)
            del self.open[i]
        spoken: Folded = {}
        for speaker, group in groups.items():
            best = max(group, key=self._how_far)
            self.keys[best] = self.keys.pop(speaker)
            spoken.update({i: best for i in group if i != best})
        return spoken

    def missing(self) -> list[str]:
        """Return the known keys within reach that no row has found."""
        return [key for key in self._recall.known if self._is_free(key)]

    def _is_free(self, key: str) -> bool:
        return key in self._reach and key not in self._taken

    def by_all_evidence(self, evidence: Mapping[str, str]) -> None:
        """Pair rows whose id or address, and everything else they say, is recorded for one application."""
        for i, row in list(self.open.items()):
            if not (row.ident or row.url):
                continue
            named = {evidence.get(text) for text in evidence_in(row)}
            key = named.pop()
            if key is not None and not named and self._is_free(key):
                self.pair(i, key)

    def by_id(self) -> None:
        """Pair rows by external id."""
        by_id = self._recall.by_id
        named = {
            i: by_id.get(f"{row.application.connector}:{row.ident}", ())
            for i, row in self.open.items()
            if row.ident
        }
        self._pair_each(named, self._recall.same_by_id)

    def by_url(self) -> None:
        """Pair rows by the address of the posting."""
        named = {i: self._recall.by_url.get(row.url, ()) for i, row in self.open.items() if row.url}
        self._pair_each(named, self._recall.same_by_url)

    def by_same_pair(self) -> None:
        """Pair rows by company, title, place and date, as they are now, then as they ever were."""
        now: dict[str, list[str]] = defaultdict(list)
        for key in self.missing():
            if pair := self._recall.seen[key].pair:
                now[pair].append(key)
        self._pair_groups(now, lambda row: row.pair, self._told)
        self._pair_groups(self._recall.by_pair, lambda row: row.pair, self._told)

    def by_title(self) -> None:
        """Pair rows by company and title alone, as they are now or ever were."""
        wanted = {_title(row.company, row.title) for row in self.open.values()} - {""}
        named: dict[str, dict[str, None]] = defaultdict(dict)
        for key in self.missing() if wanted else ():
            known = self._recall.seen[key]
            if (name := _title(known.company, known.title)) in wanted:
                named[name][key] = None
        for pair, keys in self._recall.by_pair.items() if wanted else ():
            name = "|".join(pair.removeprefix("pair:").split("|", 2)[:2])
            if name in wanted:
                named[name].update(dict.fromkeys(keys))
        self._pair_groups(
            {name: list(keys) for name, keys in named.items()},
            lambda row: _title(row.company, row.title),
            self._alike,
        )

    def _how_far(self, i: int) -> int:
        return rank(self._rows[i])

    def _told(self, row: Sighting, key: str) -> bool:
        recall = self._recall
        enough = recall.ours(key) or (row.day and (row.who or (row.company and row.title)))
        return bool(enough or recall.same_list(row, key)) and not recall.clash(row, key)

    def _alike(self, row: Sighting, key: str) -> bool:
        return self._recall.clash(row, key) is Clash.NONE and self._recall.same_by_pair(row, key)

    def _pair_each(self, named: Mapping[int, Sequence[str]], same: Same) -> None:
        """Pair each row with the best of the keys it names."""
        for i, keys in named.items():
            row = self.open[i]
            free = [key for key in keys if self._is_free(key) and same(row, key)]
            if free:
                self.pair(
                    i, free[0] if len(free) == 1 else max(free, key=lambda key: self._recall.score(row, key))
                )

    def _pair_groups(
        self, keys_by: Mapping[str, Sequence[str]], name: Callable[[Sighting], str], same: Same
    ) -> None:
        """Pair rows and keys group by group, where a row's name is that of the keys."""
        rows_by: dict[str, list[int]] = defaultdict(list)
        for i, row in self.open.items():
            if (group := name(row)) and group in keys_by:
                rows_by[group].append(i)
        for group, rows in rows_by.items():
            keys = [key for key in keys_by[group] if self._is_free(key)]
            if keys:
                self._pair_group(rows, keys, same)

    def _pair_group(self, rows: list[int], keys: list[str], same: Same) -> None:
        if len(rows) == len(keys) == 1:
            if same(self.open[rows[0]], keys[0]):
                self.pair(rows[0], keys[0])
            return
        rows, keys = self._pair_unchanged(rows, keys, same)
        for candidates in self._likely(rows, keys):
            scored = [
                (self._recall.score(self.open[i], key), i, key)
                for i, key in candidates
                if i in self.open and key not in self._taken and same(self.open[i], key)
            ]
            for _, i, key in sorted(scored, key=lambda found: (-found[0], found[1], found[2])):
                if i in self.open and key not in self._taken:
                    self.pair(i, key)

    def _pair_unchanged(self, rows: list[int], keys: list[str], same: Same) -> tuple[list[int], list[str]]:
        """Pair rows whose cells are all as they were; return what is left."""
        as_before: dict[tuple[object, ...], list[str]] = defaultdict(list)
        for key in reversed(keys):
            as_before[_content(self._recall.seen[key])].append(key)
        left = []
        for i in rows:
            before = as_before.get(_content(self.open[i]))
            if before and same(self.open[i], before[-1]):
                self.pair(i, before.pop())
            else:
                left.append(i)
        return left, [key for key in keys if key not in self._taken]

    def _likely(self, rows: list[int], keys: list[str]) -> Iterator[Iterable[tuple[int, str]]]:
        """Yield what to compare: all, or in a large group what is near by date and content, then the rest."""
        if len(rows) * len(keys) <= _MOST_PAIRS:
            yield [(i, key) for i in rows for key in keys]
            return
        ordered = sorted((_place(self._recall.seen[key]), key) for key in keys)
        places = [place for place, _ in ordered]
        near: list[tuple[int, str]] = []
        for i in rows:
            at = bisect_left(places, _place(self.open[i]))
            near.extend((i, key) for _, key in ordered[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS])
        yield near
        left = sorted((_place(self.open[i]), i) for i in rows if i in self.open)
        yield zip([i for _, i in left], [key for _, key in ordered if key not in self._taken], strict=False)


def _title(company: str, title: str) -> str:
    return f"{company}|{title}" if company or title else ""


def _content(row: Sighting) -> tuple[object, ...]:
    return row.pair, row.application.stage, prints(row.application)


def _place(row: Sighting) -> tuple[str, tuple[str, ...]]:
    return row.day.isoformat() if row.day else "", prints(row.application)
