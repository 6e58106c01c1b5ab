"""Rows -> applications and rejected rows, by a plan, in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from crm_sync.domain.applications import CANDIDATE, Application, RejectedRow
from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Row
from crm_sync.reading.contacts import Contacts
from crm_sync.reading.converters import YEAR_MISSING, DateColumn, Facts
from crm_sync.reading.lexicon import months, pattern
from crm_sync.reading.mailbox import read_mail
from crm_sync.reading.placeholders import is_nothing, truth
from crm_sync.reading.plans import Plan
from crm_sync.reading.prints import printer_of
from crm_sync.reading.repair import aligner_of, shaped_columns
from crm_sync.reading.signs import StageFolder
from crm_sync.reading.splitting import split_at
from crm_sync.reading.stages import is_elsewhere, word_of
from crm_sync.reading.texts import fold, printed
from crm_sync.reading.unwanted import without_unwanted

CONNECTOR = "spreadsheet"
_TOTALS = pattern("totals")
_DEMO = pattern("demo")
_SUSPECT = frozenset(
    re.findall("..", "grtosusogeinrała合计总计总数合計coavdumoanexsae.egbeejesörpryoentyadfijo")
)
"""How a total or an instruction begins; most rows need no further look."""
_HEADING = re.compile(
    r"^(week|kw|woche|semaine|semana|month|q[1-4])\b.{0,20}$|^[^\W\d]{3,12}\.?,? ?'?(20)?\d\d$|^20\d\d$", re.I
)
_NARROW = 3
_MOSTLY = 0.7
_DEMO_ROWS = 3
_DITTO = frozenset(
    (*'↳〃″^↑└→⤷“”"', "''", "└>", "->", "ditto", "same", "same as above", "idem", "dito", "s.o.", "同上")
)
_LINK = re.compile(r"\]\((https?://[^\s()]+)\)")
_LINKEDIN = re.compile(r"linkedin\.com/(?:comm/)?jobs/view/(?:[^/?#]*?-)?(\d{6,})")

Seen = dict[tuple[Any, ...], tuple[int, str | None]]


class Reader:
    """Reads the rows of one plan; ``seen`` spans the document, so that repeats are told across sheets."""

    def __init__(self, plan: Plan, seen: Seen) -> None:
        self._plan = plan
        self._sheet = plan.table.sheet
        self._seen = seen
        self._facts = facts = Facts(plan)
        self._company = facts.reader("company")
        self._title = facts.reader("job_title")
        self._url = facts.reader("job_url")
        self._id = facts.reader("external_id")
        self._plain = [
            facts.reader_or_none(name)
            for name in ("company_domain", "location", "contact_title", "salary", "source", "notes")
        ]
        self._contacts = Contacts(facts)
        self._applied = DateColumn.best(plan, "applied_on") or DateColumn.of_history(plan)
        self._created = None if self._applied else DateColumn.best(plan, "created_on")
        self._in_status = DateColumn.in_status(plan)
        self._next = DateColumn.best(plan, "next_action_on")
        self._unsent = facts.flags("applied_flag")
        self._folder = StageFolder(plan, self._applied)
        self._split = split_at(plan)
        self._aligner = aligner_of(plan)
        self._heads = {header.text.strip() for header in plan.section.headers if header.text}
        self._shaped = shaped_columns(plan)
        self._numbered = _number_column(plan)
        self._demo_until = _first_number(plan) + _DEMO_ROWS
        self._above: str | None = None
        self._print = printer_of(plan)
        self._always = (CANDIDATE,) if plan.recruiter and "company" not in plan.layout.places else ()

    def read(self) -> Iterator[Application | RejectedRow]:
        """Yield what each filled row is, in their order; rows that say nothing are passed in silence."""
        looks_wrong = self._aligner.looks_wrong if self._aligner is not None else None
        read = self._row
        for number, row in self._plan.rows():
            if looks_wrong is not None and looks_wrong(row):
                found = self._moved(number, row)
            else:
                found = read(number, row, ())
            if found is not None:
                yield found

    def _moved(self, number: int, row: Row) -> Application | RejectedRow | None:
        """Read a row that may have slipped, with its cells in place where that is sure."""
        moved = self._aligner.realign(row) if self._aligner is not None else None
        return self._row(number, row, ()) if moved is None else self._row(number, moved, ("columns_shifted",))

    def _row(self, number: int, row: Row, flags: tuple[str, ...]) -> Application | RejectedRow | None:
        company, title = self._named(row)
        if self._plan.mailbox:
            receipt = read_mail(company, title)
            if receipt is None:
                return self._reject(number, row, "mail that is no application")
            company, title = receipt
        if company is None and title is None:
            return self._nameless(number, row)
        reason = self._no_application(number, company, title, row)
        if reason is not None:
            return self._reject(number, row, reason) if reason else None
        if self._is_instruction(row):
            return self._reject(number, row, "instruction row")
        return self._application(number, row, company, title, flags)

    def _named(self, row: Row) -> tuple[str | None, str | None]:
        company, title = self._company(row), self._title(row)
        if company is None or company in _DITTO:
            at = self._plan.layout.first("company")
            raw = printed(row[at]) if at is not None and at < len(row) else ""
            company = self._above if raw and raw.casefold() in _DITTO else company
        self._above = company or self._above
        return self._split(company, title) if self._split is not None else (company, title)

    def _application(
        self, number: int, row: Row, company: str | None, title: str | None, flags: tuple[str, ...]
    ) -> Application | RejectedRow:
        applied, url = self._applied, self._url(row)
        if url is not None and url[:4] != "http":
            url = _address_in(url)
        day, more = applied.read(number, row) if applied is not None else (None, ())
        folded = self._folder.fold(row, day is not None or YEAR_MISSING in more)
        if folded.word is not None and is_elsewhere(folded.word):
            return self._reject(number, row, f"lives on in another application ({folded.word})")
        if day is None and self._in_status is not None:
            day, more = self._in_status.read(number, row)
            folded = self._folder.fold(row, day is not None) if day is not None else folded
        if self._created is not None and folded.stage is not Stage.SAVED:
            day, more = self._created.read(number, row)
            more = (*more, "applied_from_created") if day is not None else more
        if self._unsent is not None and self._unsent(row) is False:
            day = None
        external = self._id(row)
        if external is None and url is not None and (found := _LINKEDIN.search(url)):
            external = found[1]
        whom = self._contacts.read(row) if self._plan.recruiter else ()
        key = (company, title, self._raw_day(row), folded.stage, url, external, *whom)
        first = self._first_seen(number, row, key)
        if first is not None:
            return self._reject(number, row, f"duplicate of {first}")
        if company is None and self._plan.recruiter:
            company = self._employing()
        name, mail, phone = self._contacts.read(row)
        domain, location, contact_title, salary, source, notes = [
            read(row) if read is not None else None for read in self._plain
        ]
        if notes is not None and self._plan.recruiter:
            notes = without_unwanted(notes)
        upcoming = self._next.read(number, row)[0] if self._next is not None else None
        return Application(  # in the order of the fields: names would cost a tenth of the time
            number, self._sheet, CONNECTOR, company, title, folded.stage, day, external, domain, url,
            location, name, contact_title, mail, phone, salary, source, notes, upcoming,
            flags + more + folded.flags + self._always, folded.word, self._print(row),
        )  # fmt: skip

    def _employing(self) -> str | None:
        """Return whose candidates these are; where nobody said it, the rows are counted."""
        self._plan.nameless += self._plan.employer is None
        return self._plan.employer

    def _raw_day(self, row: Row) -> Any:
        column = self._applied or self._created
        return column.raw(row) if column is not None else None

    def _first_seen(self, number: int, row: Row, key: tuple[Any, ...]) -> str | None:
        """Return where the same application stood before, None where this is the first."""
        if (self._applied or self._created) is None and key[4] is None:
            key = (*key, tuple(map(printed, row)))
        here = (number, self._sheet)
        first = self._seen.setdefault(key, here)
        if first is here:
            return None
        return f"row {first[0]}" + (f" of {first[1]}" if first[1] != self._sheet else "")

    def _reject(self, number: int, row: Row, reason: str) -> RejectedRow:
        return RejectedRow(number, self._sheet, reason, self._print(row))

    def _nameless(self, number: int, row: Row) -> RejectedRow | None:
        """Return the rejection of a row without company and title, None for a row that was only prepared."""
        texts = [text for cell in row if (text := printed(cell))]
        if any(_TOTALS.match(fold(text)) for text in texts[:3]):
            return self._reject(number, row, "totals row")
        if texts and self._is_heading(texts[0], row):
            return self._reject(number, row, "heading of a group of rows")
        telling = [text for text in texts if not is_nothing(text) and truth(text) is None and text != "0"]
        prepared = len(telling) <= 1 or all(self._facts.is_common(text) for text in telling)
        if (
            prepared
            and self._url(row) is None
            and (self._applied is None or self._applied.read(number, row)[0] is None)
        ):
            return None
        return self._reject(number, row, "no company and no title")

    def _no_title(self, first: str, row: Row) -> str | None:
        """Return why a row with nothing but a company's name is no application, None where it may be one."""
        if self._is_heading(first, row):
            return "heading of a group of rows"
        if len(row) == 1 and self._sheet is None and len(self._heads) >= _NARROW:
            return "a line without columns"
        if first.isdigit() and any(_TOTALS.match(fold(printed(cell))) for cell in row[:3]):
            return "totals row"
        at = self._numbered
        if at is not None and at < len(row) and (text := printed(row[at])) and not text[:1].isdigit():
            filled = sum(1 for cell in row if printed(cell))
            return "a remark below the table" if filled <= 2 else None
        return None

    def _is_heading(self, first: str, row: Row) -> bool:
        """Say whether a row only names the group below it: a month, or the stage of its rows."""
        if len(self._heads) < _NARROW or sum(map(bool, map(printed, row))) != 1:
            return False
        word = word_of(first)
        if word.why == "known word" and word.stage is not Stage.UNKNOWN:
            self._folder.heading = word.stage
            return True
        return bool(_HEADING.match(first)) or fold(first) in months()

    def _is_count(self, first: str, row: Row) -> bool:
        """Say whether a row counts the applications of one stage: *Rejected*, 10, and nothing else."""
        word = word_of(first)
        known = word.why == "known word" and word.stage is not Stage.UNKNOWN
        return known and sum(map(bool, map(printed, row))) == 2

    def _is_instruction(self, row: Row) -> bool:
        """Say whether a row tells what to write in each column: texts where dates and addresses belong."""
        filled = 0
        for at, fits in self._shaped:
            if at < len(row) and row[at] not in (None, ""):
                if fits(row[at]):
                    return False
                filled += 1
        return filled >= 2

    def _no_application(self, number: int, company: str | None, title: str | None, row: Row) -> str | None:
        """Return why a row is no application: a reason, "" for a repeated header, None where it is one."""
        first, second = company or "", title or ""
        if (not first or first in self._heads) and (not second or second in self._heads):
            filled = [text for cell in row if (text := printed(cell))]
            if sum(text in self._heads for text in filled) >= 0.6 * len(filled):
                return ""
        if not second and (reason := self._no_title(first, row)):
            return reason
        if second.isdigit() and self._is_count(first, row):
            return "a count of applications"
        if first[:2].lower() not in _SUSPECT and (first or second[:2].lower() not in _SUSPECT):
            return None
        totals, demo = _odd(first or second)
        if totals and not (first and second and not second.isdigit()):
            return "totals row"
        return "demo or instruction row" if demo and number <= self._demo_until else None


def _address_in(text: str) -> str:
    """Return the address in a cell such as ``[Apply](https://...)``, other texts as they are."""
    found = _LINK.search(text)
    return found[1] if found else text


def _first_number(plan: Plan) -> int:
    return next((number for number, _ in plan.rows()), 0)


def _number_column(plan: Plan) -> int | None:
    """Return the column that only numbers the rows, None where there is none."""
    at = plan.layout.first("row_number")
    return at if at is not None and plan.profiles[at].number >= _MOSTLY else None


@lru_cache(maxsize=4096)
def _odd(name: str) -> tuple[bool, bool]:
    """Say whether a name is that of a row of totals, and whether that of a demonstration."""
    folded = fold(name)
    return bool(_TOTALS.match(folded)), bool(_DEMO.match(folded))
