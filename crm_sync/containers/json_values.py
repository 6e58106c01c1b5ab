"""JSON text -> values, with every fault told by line and column."""

from __future__ import annotations

import json
import math
from collections import Counter
from typing import Any, NoReturn

from crm_sync.errors import SourceError

JSON_HINT = "Export it again; the file was cut short or edited by hand."


class _Unfit(ValueError):
    """Well-formed, but no JSON that two readers would understand alike."""


def parse(text: str, name: str, *, line: int = 1) -> Any:
    """Return the value of a JSON text; *line* is the line of the file on which it starts.

    Raises SourceError for broken text, a key given twice in an object, NaN, and nesting without end.
    """
    try:
        return _DECODER.decode(text.strip("\ufeff \t\r\n\x00"))
    except json.JSONDecodeError as error:
        where = f"line {line + error.lineno - 1}, column {error.colno}"
        raise SourceError(f"{name}: broken JSON at {where}: {error.msg}", JSON_HINT) from None
    except RecursionError:
        raise SourceError(f"{name}: JSON nested too deeply", "Export a flat list of applications.") from None
    except ValueError as error:
        raise SourceError(f"{name}: JSON that cannot be read: {error}", JSON_HINT) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, often in Counter(key for key, _ in pairs).items() if often > 1)
        raise _Unfit(f"an object has the key {twice[:60]!r} twice")
    return found


def _constant(word: str) -> NoReturn:
    raise _Unfit(f"{word} is no JSON number")


def _number(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else text


def _integer(text: str) -> int | str:
    return int(text) if len(text) < 400 else text


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_float=_number, parse_int=_integer
)
