"""What the parts of a configuration file have in common: strict keys, described values, secrets by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from crm_sync.config.problems import is_secret_itself


class Entry(BaseModel):
    """A part of the file: a key that is not known is a mistake, and a mistake never shows its value."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, strict=True, frozen=True)


def wrong(what: str, hint: str = "") -> PydanticCustomError:
    """Return a mistake, in words; what stands in the file is put in at {value}."""
    return PydanticCustomError("wrong", "{what}", {"what": what, "hint": hint})


def read_by(read: Callable[[Any], Any], schema: dict[str, Any]) -> tuple[BeforeValidator, WithJsonSchema]:
    """Return how a value is read and what the JSON Schema says of it; *read* raises ValueError in words."""

    def validate(value: Any) -> Any:
        try:
            return read(value)
        except ValueError as error:
            raise wrong(str(error)) from None

    return BeforeValidator(validate), WithJsonSchema(schema)


def form_of(value: Any) -> str:
    """Return which form of a value was written: "short", a text, or "long"."""
    return "short" if isinstance(value, str) else "long"


class SecretEntry(Entry):
    """Where a secret is kept; exactly one of the three."""

    env: str | None = Field(
        None, min_length=1, description="Name of the environment variable.", examples=["HUBSPOT_ACCESS_TOKEN"]
    )
    file: str | None = Field(
        None,
        min_length=1,
        description="Path of a file that only you can read; `$CREDENTIALS_DIRECTORY/name` is a systemd "
        "credential.",
        examples=["~/.config/crm-sync/hubspot-token"],
    )
    keyring: str | None = Field(
        None,
        pattern=r"^[^/]+/.+$",
        description="`service/name` in the system's keyring; needs the extra `keyring`.",
        examples=["crm-sync/hubspot"],
    )

    @model_validator(mode="after")
    def _one_place(self) -> SecretEntry:
        if sum(place is not None for place in (self.env, self.file, self.keyring)) != 1:
            raise wrong("exactly one of env, file and keyring says where a secret is kept", _WAY_OUT)
        if is_secret_itself(self.env or self.file or self.keyring or ""):
            raise wrong("this looks like the secret itself, not like its place", _WAY_OUT + _MAKE_ANEW)
        if self.env and not _VARIABLE.fullmatch(self.env):
            raise wrong("what stands behind env: is no name of a variable", _WAY_OUT)
        return self


_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_WAY_OUT = "Write {env: NAME}, {file: PATH} or {keyring: service/name}."
_MAKE_ANEW = " Whoever could read the file could read the secret: make a new one."


def _no_literal(value: Any) -> Any:
    if value is not None and not isinstance(value, dict):
        raise wrong(
            "a secret never stands in this file",
            _WAY_OUT + _MAKE_ANEW,
        )
    return value


SecretReference = Annotated[SecretEntry, BeforeValidator(_no_literal)]
"""A secret, told only by where it is kept."""
