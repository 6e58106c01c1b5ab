"""A connector for whatever a person named: the file is found first, then the connector that reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crm_sync.app.plugins import choose
from crm_sync.config.settings import Settings
from crm_sync.config.told import Source
from crm_sync.containers import DEFAULT_LIMITS
from crm_sync.domain.applications import Snapshot
from crm_sync.domain.options import ReadingOptions
from crm_sync.errors import SourceError
from crm_sync.ports import Connector
from crm_sync.sources import Access, Found, Readable, find, is_elsewhere, modified_of, source_of

_SURE = 0.5
_NO_LINK = "link"


def access_of(settings: Settings) -> Access:
    """Return what the settings say about reaching sources."""
    return Access(
        folder=settings.home / "downloads",
        most_bytes=settings.max_bytes or DEFAULT_LIMITS.bytes,
        private=settings.private_addresses,
        google_key=settings.google_key,
    )


def name_of_source(text: str) -> str:
    """Return the source's own name, by which the ledger knows it: never with a link's secrets."""
    try:
        return source_of(text)
    except SourceError:
        return _NO_LINK


def named_sources(sources: Iterable[Source]) -> Iterator[tuple[Source, str | None]]:
    """Yield sources, with names of their own for the sheets of one file that is read several times."""
    told = list(sources)
    texts = [source.text for source in told]
    for number, source in enumerate(told):
        again = texts.count(source.text) > 1
        part = source.sheet or number + 1
        yield source, f"{name_of_source(source.text)}#{part}" if again else None


def source_order(settings: Settings) -> tuple[str, ...]:
    """Return the names of the configuration's sources, in the order that decides between them."""
    told = named_sources(settings.sources)
    return tuple([called or name_of_source(source.text) for source, called in told])


def shown(text: str) -> str:
    """Return how a source is shown to a person: a link without its secrets, the rest as it was typed."""
    return name_of_source(text) if "://" in text or text == "-" else text


@contextmanager
def opened(
    text: str,
    settings: Settings,
    options: ReadingOptions,
    name: str | None = None,
    *,
    called: str | None = None,
    last: str | None = None,
    by: str | None = None,
) -> Iterator[Connector]:
    """Hand over the connector of a source, good until the end of the block.

    *name* chooses the connector, *called* gives the source a name of its own, *last* is the bookmark of
    its last look, *by* the connector that would see it again where nothing changed. Raises UsageError as
    ``choose`` does, and SourceError, naming the source, where it cannot be reached or only something older
    than the last look is left of it.
    """
    if not is_elsewhere(text) and called is None:
        yield choose(text, name, _seen(by, last)).connect(text, options)
        return
    source, found = called or name_of_source(text), None
    try:
        with find(text, access_of(settings), _readable(options, name), _whole(name)) as found:
            _refuse_older(found, last)
            known = replace(found, source=source, once=found.once and called is None)
            kind = choose(found.path, name, _seen(by, last))
            yield FoundSource(known, kind.connect(found.path, options))
    except SourceError as error:
        error.message = _about(error.message, shown(text), found)
        error.source = source
        raise


def _seen(by: str | None, last: str | None) -> tuple[str, str] | None:
    """Return connector and bookmark of the last look, as the connector itself told it."""
    return (by, last.partition("@")[0]) if by is not None and last is not None else None


def remarks(connector: Connector) -> tuple[str, ...]:
    """Return what a person should know about how the source was found."""
    return connector.found.notes if isinstance(connector, FoundSource) else ()


def _readable(options: ReadingOptions, name: str | None) -> Readable:
    return lambda path: choose(path, name).connect(path, options).check()


def _whole(name: str | None) -> Callable[[str], bool]:
    """Return what tells whether a connector is sure that a folder is an export of its product."""

    def reads_whole(folder: str) -> bool:
        try:
            return choose(folder, name).recognise(folder).certainty >= _SURE
        except SourceError:
            return False

    return reads_whole


def _refuse_older(found: Found, last: str | None) -> None:
    """Raise SourceError where the file of the last look is gone: an older one is no later look."""
    before = modified_of(last)
    if found.modified is not None and before is not None and found.modified < before:
        raise SourceError(
            f"{Path(found.path).name} is older than the file that was read last, which is gone or unreadable",
            "Put the later one back, or name the file itself.",
        )


def _about(message: str, shown_name: str, found: Found | None) -> str:
    """Return the message with the source's name in place of a file's that means nothing to a person."""
    if found is None or not found.named:
        local = Path(found.path).name if found else shown_name
        return message.replace(local, shown_name) if local in message else f"{shown_name}: {message}"
    return message


@dataclass(frozen=True, slots=True)
class FoundSource:
    """The connector of the file in which a source lies now, speaking in the source's name."""

    found: Found
    inner: Connector

    def check(self) -> None:
        """Raise SourceError where the file cannot be read."""
        self.inner.check()

    def bookmark(self) -> str:
        """Return the file's bookmark, with its age where it is the newest of several."""
        return self._marked(self.inner.bookmark())

    def fetch(self) -> Snapshot:
        """Return what the file shows; not complete where nothing follows it."""
        seen = self.inner.fetch()
        return replace(
            seen,
            source=self.found.source,
            complete=seen.complete and not self.found.once,
            bookmark=self._marked(seen.bookmark) if seen.bookmark else None,
            notes=(*self.found.notes, *seen.notes),
        )

    def explain(self) -> Mapping[str, Any]:
        """Return how the file is understood."""
        file = Path(self.found.path).name if self.found.named else self.found.source
        return {**self.inner.explain(), "file": file}

    def _marked(self, bookmark: str) -> str:
        return bookmark if self.found.modified is None else f"{bookmark}@{self.found.modified}"
