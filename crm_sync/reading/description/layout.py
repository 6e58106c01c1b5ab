"""What of a description a table really has: fields with their columns, and what is no longer found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Row, Table
from crm_sync.reading.columns import Column
from crm_sync.reading.description.forms import Rule, StageRule, TableForm, Take
from crm_sync.reading.description.making import own_shape
from crm_sync.reading.description.shapes import Nested, NestedShape, Sheet, TableShape, flat
from crm_sync.reading.grids import Section
from crm_sync.reading.meanings import Header
from crm_sync.reading.plans import plan_section
from crm_sync.reading.reach import within_reach
from crm_sync.reading.texts import printed
from crm_sync.reading.unwanted import holds_unwanted_answers, is_unwanted

_SAMPLE = 400
_APART = "external_id"
_ALIKE = {"applied_on": ("applied_on", "created_on")}


@dataclass(frozen=True, slots=True)
class Lost:
    """A field whose columns are not there: what was looked for, and the column that stands in for it."""

    field: str
    wanted: str
    instead: str | None
    why: str = ""

    @property
    def told(self) -> str:
        """Return a sentence for a person."""
        name = self.field.replace("_", " ")
        lost = f'the column "{self.wanted}" is not there any more'
        if self.instead is None:
            return f"{lost}; {name} {self.why or 'stays empty'}"
        return f'{lost}; {name} is read from "{self.instead}" ({self.why})'


@dataclass(frozen=True, slots=True)
class Layout:
    """The rules that hold for one sheet; ``left_out`` are columns dropped at the door."""

    rules: Mapping[str, Rule]
    stage: tuple[StageRule, ...]
    left_out: tuple[str, ...]
    lost: tuple[Lost, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)


def layout_of(form: TableForm, sheet: Sheet, options: ReadingOptions) -> Layout:
    """Return the layout of a sheet; a field whose columns are gone falls back on what headers mean."""
    told = _told(options, sheet)
    said = {**form.fields, **{name: (Take(paths=(header,)),) for name, header in told.items()}}
    rules = let_in(said, form.drop)
    stage = (StageRule(rules.pop("stage")),) if "stage" in rules else form.stage
    around = _around(sheet) if form.looks_around() else ()
    columns = dict.fromkeys((*sheet.shape.columns, *around))
    answers = set(_answers(sheet))
    left_out = tuple(c for c in columns if c and (c in answers or is_dropped(c, form.drop)))
    missing = {name: wanted for name, rule in rules.items() if (wanted := _missing(rule, sheet))}
    no_stage = _missing_stage(stage, sheet)
    if no_stage:
        missing["stage"] = no_stage
    signs = (*_lost_titles(rules, sheet), *_lost_parts(rules, sheet), *_lost_signs(stage, sheet))
    rules = _without_half_ids(rules, sheet)
    if not missing:
        return Layout(rules, stage, left_out, signs, told)
    stand_ins = _stand_ins(sheet, missing, {*left_out, *_used(form, sheet)})
    lost = tuple(
        _lost(name, wanted, stand_ins.get(name), rules.get(name, ()), sheet)
        for name, wanted in missing.items()
    )
    found = {name: (_instead(column),) for name, column in stand_ins.items()}
    if "stage" in found:
        stage = _in_its_place(stage, StageRule(found.pop("stage")))
    rules = {**rules, **{name: (*instead, *rules[name]) for name, instead in found.items()}}
    return Layout(rules, stage, left_out, (*lost, *signs), told)


def _lost_signs(rules: Sequence[StageRule], sheet: Sheet) -> Iterator[Lost]:
    """Yield the columns of a table that would say how an application ended, and are not there."""
    for rule in rules if isinstance(own_shape(sheet.shape), TableShape) else ():
        wanted = _missing(rule.value, sheet) if not _asks_for_a_word(rule) else None
        if wanted is not None:
            yield Lost("stage", wanted, None, "is told without it")


def _lost_titles(rules: Mapping[str, Rule], sheet: Sheet) -> Iterator[Lost]:
    """Yield the title of the job where none of its columns is there, though each may be missing.

    Records without it are mostly rejected, and then it should be known why.
    """
    rule = rules.get("job_title", ())
    paths = [path for take in rule for path in paths_in(take)]
    wanting = bool(paths and sheet.records) and "company" not in rules and _missing(rule, sheet) is None
    if wanting and not any(sheet.shape.named(path) for path in paths):
        yield Lost("job_title", paths[0], None)


def _lost_parts(rules: Mapping[str, Rule], sheet: Sheet) -> Iterator[Lost]:
    """Yield the parts of joined fields that are not there while other parts are."""
    for name, rule in rules.items():
        for take in rule:
            lost = [wanted for part in take.join if (wanted := _missing(part, sheet))]
            if not take.optional and 0 < len(lost) < len(take.join):
                why = "is not made of the rest" if name == _APART else "is told without it"
                yield from (Lost(name, wanted, None, why) for wanted in lost)


def _without_half_ids(rules: Mapping[str, Rule], sheet: Sheet) -> dict[str, Rule]:
    """Return rules without ids of which a part is not there: the rest would be one for several records."""
    whole = tuple(take for take in rules.get(_APART, ()) if not any(_missing(p, sheet) for p in take.join))
    return {**rules, _APART: whole} if whole else {name: r for name, r in rules.items() if name != _APART}


def _tells_apart(sheet: Sheet, column: str) -> bool:
    """Say whether a column holds another value in every record: only then it may stand in for an id."""
    getter = sheet.shape.getter(column)
    values = [printed(getter(record)) for _, record in sheet.records] if getter else []
    return all(values) and len(set(values)) == len(values)


def _lost(name: str, wanted: str, column: Column | None, rule: Rule, sheet: Sheet) -> Lost:
    if column is not None:
        return Lost(name, wanted, column.header.text, column.why)
    flagged = (path for take in rule if take.flag for path in paths_in(take))
    instead = next((path for path in flagged if sheet.shape.named(path)), None)
    return Lost(name, wanted, instead, "flagged" if instead else "")


def _instead(column: Column) -> Take:
    """Return what reads a stand-in; of a day of entry only where something was sent."""
    paths = (column.header.text,)
    if column.field == "created_on":
        return Take(paths, flag="applied_from_created", unless=(Stage.SAVED, Stage.UNKNOWN))
    return Take(paths)


def _answers(sheet: Sheet) -> Iterator[str]:
    """Yield the columns of a table whose cells are printed objects with questions that nobody may ask."""
    if isinstance(own_shape(sheet.shape), TableShape):
        for at, column in enumerate(sheet.shape.columns):
            if holds_unwanted_answers([row[at] for row in sheet.shape.sample if at < len(row)]):
                yield column


def _around(sheet: Sheet) -> Iterator[str]:
    """Yield the keys of the objects around the records."""
    parents = [record.parent for record in sheet.shape.sample[:_SAMPLE] if isinstance(record, Nested)]
    keys = (key for parent in parents if parent is not None for key in flat(parent.value))
    return (key for key in dict.fromkeys(keys) if "[" not in key)


def _told(options: ReadingOptions, sheet: Sheet) -> dict[str, str]:
    """Return what the user said about columns, as field -> header."""
    pairs = dict(options.columns)
    return {name: header for name, header in pairs.items() if sheet.shape.named(header) is not None}


def let_in(rules: Mapping[str, Rule], drop: Sequence[str]) -> dict[str, Rule]:
    """Return rules without the columns that have no business in a CRM; a rule of nothing else is left out."""
    return {name: kept for name, rule in rules.items() if (kept := _let_in(rule, drop))}


def _let_in(rule: Rule, drop: Sequence[str]) -> Rule:
    """Return a rule without the columns that have no business in a CRM."""
    found = []
    for take in rule:
        paths = tuple(path for path in take.paths if not is_dropped(path, drop))
        joined = tuple(kept for part in take.join if (kept := _let_in(part, drop)))
        if paths or joined or take.always is not None:
            found.append(replace(take, paths=paths, join=joined))
    return tuple(found)


def is_dropped(column: str, patterns: Sequence[str]) -> bool:
    """Say whether a column has no business in a CRM, by the description or by its name."""
    last = column.rpartition(".")[2]
    return is_unwanted(column) or is_unwanted(last) or any(_fits(column, pattern) for pattern in patterns)


def _fits(column: str, pattern: str) -> bool:
    if len(pattern) > 2 and pattern[0] == pattern[-1] == "/":
        return re.search(pattern[1:-1], within_reach(column), re.IGNORECASE) is not None
    return column.casefold() == pattern.casefold()


def _missing(rule: Rule, sheet: Sheet) -> str | None:
    """Return the first column of a rule none of whose columns is there, None where one is.

    An optional one is not looked for, and one that brings a flag is no match for one that brings none.
    """
    wanted: str | None = None
    for take in [take for take in rule if not take.flag] or rule:
        paths = list(paths_in(take))
        if take.always is not None or any(sheet.shape.named(path) is not None for path in paths):
            return None
        wanted = wanted or (paths[0] if paths and not take.optional else None)
    return wanted if sheet.records else None


def _in_its_place(rules: Sequence[StageRule], instead: StageRule) -> tuple[StageRule, ...]:
    """Return the rules with one in the place of the first that asks for a status word."""
    at = next((at for at, rule in enumerate(rules) if _asks_for_a_word(rule)), len(rules))
    return (*rules[:at], instead, *rules[at:])


def _asks_for_a_word(rule: StageRule) -> bool:
    return rule.means is None and rule.ends is None


def _missing_stage(rules: Sequence[StageRule], sheet: Sheet) -> str | None:
    spoken = [rule for rule in rules if _asks_for_a_word(rule)]
    takes = tuple(take for rule in spoken or rules for take in rule.value)
    if not takes or (not spoken and any(rule.when and not rule.value for rule in rules)):
        return None
    return _missing(takes, sheet)


def paths_in(take: Take) -> Iterator[str]:
    """Yield the columns that an alternative looks at for its value."""
    yield from take.paths
    for rule in take.join:
        for part in rule:
            yield from paths_in(part)


def _used(form: TableForm, sheet: Sheet) -> set[str]:
    """Return the columns that have their place already, or must not get another."""
    paths = {path for rule in form.rules() for take in rule for path in paths_in(take)} | set(form.own)
    return {column for path in paths if (column := sheet.shape.named(path)) is not None}


def _stand_ins(sheet: Sheet, missing: Mapping[str, str], taken: set[str]) -> dict[str, Column]:
    """Return, for lost fields, the columns that the general understanding takes for them."""
    table = _as_table(sheet)
    if table is None or len(table.rows) < 2:
        return {}
    headers = tuple(Header(str(text)) for text in table.rows[0])
    plan = plan_section(table, Section(headers, (0,), 1, len(table.rows)), {})
    found: dict[str, Column] = {}
    for name in missing:
        for alike in _ALIKE.get(name, (name,)):
            places = plan.layout.places.get(alike, ())
            columns = [plan.layout.columns[place] for place in places]
            free = [column for column in columns if column.header.text not in taken]
            if name == _APART:
                free = [column for column in free if _tells_apart(sheet, column.header.text)]
            if free and name not in found and free[0].header.text:
                found[name] = free[0]
                taken = taken | {free[0].header.text}
    return found


def _as_table(sheet: Sheet) -> Table | None:
    shape = own_shape(sheet.shape)
    records = sheet.records[:_SAMPLE]
    rows: list[Row]
    if isinstance(shape, TableShape):
        rows = [record for _, record in records]
    elif isinstance(shape, NestedShape):
        rows = [_cells(record, shape.columns) for _, record in records]
    else:
        return None
    return Table([list(shape.columns), *rows], [-1, *(number for number, _ in records)], header_known=True)


def _cells(record: Nested, columns: Sequence[str]) -> Row:
    values = flat(record.value)
    return [values.get(column) for column in columns]
