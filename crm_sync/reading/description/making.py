"""Columns of a description's own making, seen beside those that the file has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crm_sync.reading.description.forms import Rule
from crm_sync.reading.description.shapes import Getter, Record, Shape, Sheet
from crm_sync.reading.description.sides import Sides
from crm_sync.reading.description.taking import getter_of


class WidenedShape:
    """A shape with more names; ``inner`` is what the file has itself."""

    def __init__(self, inner: Shape, made: Mapping[str, Getter | None]) -> None:
        self.inner, self._made = inner, made

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the file's own columns."""
        return self.inner.columns

    @property
    def sample(self) -> Sequence[Record]:
        """Return the first of the records."""
        return self.inner.sample

    def named(self, path: str) -> str | None:
        """Return a made column's name, else the file's column behind a path."""
        return path if self._made.get(path) is not None else self.inner.named(path)

    def getter(self, path: str) -> Getter | None:
        """Return what gives a made column's value, else what reads the path."""
        return self._made.get(path) or self.inner.getter(path)


def widened(sheet: Sheet, columns: Mapping[str, Rule], sides: Sides) -> Sheet:
    """Return a sheet whose records have the made columns, too; a later one may ask an earlier one."""
    shape = sheet.shape
    for name, rule in columns.items():
        shape = WidenedShape(shape, {name: getter_of(rule, shape, sides)})
    return replace(sheet, shape=shape) if columns else sheet


def own_shape(shape: Shape) -> Shape:
    """Return the shape of what the file has itself."""
    while isinstance(shape, WidenedShape):
        shape = shape.inner
    return shape
