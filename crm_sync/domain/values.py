"""Values that are made by the hundred thousand, made quickly."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import Any, TypeVar

T = TypeVar("T")


def light(kind: type[T]) -> type[T]:
    """Return the frozen dataclass with slots, made at a third of the price.

    A frozen dataclass looks every slot up by name to fill it; here each slot's own setter is called.
    Everything else stays: signature, defaults, equality, and that nobody changes a value that is made.
    """
    parts: list[Field[Any]] = [part for part in fields(kind) if part.init]  # type: ignore[arg-type]
    known: dict[str, Any] = {"MISSING": MISSING}
    words, lines = [], []
    for part in parts:
        name = part.name
        known[f"set_{name}"] = getattr(kind, name).__set__
        value = name
        if part.default_factory is not MISSING:
            known[f"make_{name}"] = part.default_factory
            value = f"make_{name}() if {name} is MISSING else {name}"
        known[f"default_{name}"] = part.default
        bare = part.default is MISSING and part.default_factory is MISSING
        words.append(name if bare else f"{name}=default_{name}")
        lines.append(f"    set_{name}(self, {value})")
    source = f"def __init__(self, {', '.join(words)}):\n" + "\n".join(lines)
    exec(source, known)  # noqa: S102 - as dataclasses does; nothing in it comes from outside
    kind.__init__ = known["__init__"]  # type: ignore[method-assign]
    return kind
