"""The door for sources: what a connector promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from crm_sync.domain.applications import Snapshot
from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.tables import Bundle, Document


@dataclass(frozen=True, slots=True)
class Recognition:
    """How sure a connector is (0 to 1) that a file is of its kind, and why, in words for a person."""

    certainty: float
    because: str


class Connector(Protocol):
    """One source of one user."""

    def check(self) -> None:
        """Raise SourceError with a hint where the source cannot be read; touch nothing."""

    def bookmark(self) -> str:
        """Return what names the content now (a digest), without reading it row by row.

        Raises SourceError where the source cannot be reached.
        """

    def fetch(self) -> Snapshot:
        """Return all that can be seen now, ``complete=False`` where the look stopped early.

        Raises SourceError where nothing can be said: an outage is never an empty snapshot. A file that
        cannot be read row by row (a cross-tab, a tally) is refused with an explanation.
        """

    def explain(self) -> Mapping[str, Any]:
        """Return how the source is understood, as plain data for ``crm-sync inspect``."""


class ConnectorKind(Protocol):
    """What an entry point of the group ``crm_sync.connectors`` names."""

    name: str
    version: str

    def recognise(self, path: str) -> Recognition:
        """Say how sure it is that the file is of this kind, from its content; never raise for bad content."""

    def connect(self, path: str, options: ReadingOptions) -> Connector:
        """Return a connector for the file; nothing is read yet."""


class OpenBundle(Bundle, Protocol):
    """What a path leads to, opened once for all connectors that look at it."""

    path: str

    def document(self) -> Document:
        """Return a loose file, or a zip's one table, as tables; raise SourceError for all else."""

    def digest(self, names: Iterable[str] = ()) -> str:
        """Return the SHA-256 of the content; of a folder, or beside a loose file, of *names* only."""


@runtime_checkable
class SharingKind(ConnectorKind, Protocol):
    """A kind that looks at what is open already: a file is opened once, however many kinds there are."""

    def recognise_in(self, opened: OpenBundle) -> Recognition:
        """Say how sure it is, as ``recognise`` does, of what is open already."""

    def connect_to(self, opened: OpenBundle, options: ReadingOptions) -> Connector:
        """Return a connector whose first look uses what is open already; later looks open it anew."""


@runtime_checkable
class DescribedKind(ConnectorKind, Protocol):
    """A kind that tells about itself for ``crm-sync connectors`` and the documentation."""

    title: str
    side: str
    evidence: str
