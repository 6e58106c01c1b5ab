"""Rows -> applications and rejected rows, by a plan, in one pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm_sync.domain.applications import Application, RejectedRow
from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Cell, Row
from crm_sync.reading.converters import DateColumn, Facts, contact_parts, print_of
from crm_sync.reading.folding import Folded, Signs, fold_stage
from crm_sync.reading.mailbox import read_mail
from crm_sync.reading.plans import Plan
from crm_sync.reading.repair import Aligner, aligner_of
from crm_sync.reading.splitting import split_at
from crm_sync.reading.texts import fact, fold, is_nothing, printed, truth

CONNECTOR = "spreadsheet"
_TOTALS = re.compile(
    r"^(grand )?(total|totals|sum|subtotal|gesamt|summe|insgesamt|totale|suma|soma|toplam|razem|łącznie|合计|总计|总数|合計)"
    r"\b.{0,30}$|^(count|average|durchschnitt|moyenne|anzahl)$"
)
_DEMO = re.compile(
    r"^(example|sample|e g|eg|beispiel|exemple|ejemplo|exemplo|esempio|ornek|przyklad)( \w+){0,2}$|^\W*(example|sample) row"
    r"|^(your|enter|type|insert|add|fill in|company name here|job title here)\b.{0,40}\b(here|name|below|company)\b",
)
_DITTO = frozenset({"↳", "〃", "″", '"', "''", "“", "”", "^", "↑", "└", "└>", "->", "→", "⤷", "ditto", "same", "same as above", "idem", "dito", "s.o.", "同上"})
_LINKEDIN = re.compile(r"linkedin\.com/(?:comm/)?jobs/view/(?:[^/?#]*?-)?(\d{6,})")
_LOW = frozenset({"0", "0.0", "false", "true"})


@dataclass(slots=True)
class Reader:
    """Reads the rows of one plan; ``seen`` spans the whole document so that repeats are told across sheets."""

    plan: Plan
    seen: dict[tuple[Any, ...], tuple[int, str | None]]
    aligner: Aligner | None = None
    stages: dict[tuple[Any, ...], Folded] = field(default_factory=dict)
    flags: tuple[str, ...] = ()

    def read(self) -> Iterator[Application | RejectedRow]:
        """Yield what each filled row is, in their order."""
        plan = self.plan
        places = plan.layout.places
        facts = Facts(plan)
        aligner = aligner_of(plan)
        applied = DateColumn.best(plan, "applied_on") or DateColumn.of_history(plan)
        created = None if applied else DateColumn.best(plan, "created_on")
        next_action = DateColumn.best(plan, "next_action_on")
        fold_row = _folder(plan, applied)
        split = split_at(plan)
        header_texts = {fold(header.text) for header in plan.section.headers if header.text}
        previous: str | None = None
        sheet = plan.table.sheet
        company_at, title_at = plan.layout.first("company"), plan.layout.first("job_title")
        running = (at := plan.layout.first("external_id")) is not None and plan.profiles[at].running
        for number, row in plan.rows():
            flags: tuple[str, ...] = ()
            if aligner is not None and aligner.looks_wrong(row):
                moved = aligner.realign(row)
                if moved is not None:
                    row, flags = moved, ("columns_shifted",)
            company = facts.text("company", row)
            title = facts.text("job_title", row)
            if company is None and company_at is not None and company_at < len(row):
                raw = printed(row[company_at])
                if raw and raw.casefold() in _DITTO:
                    company = previous
            elif company in _DITTO:
                company = previous
            previous = company or previous
            if split is not None:
                company, title = split(company, title)
            if plan.mailbox:
                receipt = read_mail(company, title)
                if receipt is None:
                    yield RejectedRow(number, sheet, "mail that is no application", print_of(row))
                    continue
                company, title = receipt
            if company is None and title is None:
                rejected = _nameless(number, sheet, row, facts)
                if rejected is not None:
                    yield rejected
                continue
            reason = _no_application(company, title, row, header_texts)
            if reason == "":
                continue
            if reason:
                yield RejectedRow(number, sheet, reason, print_of(row))
                continue
            day, day_flags = applied.read(number, row) if applied else (None, ())
            folded = fold_row(row, day is not None)
            if applied is None and created is not None and folded.stage is not Stage.SAVED:
                day, day_flags = created.read(number, row)
            if plan.layout.first("applied_flag") is not None and facts.flag("applied_flag", row) is False:
                day = None
            url = facts.text("job_url", row)
            external = facts.text("external_id", row)
            if external is None and url and (found := _LINKEDIN.search(url)):
                external = found[1]
            raw_day = applied.raw(row) if applied else (created.raw(row) if created else None)
            key = (
                company, title,
                raw_day, folded.stage, url, external,
            )  # fmt: skip
            first = self.seen.setdefault(key, (number, sheet))
            if first != (number, sheet):
                where = f"row {first[0]}" + (f" of {first[1]}" if first[1] != sheet else "")
                yield RejectedRow(number, sheet, f"duplicate of {where}", print_of(row))
                continue
            name, mail, phone = contact_parts(facts, row)
            if flags or day_flags or folded.flags:
                flags = (*flags, *day_flags, *folded.flags)
            yield Application(
                row=number,
                sheet=sheet,
                connector=CONNECTOR,
                company=company,
                job_title=title,
                stage=folded.stage,
                applied_on=day,
                external_id=external,
                company_domain=facts.text("company_domain", row),
                job_url=url,
                location=facts.text("location", row),
                contact_name=name,
                contact_title=facts.text("contact_title", row),
                contact_email=mail,
                contact_phone=phone,
                salary=facts.text("salary", row),
                source=facts.text("source", row),
                notes=facts.text("notes", row),
                next_action_on=next_action.read(number, row)[0] if next_action else None,
                flags=flags,
                stage_word=folded.word,
                cells=print_of(row),
            )
        del running, places


def _nameless(number: int, sheet: str | None, row: Row, facts: Facts) -> RejectedRow | None:
    """Return the rejection of a row without company and title, None for a row that was only prepared."""
    texts = [text for cell in row if (text := printed(cell))]
    if any(_TOTALS.match(fold(text)) for text in texts[:3]):
        return RejectedRow(number, sheet, "totals row", print_of(row))
    telling = [text for text in texts if not is_nothing(text) and truth(text) is None and text.casefold() not in _LOW]
    prepared = len(telling) <= 1 or all(facts.is_common(text) for text in telling)
    if prepared and facts.text("job_url", row) is None and facts.text("applied_on", row) is None:
        return None
    return RejectedRow(number, sheet, "no company and no title", print_of(row))


def _no_application(company: str | None, title: str | None, row: Row, header_texts: set[str]) -> str | None:
    """Return why a row is no application: a reason, "" for a repeated header, None where it is one."""
    first, second = fold(company or ""), fold(title or "")
    if header_texts and (first in header_texts or not first) and (second in header_texts or not second):
        filled = [fold(text) for cell in row if (text := printed(cell))]
        if sum(text in header_texts for text in filled) >= 0.6 * len(filled):
            return ""
    name = first or second
    if _TOTALS.match(name) and not (first and second):
        return "totals row"
    if _DEMO.match(first) or (not first and _DEMO.match(second)):
        return "demo or instruction row"
    return None


def _folder(plan: Plan, applied: DateColumn | None) -> Callable[[Row, bool], Folded]:
    """Return a function that folds the status cells of a row, remembered per distinct combination."""
    layout = plan.layout
    main = layout.places.get("stage", ())
    extra = layout.places.get("extra_stage", ())
    outcome = layout.places.get("outcome", ())
    rounds = layout.rounds()
    singles = {
        name: layout.first(name)
        for name in (
            "response", "history", "applied_flag", "archived_flag", "active_flag", "rejected_flag",
            "withdrawn_flag", "accepted_flag", "interview_date",
        )
    }  # fmt: skip
    wanted = sorted({*main, *extra, *outcome, *(i for i, _ in rounds), *(i for i in singles.values() if i is not None)})
    known: dict[tuple[Any, ...], Folded] = {}
    mine = plan.says_rejected

    def signs_of(row: Row, dated: bool, dated_text: str | None) -> Signs:
        def texts(places: tuple[int, ...]) -> tuple[str, ...]:
            return tuple(text for i in places if i < len(row) and (text := fact(row[i])))

        def one(name: str) -> Cell:
            at = singles[name]
            return row[at] if at is not None and at < len(row) else None

        ended = next(
            (
                stage
                for name, stage in (
                    ("accepted_flag", Stage.ACCEPTED),
                    ("withdrawn_flag", Stage.WITHDRAWN),
                    ("rejected_flag", Stage.REJECTED),
                )
                if _is_set(one(name))
            ),
            None,
        )
        return Signs(
            main=texts(main),
            extra=texts(extra),
            outcome=texts(outcome),
            response=fact(one("response")),
            history=fact(one("history")),
            rounds=tuple((stage, row[i]) for i, stage in rounds if i < len(row)),
            applied=truth(one("applied_flag")),
            archived=_is_set(one("archived_flag")) or truth(one("active_flag")) is False,
            ended=ended,
            interview_day=_is_set(one("interview_date")),
            dated_text=dated_text,
            dated=dated,
            fallback=plan.fallback,
            recruiter=plan.recruiter,
            declined_is_mine=mine,
        )

    def fold_row(row: Row, dated: bool) -> Folded:
        width = len(row)
        text = applied.left_over(row) if applied and not dated else None
        key = (dated, text, *[row[i] if i < width else None for i in wanted])
        found = known.get(key)
        if found is None:
            found = known[key] = fold_stage(signs_of(row, dated, text))
        return found

    return fold_row


def _is_set(cell: Cell) -> bool:
    """Say whether a flag is raised: yes, a tick, or the day on which it happened."""
    if isinstance(cell, date):
        return True
    said = truth(cell)
    if said is not None:
        return said
    text = fact(cell)
    return bool(text) and any(mark.isdigit() for mark in text or "")
