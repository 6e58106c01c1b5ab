"""Values that are made by the hundred thousand, made quickly."""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, Field, fields
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["light", "replace", "trusted"]

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
    setters = {f"set_{part.name}": getattr(kind, part.name).__set__ for part in _parts(kind)}
    return _written_out(kind, "set_{name}({value}, {what})", setters)


def trusted(kind: type[T]) -> type[T]:
    """Return the frozen dataclass as ``light`` does, at half its price again.

    Nothing but the type checker keeps anybody from changing one that is made: it is for values that are
    looked at once, soon after they are made, and not for those that are kept.
    """
    del kind.__setattr__, kind.__delattr__  # those of a frozen dataclass, which refuse
    return _written_out(kind, "{value}.{name} = {what}", {})


def _written_out(kind: type[T], setting: str, known: dict[str, Any]) -> type[T]:
    """Give the class an ``__init__`` and a ``__replace__`` that are spelled out field by field."""
    parts = _parts(kind)
    known |= {"MISSING": MISSING, "SAME": _SAME, "make": object.__new__, "its_class": kind}
    for part in parts:
        known[f"default_{part.name}"] = part.default
        known[f"make_{part.name}"] = part.default_factory
    filled = [setting.format(value="self", name=part.name, what=_told(part)) for part in parts]
    kept = [f"self.{n} if {n} is SAME else {n}" for n in (part.name for part in parts)]
    again = [setting.format(value="new", name=p.name, what=k) for p, k in zip(parts, kept, strict=True)]
    source = [
        f"def __init__(self, {', '.join(map(_parameter, parts))}):",
        *(f"    {line}" for line in filled),
        f"def __replace__(self, *, {', '.join(f'{part.name}=SAME' for part in parts)}):",
        "    new = make(its_class)",
        *(f"    {line}" for line in again),
        "    return new",
    ]
    exec("\n".join(source), known)  # noqa: S102 - as dataclasses does; nothing in it comes from outside
    kind.__init__ = known["__init__"]  # type: ignore[method-assign]
    kind.__replace__ = known["__replace__"]  # type: ignore[attr-defined]
    return kind


def _parts(kind: type) -> tuple[Field[Any], ...]:
    return fields(kind)


def _parameter(part: Field[Any]) -> str:
    needed = part.default is MISSING and part.default_factory is MISSING
    return part.name if needed else f"{part.name}=default_{part.name}"


def _told(part: Field[Any]) -> str:
    if part.default_factory is MISSING:
        return part.name
    return f"make_{part.name}() if {part.name} is MISSING else {part.name}"
