"""Where words go: results to stdout, everything else to stderr, nothing that could steer a terminal."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TextIO

import typer

from crm_sync.app.brake import Brake

if TYPE_CHECKING:
    from crm_sync.config.surroundings import Surroundings

_NARROWEST = 20
_STEERING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_LINE: dict[int, str] = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ") | dict.fromkeys(_STEERING, "")
_TEXT = _LINE | {ord("\n"): "\n"}
_PLAINER = "crm_sync.plainer"
_PLAIN = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "→": "->", "…": "...", "ß": "ss", "─": "-"}
)


@dataclass(slots=True)
class Manner:
    """How this run speaks: tracebacks shown, notes left out; the configuration it was told, and its brake."""

    debug: bool = False
    quiet: bool = False
    json_logs: bool = False
    config: str | None = None
    around: Surroundings | None = None
    brake: Brake = field(default_factory=Brake)


MANNER = Manner()


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """Return the nearest ASCII letters for what a terminal cannot show, "?" where there are none."""
    import unicodedata

    assert isinstance(error, UnicodeEncodeError)
    text = error.object[error.start : error.end].translate(_PLAIN)
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return letters or "?" * (error.end - error.start), error.end


def ready_streams() -> None:
    """Make pipes UTF-8 whatever the locale, and let nothing fail for want of a letter."""
    codecs.register_error(_PLAINER, _plainer)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=_PLAINER, **({} if stream.isatty() else {"encoding": "utf-8"}))


def on_terminal(stream: TextIO) -> bool:
    """Tell whether a person sees the stream as it is written."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def clean(text: str, *, one_line: bool = False) -> str:
    """Return *text* without control characters; a file must not be able to paint the screen."""
    return text.translate(_LINE if one_line else _TEXT)


def say(text: str) -> None:
    """Print a result; nothing where there is none. A person's terminal gets no word broken at its edge."""
    lines = clean(text).split("\n") if text else []
    write_lines(_fitted(lines) if on_terminal(sys.stdout) else lines)


def _fitted(lines: Iterable[str]) -> Iterator[str]:
    """Wrap lines that are too wide for the terminal; a command stays on one line, to be copied."""
    from shutil import get_terminal_size
    from textwrap import wrap

    columns = max(get_terminal_size().columns, _NARROWEST)
    for line in lines:
        if len(line) <= columns or "crm-sync " in line:
            yield line
            continue
        hanging = " " * (len(line) - len(line.lstrip()) + 2)
        yield from wrap(
            line, columns, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
        )


def say_data(value: Any) -> None:
    """Print a result as one JSON value."""
    import json

    write_lines([json.dumps(value, ensure_ascii=False, indent=2)])


def write_lines(lines: Iterable[str]) -> None:
    """Write finished lines to stdout; end quietly where nobody reads on."""
    try:
        write = sys.stdout.write
        for line in lines:
            write(line)
            write("\n")
    except BrokenPipeError:
        close_quietly()
        raise typer.Exit(0) from None


def flush() -> bool:
    """Flush stdout; return False where nobody reads on."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        close_quietly()
        return False
    return True


def close_quietly() -> None:
    """Send what is still buffered nowhere, so that the interpreter's own last flush is silent."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def note(text: str) -> None:
    """Tell something that --quiet leaves out."""
    if not MANNER.quiet:
        _tell(text, "info")


def warn(text: str) -> None:
    """Tell something that is no result and must be known."""
    _tell(text, "warning")


def _tell(text: str, level: str) -> None:
    if not MANNER.json_logs:
        typer.echo(clean(text), err=True)
        return
    import logging

    from crm_sync.app.events import tell

    tell("said", level=logging.getLevelNamesMapping()[level.upper()], message=clean(text))
