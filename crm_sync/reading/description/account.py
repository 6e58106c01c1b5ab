"""How a bundle is read by a description, as plain data for `crm-sync inspect`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from crm_sync.reading.description.absent import absent_columns
from crm_sync.reading.description.days import Days
from crm_sync.reading.description.forms import Rule, StageRule, Take
from crm_sync.reading.description.layout import paths_in
from crm_sync.reading.description.reader import SheetReader

if TYPE_CHECKING:
    from crm_sync.reading.description.understanding import Understood

_MOST_WORDS, _MOST_UNUSED, _LOOKED_AT = 200, 40, 20_000


def tell(understood: Understood) -> dict[str, Any]:
    """Return the tables that are read with their columns, dates and stage words, and the verdict."""
    description, verdict = understood.description, understood.verdict
    return {
        "recognised": {
            "title": description.title,
            "certainty": verdict.certainty,
            "because": understood.because,
            "evidence": description.evidence,
        },
        "tables": [_table(reader, recruiter=description.recruiter) for reader in understood.readers],
        "passed_over": [{"place": name, "why": why} for name, why in understood.verdict.unread],
        "lost": [lost.told for reader in understood.readers for lost in reader.layout.lost],
        "complete": understood.complete,
    }


def _table(reader: SheetReader, *, recruiter: bool) -> dict[str, Any]:
    sheet, form = reader.match.sheet, reader.match.form
    return {
        "sheet": sheet.place,
        "table": form.name or None,
        "header_rows": [sheet.header] if sheet.header is not None else [],
        "first_row": sheet.records[0][0] if sheet.records else None,
        "direction": "candidates of one employer" if recruiter else "applications of one person",
        "columns": list(_columns(reader)),
        "absent": [{"field": name, "column": path} for name, path in absent_columns(form, sheet.shape)],
        "dates": [date for name, days in reader.days.items() for date in _dates(name, days)],
        "stages": _stages(reader),
        "without_a_word": str(form.otherwise),
    }


def _columns(reader: SheetReader) -> Iterator[dict[str, Any]]:
    """Yield the fields first, in the description's order, then what is left out or not used."""
    layout, shape, form = reader.layout, reader.match.sheet.shape, reader.match.form
    used: set[str] = set()
    for name, rule in layout.rules.items():
        columns = [c for take in rule for path in paths_in(take) if (c := shape.named(path))]
        used.update(columns)
        shown = ", ".join(dict.fromkeys(columns)) or _constant(rule)
        if shown:
            yield _column(shown, name, "told by the user" if name in layout.told else _why(rule))
    made = (path for rule in form.columns.values() for take in rule for path in paths_in(take))
    used.update(column for path in made if (column := shape.named(path)))
    stage = [c for rule in layout.stage for c in _stage_columns(rule) if shape.named(c)]
    used.update(stage)
    if stage:
        yield _column(", ".join(dict.fromkeys(stage)), "stage", "the description")
    own = {column for path in form.own if (column := shape.named(path))}
    unused = [c for c in shape.columns if c and c not in used and not _is_part(c, used)]
    for column in unused[:_MOST_UNUSED]:
        yield _column(column, None, _unused(column, own, layout.left_out))


def _is_part(column: str, used: set[str]) -> bool:
    """Say whether a path lies around, or inside of, one that is used: then it says nothing of its own."""
    plain = column.replace("[0]", "[]")
    return any(each.startswith(f"{column}.") or plain.startswith(each) for each in used)


def _unused(column: str, own: set[str], left_out: tuple[str, ...]) -> str:
    if column in own:
        return "the applicant's own, no contact"
    return "left out at the door" if column in left_out else "not known"


def _column(header: str, name: str | None, why: str) -> dict[str, Any]:
    return {"header": header, "field": name, "why": why}


def _constant(rule: Rule) -> str:
    return next((f'"{take.always}"' for take in rule if take.always is not None), "")


def _why(rule: Rule) -> str:
    takes: list[Take] = list(rule)
    if any(take.look_up for take in takes):
        return "the description, looked up"
    return "always the same" if all(take.always is not None for take in takes) else "the description"


def _stage_columns(rule: StageRule) -> Iterator[str]:
    for take in rule.value:
        yield from paths_in(take)
    for condition in rule.when:
        yield condition.path


def _dates(name: str, days: Days) -> Iterator[dict[str, Any]]:
    for column in days.columns:
        order = column.order
        yield {
            "header": column.header,
            "field": name,
            "order": str(order.order) if order.needed else None,
            "why": order.why,
            "rows": list(order.rows),
            "assumed": order.assumed or order.mixed,
        }


def _stages(reader: SheetReader) -> list[dict[str, Any]]:
    """Return what the status words of the records came to."""
    met: Counter[tuple[str, str]] = Counter()
    for _, record in reader.match.sheet.records[:_LOOKED_AT]:
        folded = reader.staging.fold(record, dated=True)
        if folded.word is not None:
            met[folded.word, str(folded.stage)] += 1
    words = [
        {"word": word, "stage": stage, "why": "the description", "count": count}
        for (word, stage), count in met.most_common(_MOST_WORDS)
    ]
    shape = reader.match.sheet.shape
    headers = [c for rule in reader.layout.stage for c in _stage_columns(rule) if shape.named(c)]
    shown = list(dict.fromkeys(headers))
    header = ", ".join(shown[:2]) + (", ..." if len(shown) > 2 else "")
    return [{"header": header, "role": "stage", "words": words}] if words else []
