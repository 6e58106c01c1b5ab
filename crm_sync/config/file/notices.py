"""Who is told of what, and where: the operator of the whole, and each person for themselves."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Discriminator, Field, Tag

from crm_sync.config.file.cadences import Clock
from crm_sync.config.file.entries import Entry, SecretEntry, SecretReference, form_of, wrong


def _open_url(value: Any) -> Any:
    if isinstance(value, str):
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            raise wrong("this is no http address without a password", "Write it as {env: NAME} instead.")
        return value
    return value


OpenOrSecret = Annotated[
    Annotated[str, Tag("short")] | Annotated[SecretEntry, Tag("long")],
    Discriminator(form_of),
    BeforeValidator(_open_url),
]


class OwnNotifyEntry(Entry):
    """Where one person is told what needs them, and which calls are due."""

    webhook: OpenOrSecret | None = Field(
        None,
        description="Where a JSON message is posted.",
        examples=["https://hooks.acme.example/crm-sync"],
    )
    slack: SecretReference | None = Field(
        None, description="A Slack webhook.", examples=[{"env": "SLACK_WEBHOOK"}]
    )
    email: SecretReference | None = Field(
        None,
        description="An address such as `mailtos://user:password@host?to=jane@roe.example`.",
        examples=[{"file": "~/.config/crm-sync/mail"}],
    )
    services: list[SecretReference] | None = Field(
        None,
        description="Addresses of anything else that Apprise reaches, such as `ntfys://host/topic`.",
        examples=[[{"env": "NTFY_ADDRESS"}]],
    )
    digest: Clock | None = Field(
        None,
        description="From this time on, the first run of the day sends the day's calls.",
        examples=["07:30"],
    )


class NotifyEntry(OwnNotifyEntry):
    """Who is told when a run needs a person."""

    ping: OpenOrSecret | None = Field(
        None,
        description="A dead-man's switch: told of start, success and failure.",
        examples=[{"env": "PING_ADDRESS"}],
    )
