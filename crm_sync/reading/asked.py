"""A sheet or column that a user named: what is told where the file has none of that name."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.process import extractOne

from crm_sync.domain.options import ReadingOptions
from crm_sync.errors import SourceError, UsageError
from crm_sync.reading.lexicon import field_first

_LIKELY, _SOME = 70, 20


def refuse_sheet(wanted: str, there: Iterable[str | None]) -> None:
    """Raise SourceError, naming the sheets, where none is called like the one that was chosen."""
    names = list(dict.fromkeys(name for name in there if name))
    if wanted not in names:
        what = f'there is no sheet "{wanted}"' if names else f'there are no sheets, so none is "{wanted}"'
        raise SourceError(what, _instead("The sheets are", wanted, names) or "Leave the sheet out.")


def refuse_columns(options: ReadingOptions, there: Iterable[str]) -> None:
    """Raise UsageError, naming the columns, for a column that was insisted on and that no table has."""
    if not (options.insist and options.columns):
        return
    names = list(dict.fromkeys(name.strip() for name in there if name.strip()))
    known = {name.casefold() for name in names}
    for field, header in map(field_first, options.columns.items()):
        if header.casefold() not in known:
            hint = _instead("The columns are", header, names) or "The file has no row of headers."
            raise UsageError(f'there is no column "{header}" for {field}', hint)


def _instead(begin: str, wanted: str, names: list[str]) -> str:
    """Return the nearest name and all of them; "" where there are none."""
    if not names:
        return ""
    close = extractOne(wanted, names, processor=str.casefold, score_cutoff=_LIKELY)
    rest = ", ..." if len(names) > _SOME else "."
    told = f"{begin}: {', '.join(names[:_SOME])}{rest}"
    return f'Did you mean "{close[0]}"? {told}' if close else told
