"""YAML text -> Description; whatever does not fit is told with file, line and what to write instead."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

from crm_sync.domain.stages import Stage
from crm_sync.reading.description.asking import (
    Asked,
    asked,
    each,
    is_pattern,
    nearest,
    pattern_of,
    stage_of,
    text_of,
)
from crm_sync.reading.description.forms import (
    DAYS,
    EVIDENCE,
    FACTS,
    READINGS,
    SIDES,
    Dates,
    Description,
    Rule,
    Side,
    Signature,
    Skip,
    StageRule,
    TableForm,
    Take,
    Words,
)
from crm_sync.reading.description.marks import Items, Node, Pairs, Text, marked, wrong
from crm_sync.reading.description.values import conditions_of, rule_of, signs_of
from crm_sync.reading.reach import Pattern
from crm_sync.reading.texts import word_key

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_HEAD = ("name", "title", "version", "side", "evidence", "about", "how", "notes", "reading", "tables")
_TABLE = (
    "members", "sheets", "records", "signature", "fields", "stage", "otherwise", "words", "dates", "skip",
    "own", "drop", "sides", "partial", "columns", "refuse", "replaces", "cells", "needs",
)  # fmt: skip
_STAGE = (
    "from", "always", "join", "with", "when", "find", "look_up", "take", "pick", "json", "cut", "means",
    "ends", "words", "only",
)  # fmt: skip
_VALUE = ("from", "always", "join", "with", "find", "look_up", "take", "pick", "json", "cut")
_ORDERS = ("column", "day first", "month first")


def parse(text: str, name: str, *, origin: str = "") -> Description:
    """Return the description that a YAML text holds; *name* is the file's, for errors.

    Raises ConfigError (with path and line) for whatever does not fit the format of docs/connectors.md.
    """
    told = asked(marked(text, name), name, "a description")
    told.only((*_HEAD, *_TABLE))
    return Description(
        name=_name(told),
        title=told.text("title"),
        version=told.text("version", "1"),
        side=told.choice("side", SIDES, "seeker"),
        evidence=told.choice("evidence", EVIDENCE, "experimental"),
        about=told.text("about", "-") if told.has("about") else "",
        how=told.text("how", "-") if told.has("how") else "",
        notes=told.texts("notes"),
        tables=_tables(told),
        reading=_reading(told),
        origin=origin,
        digest=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
    )


def _name(told: Asked) -> str:
    name = told.text("name")
    if not _NAME.fullmatch(name):
        node = told.node("name")
        hint = f"Write {re.sub(r'[^a-z0-9]+', '_', name.lower()).strip('_') or 'my_tracker'}."
        wrong(told.name, node.line if node else 1, f'name: "{name}" is no plain word', hint)
    return name


def _reading(told: Asked) -> str:
    reading = told.choice("reading", READINGS, "fields")
    if reading == "spreadsheet" and (told.has("tables") or told.has("fields")):
        hint = "Leave fields and tables out: columns are read by what their headers mean."
        wrong(told.name, told.line, "reading: spreadsheet with fields or tables", hint)
    return reading


def _tables(told: Asked) -> tuple[TableForm, ...]:
    node = told.node("tables")
    if node is None:
        return (_table(told, "", {}),)
    if not isinstance(node, Items) or not node.value:
        wrong(told.name, node.line, "tables must be a list", "Write - name: ... for each table.")
    common = {key: pair for key, pair in told.pairs.value.items() if key in _TABLE}
    return tuple(_named_table(item, told.name, common) for item in node.value)


def _named_table(node: Node, name: str, common: Mapping[str, tuple[int, Node]]) -> TableForm:
    told = asked(node, name, "a table")
    told.only(("name", *_TABLE))
    return _table(told, told.text("name"), common)


def _table(told: Asked, title: str, common: Mapping[str, tuple[int, Node]]) -> TableForm:
    """Return a table; what it does not say itself stands before ``tables``, and fields are put together."""
    pairs = {**common, **told.pairs.value}
    if "fields" in common and told.has("fields"):
        pairs["fields"] = (told.line, _merged(common["fields"][1], pairs["fields"][1]))
    told = Asked(told.name, told.what, Pairs(pairs, told.line))
    form = TableForm(
        name=title,
        members=told.texts("members"),
        sheets=told.texts("sheets"),
        records=told.texts("records") or ("$",),
        signature=_signature(told),
        fields=_fields(told),
        stage=_stages(told),
        otherwise=told.stage("otherwise") or Stage.APPLIED,
        words=words_of(told.node("words"), told.name),
        dates=_dates(told),
        skip=_skips(told),
        own=told.texts("own"),
        drop=told.columns("drop"),
        sides=_sides(told),
        partial=conditions_of(told.node("partial"), told.name),
        columns={key: rule_of(node, told.name, key) for key, node in _pairs(told, "columns")},
        refuse=told.text("refuse", "-") if told.has("refuse") else "",
        replaces={key: text_of(node, told.name, key) for key, node in _pairs(told, "replaces")},
        cells=told.patterns("cells"),
        needs=told.texts("needs"),
    )
    _check_look_ups(form, told)
    return form


def _merged(common: Node, own: Node) -> Node:
    if not isinstance(common, Pairs) or not isinstance(own, Pairs):
        return own
    return Pairs({**common.value, **own.value}, own.line)


def _signature(told: Asked) -> Signature:
    inner = told.inner("signature", "a signature")
    if inner is None:
        wrong(
            told.name, told.line, f"{told.what} has no signature", "Add signature: {all: [COLUMN, COLUMN]}."
        )
    inner.only(("all", "more", "none", "exact", "marks", "files"))
    signs = {key: signs_of(inner.node(key), told.name, key) for key in ("all", "more", "none")}
    marks = {key: pattern_of(node, told.name, key) for key, node in _pairs(inner, "marks")}
    if len(signs["all"]) < 2 and not marks:
        hint = "Name two columns or more that no other product has together."
        wrong(told.name, inner.line, "a signature needs all: with two columns or more", hint)
    return Signature(**signs, exact=inner.flag("exact"), marks=marks, files=inner.patterns("files"))


def _pairs(told: Asked, key: str) -> Iterator[tuple[str, Node]]:
    """Yield the pairs of an inner mapping whose keys are free."""
    inner = told.inner(key, key)
    yield from ((name, node) for name, (_, node) in (inner.pairs.value.items() if inner else ()))


def _fields(told: Asked) -> dict[str, Rule]:
    inner = told.inner("fields", "fields")
    if inner is None and (told.has("refuse") or told.has("reading")):
        return {}
    if inner is None:
        wrong(told.name, told.line, f"{told.what} has no fields", "Add fields: with company: COLUMN.")
    inner.only((*FACTS, *DAYS))
    if not {"company", "job_title"} & inner.pairs.value.keys():
        wrong(told.name, inner.line, "fields name neither company nor job_title", "Add job_title: COLUMN.")
    return {key: rule_of(node, told.name, key) for key, (_, node) in inner.pairs.value.items()}


def _stages(told: Asked) -> tuple[StageRule, ...]:
    node = told.node("stage")
    return tuple(_stage_rule(item, told.name) for item in each(node)) if node is not None else ()


def _stage_rule(node: Node, name: str) -> StageRule:
    if isinstance(node, Text):
        return StageRule(rule_of(node, name, "stage"))
    told = asked(node, name, "a stage rule")
    told.only(_STAGE)
    if told.has("means") and told.has("ends"):
        wrong(name, told.line, "means and ends in one rule", "Keep one of the two.")
    value = {key: pair for key, pair in told.pairs.value.items() if key in _VALUE}
    if not value and not (told.has("when") and (told.has("means") or told.has("ends"))):
        wrong(name, told.line, "a stage rule without from", "Add from: COLUMN, or when: with means: STAGE.")
    return StageRule(
        value=rule_of(Pairs(value, told.line), name, "a stage rule") if value else (),
        when=conditions_of(told.node("when"), name),
        means=told.stage("means"),
        ends=told.stage("ends"),
        words=words_of(told.node("words"), name),
        only=told.flag("only"),
    )


def words_of(node: Node | None, name: str) -> Words:
    """Return own status words: ``stage: [word, /pattern/]``."""
    if node is None:
        return Words()
    known: dict[str, Stage] = {}
    patterns: list[tuple[Pattern, Stage]] = []
    for key, (line, inner) in asked(node, name, "words").pairs.value.items():
        stage = stage_of(Text(key, line), name)
        for item in each(inner):
            text = text_of(item, name, key)
            if is_pattern(text):
                patterns.append((pattern_of(Text(text[1:-1], item.line), name, key), stage))
            elif known.setdefault(word_key(text), stage) is not stage:
                wrong(name, item.line, f'"{text}" means {known[word_key(text)]} already', "Keep one of them.")
    return Words(known, tuple(patterns))


def _dates(told: Asked) -> Dates:
    inner = told.inner("dates", "dates")
    if inner is None:
        return Dates()
    inner.only(("formats", "order", "zone"))
    zone = inner.text("zone", "written")
    _check_zone(zone, inner)
    return Dates(
        inner.texts("formats"), inner.choice("order", _ORDERS, "column"), None if zone == "written" else zone
    )


def _check_zone(zone: str, told: Asked) -> None:
    from zoneinfo import ZoneInfo

    try:
        if zone != "written":
            ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        node = told.node("zone")
        hint = "Write written, UTC, or a zone such as Europe/Berlin."
        wrong(told.name, node.line if node else told.line, f'there is no time zone "{zone}"', hint)


def _skips(told: Asked) -> tuple[Skip, ...]:
    node = told.node("skip")
    found = []
    for item in each(node) if node is not None else ():
        inner = asked(item, told.name, "skip")
        inner.only(("when", "reason"))
        when = conditions_of(inner.node("when"), told.name)
        if not when:
            wrong(told.name, inner.line, "skip without when", "Add when: {COLUMN: word}.")
        found.append(Skip(when, inner.text("reason")))
    return tuple(found)


def _sides(told: Asked) -> dict[str, Side]:
    inner = told.inner("sides", "sides")
    found: dict[str, Side] = {}
    for key, (_, node) in inner.pairs.value.items() if inner else ():
        side = asked(node, told.name, f"the side table {key}")
        side.only(("members", "records", "key", "where"))
        if not (side.has("members") or side.has("records")):
            hint = "Add members: [FILE], or records: PATH."
            wrong(told.name, side.line, f"{side.what} has neither members nor records", hint)
        found[key] = Side(
            side.texts("members"),
            side.texts("records") or ("$",),
            side.text("key"),
            conditions_of(side.node("where"), told.name),
        )
    return found


def _check_look_ups(form: TableForm, told: Asked) -> None:
    looked_up = [("look_up", n) for rule in form.rules() for take in _all_takes(rule) for n in take.look_up]
    for key, name in [*looked_up, *(("needs", name) for name in form.needs)]:
        if name not in form.sides:
            near = nearest(name, form.sides) if form.sides else "sides: with its members and key"
            wrong(told.name, told.line, f'{key}: there is no side table "{name}"', f"Write {near}.")


def _all_takes(rule: Rule) -> Iterator[Take]:
    for take in rule:
        yield take
        for part in take.join:
            yield from _all_takes(part)
