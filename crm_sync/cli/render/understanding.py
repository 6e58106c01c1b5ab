"""How a file is understood, told to a person (`crm-sync inspect`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crm_sync.cli.render.grids import Grid, grid_lines
from crm_sync.cli.render.wording import day, nouns

_MOST_WORDS, _MOST_ABSENT = 40, 24


def understanding_text(file: str, told: Mapping[str, Any]) -> str:
    """Return the account that a connector gives of itself (``Connector.explain``) as text."""
    lines = [f"{file}: {nouns(told['applications'], 'application')}", *_opened(told)]
    for table in told.get("tables", ()):
        lines += ["", *_table(table)]
    for passed in told.get("passed_over", ()):
        lines += ["", f"Passed over: {passed['place']} ({passed['why']})"]
    lines += _first(told.get("first_rows", ()))
    lines += _rejected(told.get("rejected", ()))
    return "\n".join(lines)


def _opened(told: Mapping[str, Any]) -> Iterator[str]:
    container = told.get("container")
    facts: Mapping[str, Any] = container if isinstance(container, Mapping) else {"kind": container}
    delimiter = facts.get("delimiter")
    parts = [
        f"read by {told.get('connector')}",
        str(facts.get("kind")),
        *([str(facts["encoding"])] if facts.get("encoding") else []),
        *([f"separated by {_visible(delimiter)}"] if delimiter else []),
    ]
    yield f"Opened: {', '.join(parts)}"
    if verdict := told.get("recognised"):
        yield f"Recognised: {verdict['title']}, because of {verdict['because']}"
        yield f"  certainty {verdict['certainty']:.2f}, evidence: {verdict['evidence']}"
    for note in facts.get("notes", ()):
        yield f"  {note}"
    for remark in told.get("remarks", ()):
        yield f"  row {remark['row']}: {remark['remark']}"


def _visible(delimiter: str) -> str:
    return {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar", " ": "blank"}.get(delimiter, delimiter)


def _table(table: Mapping[str, Any]) -> Iterator[str]:
    name = f"Sheet {table['sheet']}" if table.get("sheet") else "Table"
    rows = ", ".join(map(str, table["header_rows"]))
    header = f"header in row {rows}" if rows else "no header"
    first = (
        f"first record in row {table['first_row']}"
        if table["first_row"] is not None
        else "no record below it"
    )
    yield f"{name}: {header}, {first}, {table['direction']}"
    yield ""
    cells = [
        (_shown(column["header"]), (column["field"] or "(not used)").replace("_", " "), column["why"])
        for column in table["columns"]
    ]
    yield from _indented(grid_lines(Grid(("Column", "Field", "Why"), cells)))
    yield from _absent(table.get("absent", ()))
    yield from _dates(table["dates"])
    yield from _stages(table)


def _absent(absent: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yield what else the fields would be read from, which the table does not have."""
    by_field: dict[str, list[str]] = {}
    for each in absent[:_MOST_ABSENT]:
        by_field.setdefault(each["field"].replace("_", " "), []).append(_shown(each["column"]))
    if by_field:
        told = "; ".join(f"{name}: {', '.join(columns)}" for name, columns in by_field.items())
        more = f" and {len(absent) - _MOST_ABSENT} more" if len(absent) > _MOST_ABSENT else ""
        yield f"  Looked for, and not in it: {told}{more}"


def _shown(header: str) -> str:
    return " ".join(header.split()) or "(no header)"


def _dates(dates: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if dates:
        yield ""
        yield "  Dates"
    for column in dates:
        order = column["order"] or "unmistakable"
        rows = f" (rows {', '.join(map(str, column['rows'][:5]))})" if column["rows"] else ""
        doubt = "; say --day-first or --month-first to be sure" if column["assumed"] else ""
        yield f"    {_shown(column['header'])}: {order}: {column['why']}{rows}{doubt}"


def _stages(table: Mapping[str, Any]) -> Iterator[str]:
    rows = [
        (f'"{word["word"]}"', word["stage"], str(word["count"]), word["why"], _shown(column["header"]))
        for column in table["stages"]
        for word in column["words"][:_MOST_WORDS]
    ]
    if rows:
        yield ""
        yield from _indented(grid_lines(Grid(("Status word", "Stage", "Rows", "Why", "Column"), rows)))
    for column in table["stages"]:
        if column["role"] == "round":
            yield f'  A filled "{_shown(column["header"])}" means {column["stage"]}'
    yield f"  A row without a status word is {table['without_a_word']}"


def _first(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if not rows:
        return []
    cells = [
        (
            str(row["row"]),
            row["sheet"] or "",
            row["company"] or "-",
            row["job_title"] or "-",
            day(row["applied_on"]),
            row["stage"],
        )
        for row in rows
    ]
    headers = ("Row", "Sheet", "Company", "Job title", "Applied", "Stage")
    return ["", "First rows", *_indented(grid_lines(Grid(headers, cells)))]


def _rejected(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if not rows:
        return ["", "No row was rejected."]
    lines = [f"  {_place(r)}: {r['reason']}" for r in rows]
    return ["", f"Rejected: {nouns(len(rows), 'row')}", *lines]


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _place(row: Mapping[str, Any]) -> str:
    return f"{row['sheet']}, row {row['row']}" if row["sheet"] else f"row {row['row']}"
