"""Company and role in one cell, split only where the whole column shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from crm_sync.reading.halves import Halves
from crm_sync.reading.meanings import meanings_of_text
from crm_sync.reading.plans import Plan
from crm_sync.reading.profiles import kind_of
from crm_sync.reading.texts import fold

Split = Callable[[str | None, str | None], tuple[str | None, str | None]]

_MARKS = (" - ", " – ", " — ", " | ", " @ ", " at ", " bei ", " chez ", ": ", " / ")
_CITY_MARKS = (" • ", " · ", " ∙ ")
_REPLY = re.compile(r"^((re|fw|fwd|aw|wg|tr)\s*:\s*)+", re.I)
_LINKED = re.compile(r"(?<!\s)\s*\(https?://[^\s()]+\)")
_DRESSED = re.compile(r"^(\*{1,2}|~~|`|__)(.+)\1$")
_MARKED = re.compile(r"^[*_]*\[([^\]]+)\]\([^)]*\)[*_]*$")
_JOINTS = re.compile(r"\s*(?:[/|,&+:]|\s-\s|@|\bat\b|\band\b)\s*")
_MOST, _LINKED_SHARE = 0.8, 0.5
_ENOUGH = 2


def split_at(plan: Plan) -> Split | None:
    """Return how company and title of a row are taken apart, None where nothing is to be done."""
    titles, companies = plan.values("job_title"), plan.values("company")
    if _are_linked(titles) or _are_linked(companies):
        return _without_links
    if titles and companies:
        return _without_city(companies) or _without_company(plan)
    cells = titles or companies
    if len(cells) < _ENOUGH:
        return None
    for mark in _MARKS:
        pairs = [cell.split(mark, 1) for cell in cells if mark in cell]
        if len(pairs) >= _MOST * len(cells):
            told = _told_order(plan, bool(titles))
            first = _company_first(mark, [(a, b) for a, b in pairs]) if told is None else told
            return _by(mark, first, bool(titles))
    if sum(any(mark in cell for mark in _MARKS) for cell in cells) >= _MOST * len(cells):
        return _by_halves(Halves(cells), bool(titles))
    return None


def _by_halves(halves: Halves, from_title: bool) -> Split:
    """Take texts apart that are joined in several ways: ``Name - Job``, ``Job @ Name``."""

    def split(company: str | None, title: str | None) -> tuple[str | None, str | None]:
        text = title if from_title else company
        return halves.of(text) if text else (company, title)

    return split


def _told_order(plan: Plan, from_title: bool) -> bool | None:
    """Say whether the header names the company before the title, None where it does not name both."""
    at = plan.layout.first("job_title" if from_title else "company")
    header = " ".join(plan.layout.columns[at or 0].header.text.split())
    parts = _JOINTS.split(header)
    named = [{meaning.field for meaning in meanings_of_text(part)} for part in parts if part]
    company = next((place for place, fields in enumerate(named) if "company" in fields), None)
    title = next((place for place, fields in enumerate(named) if "job_title" in fields), None)
    return None if company is None or title is None or company == title else company < title


def _are_linked(cells: Sequence[str]) -> bool:
    linked = sum(bool(_LINKED.search(cell) or _DRESSED.match(cell)) for cell in cells)
    return bool(cells) and linked >= _LINKED_SHARE * len(cells)


def _without_links(company: str | None, title: str | None) -> tuple[str | None, str | None]:
    """Take the address off names such as ``Name (https://...)`` or ``**[Name](https://...)**``."""
    return company and _unlinked(company), title and _unlinked(title)


def _unlinked(name: str) -> str | None:
    dressed = _DRESSED.match(name)
    name = dressed[2] if dressed else name
    marked = _MARKED.match(name)
    return (marked[1] if marked else _LINKED.sub("", name)).strip() or None


def _without_city(companies: Sequence[str]) -> Split | None:
    """Take the city off companies such as ``Name • City``."""
    for mark in _CITY_MARKS:
        if sum(mark in company for company in companies) >= _MOST * len(companies):
            return lambda company, title: (company.split(mark)[0].strip() or None if company else None, title)
    return None


def _company_first(mark: str, pairs: list[tuple[str, str]]) -> bool:
    """Say which half is the company: after *at* the second; else the half that names fewer jobs."""
    if mark in (" at ", " @ ", " bei ", " chez "):
        return False
    left = sum(kind_of(first).title for first, _ in pairs)
    right = sum(kind_of(second).title for _, second in pairs)
    return right >= left


def _by(mark: str, company_first: bool, from_title: bool) -> Split:
    def split(company: str | None, title: str | None) -> tuple[str | None, str | None]:
        text = title if from_title else company
        if text is None or mark not in text:
            return company, title
        first, second = (part.strip() or None for part in text.split(mark, 1))
        return (first, second) if company_first else (second, first)

    return split


def _without_company(plan: Plan) -> Split | None:
    """Take "Re:" and "at COMPANY" out of titles that are the subjects of mails."""
    title_at, company_at = plan.layout.first("job_title"), plan.layout.first("company")
    if title_at is None or company_at is None:
        return None
    rows = [row for _, row in plan.rows()][:200]
    pairs = [
        (str(row[title_at]).strip(), str(row[company_at]).strip())
        for row in rows
        if max(title_at, company_at) < len(row) and row[title_at] and row[company_at]
    ]
    tailed = sum(1 for title, company in pairs if _bare(title, company) != title)
    return _tailless if pairs and tailed >= _MOST * len(pairs) else None


def _tailless(company: str | None, title: str | None) -> tuple[str | None, str | None]:
    return company, (_bare(title, company) or title) if title and company else title


def _bare(title: str, company: str) -> str:
    bare = _REPLY.sub("", title).strip()
    for link in (" at ", " @ ", " bei ", " chez ", " - ", " – ", " | "):
        head, found, tail = bare.rpartition(link)
        if found and fold(tail) == fold(company):
            return head.strip()
    return bare
