"""The console script `crm-sync`: global options, all commands, one exit."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer
from typer.main import get_command

from crm_sync import __version__
from crm_sync.app.brake import Brake
from crm_sync.cli import (
    account,
    bookkeeping,
    calling,
    configuring,
    connectors,
    failures,
    importing,
    joining,
    looking,
    notifying,
    reading,
    scheduling,
)
from crm_sync.cli.output import MANNER, flush, ready_streams, say
from crm_sync.cli.stopping import heeding_signals

app = typer.Typer(
    name="crm-sync",
    help="Turn job applications into follow-up calls that really get made.",
    epilog="Begin with: crm-sync import my-applications.xlsx, then crm-sync calls",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


_ANYWHERE = ("--quiet", "--debug")
_WITH_VALUE = ("--config", "--log-format")


class LogFormat(StrEnum):
    """How what is no result is told on stderr."""

    TEXT = "text"
    JSON = "json"


def _show_version(wanted: bool) -> None:
    if wanted:
        say(f"crm-sync {__version__}")
        raise typer.Exit


@app.callback()
def begin(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Leave out notes and progress; results and errors stay.")
    ] = False,
    config: Annotated[
        str | None, typer.Option("--config", metavar="FILE", help="Use this configuration.")
    ] = None,
    log_format: Annotated[
        LogFormat, typer.Option("--log-format", help="Tell what is no result as text, or as JSON lines.")
    ] = LogFormat.TEXT,
) -> None:
    """Turn job applications into follow-up calls that really get made."""
    MANNER.debug, MANNER.quiet, MANNER.config = debug, quiet, config
    if log_format is LogFormat.JSON:
        from crm_sync.cli.logs import begin_logs

        MANNER.json_logs = True
        begin_logs()


reading.add_to(app)
importing.add_to(app)
account.add_to(app)
calling.add_to(app)
joining.add_to(app)
looking.add_to(app)
bookkeeping.add_to(app)
connectors.add_to(app)
configuring.add_to(app)
scheduling.add_to(app)
notifying.add_to(app)


def _general_first(words: Sequence[str]) -> list[str]:
    """Let the general options stand behind the command, too, where people type them."""
    end = words.index("--") if "--" in words else len(words)
    general: list[str] = []
    own: list[str] = []
    for number, word in enumerate(words[:end]):
        valued = word in _WITH_VALUE or (number and words[number - 1] in _WITH_VALUE)
        is_general = valued or word in _ANYWHERE or word.startswith(tuple(f"{o}=" for o in _WITH_VALUE))
        (general if is_general else own).append(word)
    return [*general, *own, *words[end:]]


def main(words: Sequence[str]) -> int:
    """Carry out one command line and return its exit code."""
    MANNER.debug = MANNER.quiet = MANNER.json_logs = False
    MANNER.config = MANNER.around = None
    MANNER.brake = Brake()
    with heeding_signals():
        code = _carried_out(words)
    if code == failures.INTERRUPTED or MANNER.brake.asked:
        code = failures.interrupt()
    if MANNER.json_logs:
        from crm_sync.cli.logs import end_logs

        end_logs()
    return code if flush() else failures.DONE


def _carried_out(words: Sequence[str]) -> int:
    try:
        return get_command(app).main(_general_first(words), prog_name="crm-sync", standalone_mode=False) or 0
    except (KeyboardInterrupt, typer.Abort):
        return failures.INTERRUPTED
    except Exception as error:
        return failures.fail(error)


def run() -> None:
    """Carry out the command line of this process."""
    gc.disable()  # a short life makes few cycles; looking for them would cost a third of the time
    ready_streams()
    code = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)  # everything is closed and flushed; taking a million objects down would cost seconds


if __name__ == "__main__":
    run()
