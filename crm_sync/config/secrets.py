"""A secret that never shows itself, and the places in which secrets may be kept."""

from __future__ import annotations

import hmac
from typing import NoReturn, Self

from crm_sync.errors import ConfigError

HIDDEN = "***"
_told: set[str] = set()


class Secret:
    """A token or password; only ``reveal`` gives it away.

    ``origin`` says in words where it was found. It cannot be pickled or written as JSON, and every text that
    is made of it says no more than its origin.
    """

    __slots__ = ("_value", "origin")

    def __init__(self, value: str, origin: str = "") -> None:
        if not value:
            raise ConfigError(f"the secret{_of(origin)} is empty", "Put the secret there.", path=origin)
        self._value = value
        self.origin = origin
        _told.add(value)

    def reveal(self) -> str:
        """Return the secret itself, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({HIDDEN}{_of(self.origin)})"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not written down")


def _of(origin: str) -> str:
    return f" from {origin}" if origin else ""


def secrets_in_use() -> frozenset[str]:
    """Return every secret that this process holds, so that it can be kept out of what is shown."""
    return frozenset(_told)
