"""Values that are made by the hundred thousand, made quickly."""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, Field, fields
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["light", "replace"]

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import replace
else:

    def replace(value: Any, /, **changes: Any) -> Any:
        """Return the value with other values in some fields; TypeError for a field it does not have."""
        made = getattr(value, "__replace__", None)
        return made(**changes) if made is not None else dataclasses.replace(value, **changes)


_SAME: Any = object()


def light(kind: type[T]) -> type[T]:
    """Return the frozen dataclass with slots, made, and made again by ``replace``, at a third of the price.

    A frozen dataclass looks every slot up by name to fill it; here each slot's own setter is called.
    Everything else stays: signature, defaults, equality, and that nobody changes a value that is made.
    """
    parts = fields(kind)  # type: ignore[arg-type]
    known: dict[str, Any] = {"MISSING": MISSING, "SAME": _SAME, "make": object.__new__, "its_class": kind}
    for part in parts:
        known[f"set_{part.name}"] = getattr(kind, part.name).__set__
        known[f"default_{part.name}"] = part.default
        known[f"make_{part.name}"] = part.default_factory
    source = [
        f"def __init__(self, {', '.join(map(_parameter, parts))}):",
        *(f"    set_{part.name}(self, {_told(part)})" for part in parts),
        f"def __replace__(self, *, {', '.join(f'{part.name}=SAME' for part in parts)}):",
        "    new = make(its_class)",
        *(f"    set_{n}(new, self.{n} if {n} is SAME else {n})" for n in (part.name for part in parts)),
        "    return new",
    ]
    exec("\n".join(source), known)  # noqa: S102 - as dataclasses does; nothing in it comes from outside
    kind.__init__ = known["__init__"]  # type: ignore[method-assign]
    kind.__replace__ = known["__replace__"]  # type: ignore[attr-defined]
    return kind


def _parameter(part: Field[Any]) -> str:
    needed = part.default is MISSING and part.default_factory is MISSING
    return part.name if needed else f"{part.name}=default_{part.name}"


def _told(part: Field[Any]) -> str:
    if part.default_factory is MISSING:
        return part.name
    return f"make_{part.name}() if {part.name} is MISSING else {part.name}"
