"""A first description of a sample file, ready to be edited."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Bundle, Document, Member, Table
from crm_sync.errors import SourceError
from crm_sync.reading.columns import Column
from crm_sync.reading.description.shapes import NestedShape, flat, nested_records
from crm_sync.reading.grids import Section
from crm_sync.reading.meanings import Header
from crm_sync.reading.placeholders import is_nothing
from crm_sync.reading.plans import Plan, plan_section
from crm_sync.reading.stages import is_elsewhere, word_of
from crm_sync.reading.understanding import understand

_PLAIN = re.compile(r"[A-Za-z][\w./()&+ -]*[\w)]|[A-Za-z]")
_WORDS = frozenset(["yes", "no", "true", "false", "on", "off", "null", "y", "n"])
_SIGNS, _MORE, _MOST_WORDS, _DISTINCT = 5, 6, 30, 0.9
_DEEPEST, _MOST_LISTS, _LOOKED_INTO = 4, 8, 50
_PLACES = (
    ("external_id", "external_id"), ("company", "company"), ("company_domain", "company_domain"),
    ("job_title", "job_title"), ("job_url", "job_url"), ("location", "location"),
    ("applied_on", "applied_on"), ("next_action_on", "next_action_on"), ("salary", "salary"),
    ("source", "source"), ("contact_name", "contact_name"), ("contact_title", "contact_title"),
    ("contact_email", "contact_email"), ("contact_phone", "contact_phone"), ("notes", "notes"),
)  # fmt: skip
_IDS = frozenset(["id", "_id", "uid", "uuid", "guid", "key"])
_FLAGS = (("accepted_flag", "means: accepted"), ("withdrawn_flag", "means: withdrawn"),
          ("rejected_flag", "means: rejected"), ("archived_flag", "ends: closed"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sample:
    """What the draft is made from: a table as everybody would understand it, and where it was."""

    plan: Plan
    member: str
    records: str | None


def draft(bundle: Bundle, name: str, title: str, options: ReadingOptions) -> str:
    """Return a description in YAML that reads the sample as it is understood without one.

    Raises SourceError where no table with applications is found in it.
    """
    sample = _sample_of(bundle, options)
    return (
        "\n".join([*_head(name, title, sample), *_signature(sample), *_fields(sample), *_stage(sample)])
        + "\n"
    )


def quoted(text: str) -> str:
    """Return a text as YAML, in quotes where it needs them."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"' if text != text.strip() or "\n" in text or "'" in text else f"'{text}'"


def _sample_of(bundle: Bundle, options: ReadingOptions) -> _Sample:
    trouble: SourceError | None = None
    for name in bundle.names:
        try:
            plans = [
                (_plan_of(document, options), path) for document, path in _documents(bundle.member(name))
            ]
        except SourceError as error:
            trouble = trouble or error
        else:
            plan, records = max(plans, key=lambda each: _worth(each[0]))
            return _Sample(plan, name, records)
    raise trouble or SourceError("there is no file in it", "Name a file with applications.")


def _worth(plan: Plan) -> tuple[int, int, int]:
    """Return how much a plan looks like a list of applications.

    What a record says itself counts: the columns that lie in no list inside of it.
    """
    own = sum("[0]." not in column.header.text for column in plan.layout.columns)
    return own, plan.strength, len(plan.layout.places)


def _plan_of(document: Document, options: ReadingOptions) -> Plan:
    """Return the plan of the richest table; of JSON, whose keys no person wrote, whatever there is."""
    try:
        found = understand(document, options)
    except SourceError:
        table = document.tables[0]
        if document.container != "json" or len(table.rows) < 2:
            raise
        headers = tuple(Header(str(text)) for text in table.rows[0])
        return plan_section(table, Section(headers, (0,), 1, len(table.rows)), {})
    return max(found.plans, key=lambda plan: (plan.strength, len(plan.layout.places)))


def _documents(member: Member) -> list[tuple[Document, str | None]]:
    """Return a member as tables; of JSON, each list that may hold the records, with its path."""
    if member.document is not None:
        return [(member.document, None)]
    counts: Counter[str] = Counter()
    for path, count in _lists(member.value, "", _DEEPEST):
        counts[path or "$"] += count
    paths = [path for path, count in counts.most_common(_MOST_LISTS) if count] or ["$"]
    return [(_document_under(member.value, path), path) for path in paths]


def _document_under(value: Any, path: str) -> Document:
    records = [(n, each) for n, each in enumerate(nested_records(value, path) or ())]
    records = [(n, each) for n, each in records if isinstance(each.value, Mapping)]
    columns = NestedShape(records).columns
    rows = [[flat(each.value).get(column) for column in columns] for _, each in records]
    table = Table([list(columns), *rows], [-1, *(n for n, _ in records)], header_known=True)
    return Document("json", (table,))


def _lists(value: Any, path: str, levels: int) -> Iterator[tuple[str, int]]:
    """Yield the lists of objects by path, those inside of others too, with how many objects they hold."""
    if isinstance(value, list):
        objects = [item for item in value if isinstance(item, Mapping)]
        yield path, len(objects)
        for item in objects[:_LOOKED_INTO]:
            yield from _lists(item, path, levels)
    elif isinstance(value, Mapping) and levels:
        for key, inner in value.items():
            yield from _lists(inner, f"{path}.{key}".lstrip("."), levels - 1)


def _head(name: str, title: str, sample: _Sample) -> Iterator[str]:
    yield f"name: {name}"
    yield f"title: {quoted(title)}"
    side = "recruiter" if sample.plan.recruiter else "seeker"
    yield f"side: {side}  # seeker: my applications; recruiter: the candidates of one employer"
    yield "evidence: experimental"
    yield "how: where in the product this export is found"
    yield ""
    if sample.member:
        yield f"members: [{quoted(sample.member)}]  # names inside the zip or folder; * stands for anything"
    if sample.records is not None:
        yield f"records: [{quoted(sample.records)}]  # where the list is; $ is the whole file"


def _signature(sample: _Sample) -> Iterator[str]:
    headers = [c.header.text for c in sample.plan.layout.columns if c.header.text]
    known = [c.header.text for c in sample.plan.layout.columns if c.header.text and c.field is None]
    telling = list(dict.fromkeys([*known[:2], *headers]))[:_SIGNS]
    more = [header for header in headers if header not in telling][:_MORE]
    yield "signature:"
    yield f"  all: [{', '.join(map(quoted, telling))}]  # together in no other product's export"
    if more:
        yield f"  more: [{', '.join(map(quoted, more))}]  # often there"


def _fields(sample: _Sample) -> Iterator[str]:
    plan = sample.plan
    yield "fields:"
    for name, place in _PLACES:
        columns = [header for header in _headers(plan, place) if header]
        if not columns or place in plan.own:
            yield from _instead(plan, name)
        elif name == "company" and plan.recruiter:
            continue
        elif name == "salary" and len(columns) > 1:
            yield f'  salary: {{join: [{", ".join(map(quoted, columns))}], with: " - "}}'
        else:
            yield f"  {name}: {quoted(columns[0])}"
    spare = [text for c in plan.layout.columns if (text := c.header.text) and _is_spare(plan, c)]
    if spare:
        yield f"  # not used yet: {', '.join(' '.join(header.split()) for header in spare[:_MOST_WORDS])}"
    if plan.own:
        own = [header for place in plan.own for header in _headers(plan, place)]
        yield f"own: [{', '.join(map(quoted, own))}]  # the applicant's own: never a contact"
    hidden = [plan.layout.columns[at].header.text for at in sorted(plan.left_out)]
    if hidden:
        yield f"# left out at the door, whatever is said here: {', '.join(map(quoted, hidden))}"


def _is_spare(plan: Plan, column: Column) -> bool:
    """Say whether a column became none of the description's fields, and no sign of the stage."""
    used = {place for _, place in _PLACES} | {place for place, _ in _FLAGS} | {"stage"}
    used |= {"created_on", "first_name", "last_name", "person_name"} if plan.recruiter else {"created_on"}
    if column.index in plan.left_out or _is_id(plan, column):
        return False
    return column.field not in used or column.index != plan.layout.first(column.field or "")


def _instead(plan: Plan, name: str) -> Iterator[str]:
    """Give what stands in for a field without a column of its own."""
    if name == "job_title" and not _headers(plan, "company"):
        guess = next(
            (c.header.text for c in plan.layout.columns if c.field is None and c.header.text), "title"
        )
        yield f"  job_title: {quoted(guess)}  # a guess: which column is it?"
    if name == "applied_on" and (created := _headers(plan, "created_on")):
        yield f"  applied_on: {{from: {quoted(created[0])}, flag: applied_from_created}}"
    if name == "contact_name" and plan.recruiter:
        parts = [*_headers(plan, "first_name"), *_headers(plan, "last_name")] or _headers(plan, "person_name")
        if parts:
            yield f"  contact_name: {{join: [{', '.join(map(quoted, parts))}]}}"


def _stage(sample: _Sample) -> Iterator[str]:
    plan = sample.plan
    rules = [
        f"  - {{from: {quoted(header)}, {means}}}"
        for place, means in _FLAGS
        for header in _headers(plan, place)
    ]
    rules += [f"  - {quoted(header)}" for header in _headers(plan, "stage")]
    if rules:
        yield "stage:  # asked in order; the first that knows the stage decides"
        yield from rules
    yield f"otherwise: {plan.fallback}  # the stage where nothing tells one"
    words = dict.fromkeys(value for value in plan.values("stage") if not is_nothing(value))
    known = {word: word_of(word).stage for word in words}
    if known:
        yield "# Words of the sample that need no entry: " + _told(known)
        yield "words:  # the product's own words, by stage"
        strange = [w for w, stage in known.items() if stage is Stage.UNKNOWN and not is_elsewhere(w)]
        shown = ", ".join(map(quoted, strange[:_MOST_WORDS])) or "a word of the product"
        yield f"  unknown: [{shown}]"


def _is_id(plan: Plan, column: Column) -> bool:
    """Say whether a column holds another id in every row."""
    named = column.header.text.casefold() in _IDS or column.field == "external_id"
    return named and plan.profiles[column.index].distinct >= _DISTINCT


def _told(known: Mapping[str, Stage]) -> str:
    pairs = [f"{word} ({stage})" for word, stage in known.items() if stage is not Stage.UNKNOWN]
    return ", ".join(" ".join(pair.split()) for pair in pairs[:_MOST_WORDS]) or "none"


def _headers(plan: Plan, place: str) -> Sequence[str]:
    if place == "external_id":
        return [c.header.text for c in plan.layout.columns if _is_id(plan, c)]
    return [plan.layout.columns[at].header.text for at in plan.layout.places.get(place, ())]
