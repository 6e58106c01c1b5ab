"""What taking a run back means, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from crm_sync.app.undoing import Left, Undoing
from crm_sync.cli.render.wording import listing, named_dossier, nouns
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.keys import RANK, Key

_MOST = 20


def undo_text(undoing: Undoing, names: Mapping[str, Dossier], *, done: bool) -> str:
    """Return what is taken back (or would be), and what is left and why."""
    run = undoing.run
    if undoing.is_empty and not undoing.left:
        return f"Nothing of run {run.id} is left to be taken back."
    blocks = [list(_head(undoing, done=done)), _removed(undoing, names), _fields(undoing, names)]
    blocks.append(_left(undoing, names))
    if not done:
        blocks.append([f"Nothing was written. To take it back: crm-sync undo {run.id} --yes"])
    elif undoing.applications:
        blocks.append(
            ["They stay away, also where the file still holds them; crm-sync resume KEY brings one back."]
        )
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _head(undoing: Undoing, *, done: bool) -> Iterator[str]:
    would = "" if done else "would be "
    there = Counter(key.kind for key, rid in undoing.removals.items() if rid is not None)
    kinds = [nouns(there[kind], _WORDS.get(kind, str(kind))) for kind in sorted(there, key=RANK.__getitem__)]
    yield f"Run {undoing.run.id} ({undoing.run.command}) {would}taken back:"
    yield f"  removed from the CRM: {', '.join(kinds) or 'nothing'}"
    if undoing.restorals:
        number = sum(len(change.fields) for change in undoing.restorals.values())
        yield f"  put back as it was: {nouns(number, 'field')}"


_WORDS = {"task": "planned call"}


def _removed(undoing: Undoing, names: Mapping[str, Dossier]) -> list[str]:
    lines = [f"  {_named(key, names)}" for key in sorted(undoing.applications)]
    return ["Applications", *listing(lines, _MOST, "--json tells all")] if lines else []


def _fields(undoing: Undoing, names: Mapping[str, Dossier]) -> list[str]:
    lines = [
        f"  {_whose(key, names)}: {name.replace('_', ' ')} is {value or 'nothing'} again"
        for key, change in sorted(undoing.restorals.items())
        for name, value in change.fields.items()
    ]
    return ["Fields", *listing(lines, _MOST, "--json tells all")] if lines else []


def _left(undoing: Undoing, names: Mapping[str, Dossier]) -> list[str]:
    lines = [f"  {_left_line(left, names)}" for left in undoing.left]
    return ["Left as it is", *listing(lines, _MOST, "--json tells all")] if lines else []


def _left_line(left: Left, names: Mapping[str, Dossier]) -> str:
    name = f", {left.field.replace('_', ' ')}" if left.field else ""
    return f"{_whose(left.key, names)}{name}: {left.reason}"


def _whose(key: Key, names: Mapping[str, Dossier]) -> str:
    application = key.id.partition(":")[0]
    word = _WORDS.get(key.kind, key.kind.value)
    return f"{word} {key.id}" if application not in names else f"{word} of {_named(application, names)}"


def _named(application: str, names: Mapping[str, Dossier]) -> str:
    dossier = names.get(application)
    return f"{application} {named_dossier(dossier)}" if dossier else application
