"""The journal in the database: a row for each page, its lines together as one text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, func, select

from crm_sync.domain.journal import Line, Page, only_about
from crm_sync.domain.keys import Kind
from crm_sync.ledger.bodies import Body, UnreadableBody, body_from, instant, text_of, time_at
from crm_sync.ledger.schema import JOURNAL, shielded
from crm_sync.ledger.statements import Row


def page_row(account: str, page: Page) -> Row:
    """Return the page as a row of its table."""
    text = text_of({"lines": [_line_body(line) for line in page.lines]})
    return (account, shielded(page.run), page.number, instant(page.at), text)


def _line_body(line: Line) -> Body:
    """Return a line as plain data: a list of ids where there is nothing to tell of each."""
    plain = not any(told is not None for told in line.told.values())
    body: Body = {"what": line.what, "kind": line.kind.value, "owner": line.owner}
    if line.about:
        body["about"] = line.about
    body["of"] = list(line.told) if plain else dict(line.told)
    return body


def pages(connection: Connection, account: str, run: str | None, about: str | None) -> tuple[Page, ...]:
    """Return pages, oldest first; of one application by its id in their text."""
    query = select(JOURNAL.c.run, JOURNAL.c.number, JOURNAL.c.at, JOURNAL.c.body)
    query = query.where(JOURNAL.c.account == account).order_by(JOURNAL.c.at, JOURNAL.c.run, JOURNAL.c.number)
    if run is not None:
        query = query.where(JOURNAL.c.run == run)
    if about is not None:
        find = func.strpos if connection.dialect.name == "postgresql" else func.instr
        query = query.where(find(JOURNAL.c.body, about) > 0)
    found = (_page(row) for row in connection.execute(query))
    return tuple(found if about is None else _only(found, about))


def _page(row: Any) -> Page:
    try:
        lines = tuple(_line(body) for body in body_from(row.body)["lines"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableBody(f"no page: {error}") from error
    return Page(row.run, row.number, time_at(row.at), lines)


def _line(body: Body) -> Line:
    of = body["of"]
    told = of if isinstance(of, dict) else dict.fromkeys(of)
    return Line(body["what"], Kind(body["kind"]), body["owner"], told, body.get("about", ""))


def _only(found: Iterator[Page], about: str) -> Iterator[Page]:
    for page in found:
        lines = only_about(page.lines, about)
        if lines:
            yield Page(page.run, page.number, page.at, lines)
