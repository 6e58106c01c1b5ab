"""What is remembered of the applications that are known, laid out so that rows find theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from enum import StrEnum

from crm_sync.domain.dossiers import Dossier
from crm_sync.planning.sayings import speaks_of, word_of
from crm_sync.planning.sightings import Sighting, likeness, see
from crm_sync.reading.identity import evidence_of, site_of

NEAR_DAYS = 31
WEEK = 7
APART = "apart"
"""Kind of the evidence that two applications are two, whatever they look like: ``apart:KEY:KEY``."""

ALSO = "also"
"""Kind of evidence that names another application already, and this one too: ``also:KEY:EVIDENCE``."""

MOST_CELLS = 0.5
NEARLY_ALL_CELLS = 0.75
_WEAK_ID_LENGTH = 4


class Clash(StrEnum):
    """What makes a row and a known application two different ones."""

    NONE = ""
    ID = "id"
    REQUISITION = "requisition"
    URL = "url"


class _Seen(dict[str, Sighting]):
    """Sightings of known applications, made when first asked for: most rows find theirs without."""

    def __init__(self, known: Mapping[str, Dossier], source: str) -> None:
        super().__init__()
        self._known = known
        self._source = source

    def __missing__(self, key: str) -> Sighting:
        """See what this source said itself, else what all said together."""
        known = self._known[key]
        sighting = self[key] = see(word_of(known, self._source) or known.application)
        return sighting


class Recall:
    """The known applications of a user, by every evidence that was ever recorded for them.

    Applications without any recorded evidence are found by what they say themselves. ``own`` are those the
    source told of before, ``others`` those that only other sources told of. ``apart`` are those of which a
    person said that they are two.
    """

    def __init__(self, known: Mapping[str, Dossier], evidence: Mapping[str, str], source: str) -> None:
        self.known = known
        self.source = source
        self.seen = _Seen(known, source)
        self.own = {key for key, dossier in known.items() if speaks_of(source, dossier)}
        self.by_id: dict[str, tuple[str, ...]] = {}
        self.by_url: dict[str, tuple[str, ...]] = {}
        self.by_pair: dict[str, tuple[str, ...]] = {}
        self._ids: dict[str, tuple[str, ...]] = {}
        self._urls: dict[str, tuple[str, ...]] = {}
        self._repeats: dict[str, int] = {}
        self.apart: dict[str, tuple[str, ...]] = {}
        self._note(evidence)
        self.others = known.keys() - self.own

    def ours(self, key: str) -> bool:
        """Say whether this very source told of the application before."""
        return key in self.own

    def rows_of(self, key: str) -> int:
        """Return how many rows showed the application at once, 1 where it never was repeated."""
        return self._repeats.get(key, 1)

    def clash(self, row: Sighting, key: str) -> Clash:
        """Say what contradicts: another id of the connector, another requisition or posting of the site."""
        ids = self._ids.get(key)
        if ids and row.ident:
            prefix = f"{row.application.connector}:"
            theirs = [ident for ident in ids if ident.startswith(prefix)]
            if theirs and prefix + row.ident not in theirs:
                return Clash.ID
        requisition = self.seen[key].requisition
        if row.requisition and requisition and row.requisition != requisition:
            return Clash.REQUISITION
        if row.url and self.other_url(row, key):
            return Clash.URL
        return Clash.NONE

    def other_url(self, row: Sighting, key: str) -> bool:
        """Say whether the known application has another posting of the row's site, and not the row's own."""
        urls = self._urls.get(key, ())
        return row.url not in urls and any(site_of(url) == site_of(row.url) for url in urls)

    def other_postings(self, url: str, key: str) -> bool:
        """Say whether posting addresses are known, of any site, and this one is not among them."""
        urls = self._urls.get(key)
        return bool(urls) and url not in (urls or ())

    def like(self, row: Sighting, key: str) -> float:
        """Return which part of the known row's cells stands in this row; 0 across sources (other columns)."""
        if not self.ours(key):
            return 0.0
        return likeness(self.seen[key].application, row.application)

    def same_by_id(self, row: Sighting, key: str) -> bool:
        """Say whether an equal id means the same application.

        Ids of different files may coincide: then the company differs. In one source a company may be
        spelt anew. Short numbers coincide easily and need more than the company.
        """
        known = self.seen[key]
        alike = row.title == known.title or self.like(row, key) >= MOST_CELLS
        if row.company and known.company and row.company != known.company:
            return self.ours(key) and alike
        weak = row.ident.isdecimal() and len(row.ident) <= _WEAK_ID_LENGTH
        return not weak or alike or bool(self.ours(key) and row.day and row.day == known.day)

    def same_by_url(self, row: Sighting, key: str) -> bool:
        """Say whether an equal posting address means the same application.

        Not where company and title both differ (a form that serves many jobs), nor where another source
        tells of another time (applied again).
        """
        known = self.seen[key]
        if self.clash(row, key) in (Clash.ID, Clash.REQUISITION):
            return False
        other_company = row.company and known.company and row.company != known.company
        other_title = row.title and known.title and row.title != known.title
        return not (other_company and other_title) and (self.ours(key) or near(row, known))

    def same_by_pair(self, row: Sighting, key: str) -> bool:
        """Say whether equal company and title mean the same application, other facts being different.

        In one source a fact that changed (a date put right) leaves most cells as they were; across sources
        the dates must be known and within a week. Where company or title is missing, more must agree.
        """
        known = self.seen[key]
        if not self.ours(key):
            return bool(row.company and row.title) and (within_a_week(row, known) or self.same_list(row, key))
        other_day = bool(row.day and known.day and row.day != known.day)
        other_who = bool(row.who and known.who and row.who != known.who)
        if not (row.company and row.title):
            same_day = bool(row.day and row.day == known.day)
            return (same_day and not other_who) or self.like(row, key) >= NEARLY_ALL_CELLS
        return not (other_day or other_who) or self.like(row, key) >= MOST_CELLS

    def same_list(self, row: Sighting, key: str) -> bool:
        """Say whether a row of another source is this one in a list that was saved under another name.

        Company and title, the same connector, nearly all cells, and no date that differs.
        """
        known = self.seen[key]
        if (
            not (row.company and row.title and row.company == known.company)
            or row.day != known.day
            or row.application.connector != known.application.connector
        ):
            return False
        return likeness(known.application, row.application) >= NEARLY_ALL_CELLS

    def score(self, row: Sighting, key: str) -> float:
        """Return how well a row fits a known application of the same company and title; more is better."""
        known = self.seen[key]
        points = 8.0 * _opinion(row.who, known.who) + 2.0 * _opinion(row.place, known.place)
        points += 2.0 * (row.application.stage is known.application.stage) + 1.0 * self.ours(key)
        if row.day and known.day:
            gap = abs((row.day - known.day).days)
            points += 6.0 if not gap else max(-6.0, 2.0 - gap / 4)
        return points + 3.0 * likeness(known.application, row.application)

    def _note(self, evidence: Mapping[str, str]) -> None:
        told: set[str] = set()
        for text, key in evidence.items():
            if key in self.known:
                told.add(key)
                self._note_one(text, key)
        silent = self.known.keys() - told
        shared = self._shared_links(silent)
        for key in silent:
            application = self.known[key].application
            for text in evidence_of(application):
                if not (text.startswith("url:") and application.job_url in shared):
                    self._note_one(text, key)

    def _shared_links(self, keys: Collection[str]) -> Collection[str]:
        """Return the links of these applications that others have, too: they tell nobody apart."""
        links = {link for key in keys if (link := self.known[key].application.job_url)}
        if not links:
            return links
        met = Counter(d.application.job_url for d in self.known.values() if d.application.job_url in links)
        return {link for link in links if met[link] > 1}

    def _note_one(self, text: str, key: str) -> None:
        kind, _, rest = text.partition(":")
        if kind in ("pair", "cells"):
            _add(self.by_pair, text, key)
        elif kind == "url":
            _add(self.by_url, rest, key)
            _add(self._urls, key, rest)
        elif kind == "id":
            ident = rest.rpartition(":")[0]
            _add(self.by_id, ident, key)
            _add(self._ids, key, ident)
        elif kind == ALSO:
            self._note_one(rest.partition(":")[2], key)
        elif kind == APART:
            one, _, two = rest.partition(":")
            _add(self.apart, one, two)
            _add(self.apart, two, one)
        elif kind == "repeats":
            self._repeats[key] = max(self._repeats.get(key, 1), int(rest.rpartition(":")[2]))


def _add(index: dict[str, tuple[str, ...]], name: str, value: str) -> None:
    index[name] = (*index.get(name, ()), value)


def within_a_week(row: Sighting, known: Sighting) -> bool:
    """Say whether two days are known and near enough to be one, noted in two places."""
    return bool(row.day and known.day) and abs((row.day - known.day).days) <= WEEK  # type: ignore[operator]


def near(row: Sighting, known: Sighting) -> bool:
    """Say whether two days may be one and the same, noted in two places."""
    return not (row.day and known.day) or abs((row.day - known.day).days) <= NEAR_DAYS


def _opinion(mine: str, theirs: str) -> int:
    """Return 1 where both are known and equal, -1 where they differ, 0 where one is not known."""
    if not mine or not theirs:
        return 0
    return 1 if mine == theirs else -1
