"""An understanding as plain data, for `crm-sync inspect`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm_sync.domain.applications import Application, RejectedRow
from crm_sync.domain.tables import Document
from crm_sync.reading.columns import Column
from crm_sync.reading.customs import stage_counts
from crm_sync.reading.doubts import Doubt, doubts_of
from crm_sync.reading.placeholders import is_nothing
from crm_sync.reading.plans import Plan
from crm_sync.reading.stages import word_of

if TYPE_CHECKING:
    from crm_sync.reading.understanding import Understanding


_FIRST = 5


def who_employs(nameless: int, recruiter: bool) -> list[str]:
    """Return the question for the employer of candidates where the file does not name it."""
    if not (nameless and recruiter):
        return []
    rows = "1 application" if nameless == 1 else f"{nameless} applications"
    return [f"{rows} without a company: say whose candidates they are with --employer NAME"]


def tell_rows(applications: Sequence[Application], rejected: Sequence[RejectedRow]) -> dict[str, Any]:
    """Return how many applications were read, the first of them, and every rejected row with its cells."""
    return {
        "applications": len(applications),
        "first_rows": [_shown(application) for application in applications[:_FIRST]],
        "rejected": [
            {"row": row.row, "sheet": row.sheet, "reason": row.reason, "cells": list(row.cells)}
            for row in rejected
        ],
    }


def _shown(application: Application) -> dict[str, Any]:
    """Return the facts by which a person sees whether a row was understood."""
    applied = application.applied_on
    return {
        "row": application.row,
        "sheet": application.sheet,
        "company": application.company,
        "job_title": application.job_title,
        "applied_on": applied.isoformat() if applied else None,
        "stage": application.stage.value,
    }


def tell(understanding: Understanding) -> dict[str, Any]:
    """Return container, tables read with their columns, dates and stage words, and tables passed over."""
    return {
        "container": _container(understanding.document, understanding.notes),
        "tables": [_table(plan) for plan in understanding.plans],
        "passed_over": [{"place": passed.place, "why": passed.why} for passed in understanding.passed],
    }


def _container(document: Document, notes: Sequence[str]) -> dict[str, Any]:
    return {
        "kind": document.container,
        "encoding": document.encoding,
        "delimiter": document.delimiter,
        "notes": [*document.notes, *notes],
    }


def _table(plan: Plan) -> dict[str, Any]:
    numbers = plan.table.numbers
    doubts = doubts_of(plan)
    return {
        "sheet": plan.table.sheet,
        "header_rows": [numbers[index] for index in plan.section.header_rows],
        "first_row": numbers[plan.section.start] if plan.section.start < len(numbers) else None,
        "direction": "candidates of one employer" if plan.recruiter else "applications of one person",
        "columns": [_column(plan, column, doubts) for column in plan.layout.columns],
        "dates": _dates(plan),
        "stages": _stages(plan),
        "without_a_word": str(plan.fallback),
        "doubts": [_doubt(doubt) for doubt in doubts],
    }


def _doubt(doubt: Doubt) -> dict[str, Any]:
    words = [{"word": word, "count": count} for word, count in doubt.words]
    return {"header": doubt.header, "field": "stage", "words": words}


def _column(plan: Plan, column: Column, doubts: Sequence[Doubt]) -> dict[str, Any]:
    why = plan.own.get(column.field or "", column.why)
    if column.index in {doubt.column for doubt in doubts}:
        why = "not known; it may be the status"
    used = column.field if column.field not in ("ignore", None) and column.field not in plan.own else None
    return {
        "column": column.index,
        "header": column.header.shown,
        "field": used,
        "why": why,
        "stage": str(column.stage) if column.stage else None,
        "filled": plan.profiles[column.index].filled,
    }


def _dates(plan: Plan) -> list[dict[str, Any]]:
    return [
        {
            "header": plan.layout.columns[index].header.shown,
            "order": str(order.order) if order.needed else None,
            "why": order.why,
            "rows": list(order.rows),
            "assumed": order.assumed or order.mixed,
        }
        for index, order in sorted(plan.orders.items())
        if order.needed or plan.layout.columns[index].field != "stage"
    ]


def _stages(plan: Plan) -> list[dict[str, Any]]:
    told = []
    for name in ("stage", "extra_stage", "outcome", "response"):
        for index in plan.layout.places.get(name, ()):
            words = [
                {"word": text, "stage": str(word_of(text).stage), "why": word_of(text).why, "count": count}
                for text, count in stage_counts(plan, index).most_common(200)
                if not is_nothing(text)
            ]
            told.append({"header": plan.layout.columns[index].header.shown, "role": name, "words": words})
    for index, stage in plan.layout.rounds():
        header = plan.layout.columns[index].header.shown
        told.append({"header": header, "role": "round", "stage": str(stage), "words": []})
    return told
