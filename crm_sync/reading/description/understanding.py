"""How a bundle is read by a description: which members and sheets, and what of them is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from crm_sync.domain.applications import Application, RejectedRow
from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.tables import Bundle
from crm_sync.errors import SourceError
from crm_sync.reading.asked import refuse_columns
from crm_sync.reading.description.conditions import gate_of
from crm_sync.reading.description.forms import Description
from crm_sync.reading.description.layout import Layout, layout_of, let_in, paths_in
from crm_sync.reading.description.making import widened
from crm_sync.reading.description.reader import Seen, SheetReader
from crm_sync.reading.description.sides import Sides
from crm_sync.reading.description.signature import Match as Match
from crm_sync.reading.description.signature import Verdict, match_of, plainly, recognise
from crm_sync.reading.empty_lists import TOLD, is_empty_list
from crm_sync.reading.telling import who_employs
from crm_sync.reading.unwanted import told as left_out


@dataclass(slots=True)
class Understood:
    """The readers of a bundle's sheets in the order of the description's tables.

    ``complete`` is False where a member could not be read or the file says that there is more.
    """

    description: Description
    verdict: Verdict
    readers: tuple[SheetReader, ...]
    complete: bool = True
    notes: list[str] = field(default_factory=list)
    sides: tuple[Sides, ...] = ()

    def read(self) -> Iterator[Application | RejectedRow]:
        """Yield an application or a rejected row for every record; each id once over all members.

        Raises SourceError at the end where no record of an employer's export names a job or a person.
        """
        seen: Seen = {}
        count = 0
        for reader in self.readers:
            for row in reader.read(seen):
                count += 1
                yield row
        if self.description.recruiter and count and count == sum(reader.mute for reader in self.readers):
            raise SourceError(
                f"{self.description.title}: it holds ids only, nothing names a job or a person",
                "Export the applications with the names of jobs and candidates.",
            )

    def all_notes(self) -> tuple[str, ...]:
        """Return what a person should know, after the reading: side tables are opened while it goes on."""
        told = [note for sides in self.sides for note in sides.notes]
        for name in sorted({name for sides in self.sides for name in sides.missing}):
            told.append(f"there is no file for {name}: put it beside the export, and import both again")
        away = list(dict.fromkeys(question for sides in self.sides for question in sides.turned_away))
        told += [left_out(away)] if away else []
        told += who_employs(sum(reader.nameless for reader in self.readers), self.description.recruiter)
        return tuple(dict.fromkeys((self.read_as, *self.notes, *told)))

    @property
    def read_as(self) -> str:
        """Return what the export was taken for, and why."""
        return f"read as {self.description.title}, because of {self.because}"

    @property
    def because(self) -> str:
        """Return by what it was recognised; an empty list shows nothing of that."""
        return self.verdict.because if self.verdict.best else "what the user said"

    def as_data(self) -> dict[str, Any]:
        """Return the understanding as plain data for ``crm-sync inspect``."""
        from crm_sync.reading.description.account import tell

        return tell(self)


def understand_by(description: Description, bundle: Bundle, options: ReadingOptions) -> Understood:
    """Return how a bundle is read by a description.

    Raises SourceError where nothing in it is of the description's kind, or where all of it is nothing but
    ids whose names are in files that are not there; UsageError as ``understand`` does.
    """
    verdict = recognise(description, bundle)
    matches = [match for match in verdict.matches if not match.form.refuse]
    if not matches and not verdict.matches and _is_empty(description, bundle):
        return Understood(description, verdict, (), notes=[TOLD])
    if not matches:
        _refuse(description, verdict)
    notes = [f"{name or 'the file'} was not read: {why}" for name, why in verdict.unread]
    readers: list[SheetReader] = []
    ids: list[str] = []
    headers: list[str] = []
    found = Understood(description, verdict, (), not verdict.unread, notes)
    order = {id(form): place for place, form in enumerate(description.tables)}
    for match in sorted(matches, key=lambda match: order[id(match.form)]):
        if options.sheet is not None and match.sheet.place != options.sheet:
            continue
        sides = Sides(match.form.sides, bundle, match.sheet.root)
        settled = not match.sheet.records or _names_itself(match)
        wanting = () if settled else sides.absent(match.form.needs)
        if wanting:
            ids.append(_only_ids(match, wanting))
            continue
        own = let_in(match.form.columns, match.form.drop)
        match = replace(match, sheet=widened(match.sheet, own, sides))
        layout = layout_of(match.form, match.sheet, options)
        headers += [*match.sheet.shape.columns, *layout.told.values()]
        readers.append(SheetReader(description, match, layout, sides, options))
        found.sides = (*found.sides, sides)
        notes += _notes_on(match, layout)
        found.complete = found.complete and not _says_partial(match)
    refuse_columns(options, headers)
    if ids and not readers:
        raise SourceError(f"{description.title}: {ids[0]}", "Put that file beside it, and try again.")
    notes += ids
    found.readers = tuple(readers)
    return found


def _is_empty(description: Description, bundle: Bundle) -> bool:
    """Say whether a loose file is an empty list, by the names that the description knows, too."""
    if bundle.kind != "file":
        return False
    member = bundle.member("")
    names = {step for form in description.tables for path in form.records for step in path.split(".")}
    return member.document is None and is_empty_list(member.value, names - {"$"})


def _names_itself(match: Match) -> bool:
    """Say whether a column of the records themselves tells company or job title."""
    takes = [take for name in ("company", "job_title") for take in match.form.fields.get(name, ())]
    paths = (path for take in takes if not take.look_up for path in paths_in(take))
    return any(match.sheet.shape.named(path) is not None for path in paths)


def _only_ids(match: Match, wanting: Sequence[str]) -> str:
    where = match.sheet.member or "the file"
    return f"{where} holds ids only; what they stand for is in {', '.join(wanting)}, which is not there"


def _notes_on(match: Match, layout: Layout) -> Iterator[str]:
    """Yield what a person should know about one sheet."""
    yield from (lost.told for lost in layout.lost)
    if layout.left_out:
        yield left_out(layout.left_out)
    if match.sheet.bare:
        yield f"passed over, for they hold no application: {match.sheet.bare} of the records around"
    if _says_partial(match):
        yield "the file says that it is not the whole list: export the other pages, too"


def _refuse(description: Description, verdict: Verdict) -> None:
    if verdict.unread:
        name, why = verdict.unread[0]
        raise SourceError(
            why if not name else f"{name}: {why}", "Export it again, or check that the download ended."
        )
    if verdict.best is not None:
        raise SourceError(
            verdict.best.form.refuse, "Import the whole export, or its file with the applications."
        )
    signs = ", ".join(plainly(sign) for sign in description.tables[0].signature.all)
    raise SourceError(
        f"nothing in it is of the kind {description.title} (looked for {signs})",
        "Leave --connector out, or export the list of applications again.",
    )


def _says_partial(match: Match) -> bool:
    gate = gate_of(match.form.partial, match.sheet.shape) if match.form.partial else None
    return gate is not None and any(gate(record) for _, record in match.sheet.records[:1])


__all__ = ["Match", "Understood", "match_of", "understand_by"]
