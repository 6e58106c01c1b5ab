"""The columns that a description looks for and a table does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crm_sync.reading.description.forms import Condition, Rule, TableForm
from crm_sync.reading.description.shapes import Shape

_SKIPPED = "rows left out"


def absent_columns(form: TableForm, shape: Shape) -> list[tuple[str, str]]:
    """Return field and column of every column that is looked for and not there, optional ones too.

    A column that a field only asks about (``when``) is that field's, too; columns of the description's own
    making ask under their own names. What is looked up in the tables beside is not told.
    """
    made = set(form.columns)
    looked_for = dict.fromkeys(pair for pair in _looked_for(form) if pair[1] not in made)
    return [(name, path) for name, path in looked_for if shape.named(path) is None]


def _looked_for(form: TableForm) -> Iterator[tuple[str, str]]:
    for name, rule in form.fields.items():
        yield from ((name, path) for path in _asked(rule))
    for sign in form.stage:
        yield from (("stage", path) for path in (*_asked(sign.value), *_of(sign.when)))
    for skip in form.skip:
        yield from ((_SKIPPED, path) for path in _of(skip.when))
    for name, rule in form.columns.items():
        yield from ((name, path) for path in _asked(rule))


def _asked(rule: Rule) -> Iterator[str]:
    for take in rule:
        yield from take.paths
        yield from _of(take.when)
        for part in take.join:
            yield from _asked(part)


def _of(conditions: Iterable[Condition]) -> Iterator[str]:
    return (condition.path for condition in conditions)
