"""What a path leads to, seen as named members: a loose file, a zip archive, or a folder of files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from crm_sync.containers.archives import Archive, is_workbook
from crm_sync.containers.files import check_size, digest_handle, name_of, open_regular
from crm_sync.containers.limits import DEFAULT_LIMITS, Limits
from crm_sync.containers.opening import document_of_json, open_document, read_member
from crm_sync.containers.recognition import is_zip
from crm_sync.domain.tables import TABLE_ENDINGS, Document, Member
from crm_sync.errors import SourceError

_MOST_FILES, _DEEPEST = 2_000, 4
_PART, _MOST_PARTS = ".zip", 20


class Opened:
    """A path, opened as far as somebody asks; what was opened is kept, so that nobody opens it again.

    Raises SourceError (from every method) for what cannot be read: no other exception, no waiting, memory
    bounded by the limits for each member.
    """

    def __init__(self, path: str, limits: Limits = DEFAULT_LIMITS) -> None:
        self.path = path
        self._limits = limits
        self._kind: str | None = None
        self._names: tuple[str, ...] = ()
        self._parts: tuple[str, ...] = ()
        self._members: dict[str, Member] = {}
        self._faults: dict[str, SourceError] = {}
        self._digest: str | None = None

    @property
    def kind(self) -> str:
        """Return file, zip or folder."""
        if self._kind is None:
            self._look()
        return str(self._kind)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the members' paths in sorted order; a loose file has the one name ""."""
        if self._kind is None:
            self._look()
        return self._names

    @property
    def beside(self) -> tuple[str, ...]:
        """Return the names of the other files in the folder of a loose file, none for zips and folders."""
        if self.kind != "file":
            return ()
        own = Path(self.path).name
        return tuple(name for name in _files_in(Path(self.path).parent, deepest=0) if name != own)

    def member(self, name: str) -> Member:
        """Return an opened member by one of ``names`` or ``beside``."""
        if name in self._faults:
            raise self._faults[name]
        if name not in self._members:
            try:
                self._members[name] = self._open(name)
            except SourceError as error:
                error.source = error.source or self.path
                self._faults[name] = error
                raise
        return self._members[name]

    def document(self) -> Document:
        """Return the loose file as tables, and let go of it: whoever asks has it alone.

        A zip with one table in it is that table, under its path inside.
        """
        alone = only_table(self.names) if self.kind == "zip" else None
        if alone is not None:
            return self._packed(alone)
        if self.kind != "file" or "" not in self._members:
            return open_document(self.path, limits=self._limits)
        member = self._members.pop("")
        document = member.document or document_of_json(member, name_of(self.path), self._limits)
        if document is None:
            return open_document(self.path, limits=self._limits)
        return _with_digest(document, self.digest())

    def _packed(self, name: str) -> Document:
        member = self.member(name)
        document = member.document or document_of_json(member, name, self._limits)
        if document is None:
            raise SourceError(f"{name}: cannot be read inside a zip", "Unpack it, and import the file.")
        tables = [
            replace(table, sheet="/".join(filter(None, (name, table.sheet)))) for table in document.tables
        ]
        return replace(document, tables=tables, digest=self.digest())

    def digest(self, names: Iterable[str] = ()) -> str:
        """Return the SHA-256 of the file's bytes; of a folder, of its files' (*names* of them only).

        Files beside a loose file count, too, where *names* tells them.
        """
        told = sorted(set(names) - {""})
        if self.kind == "zip" or (self.kind == "file" and not told):
            return self._own_digest()
        parts = [] if self.kind == "folder" else [self._own_digest()]
        for name in told or self.names:
            with open_regular(self._place(name)) as handle:
                parts.append(f"{name}:{digest_handle(handle, name)}")
        return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()

    def _own_digest(self) -> str:
        if self._digest is None:
            with open_regular(self.path) as handle:
                self._digest = digest_handle(handle, name_of(self.path))
        return self._digest

    def _look(self) -> None:
        if os.path.isdir(self.path):  # noqa: PTH112  Path.is_dir raises for names too long
            self._kind, self._names = "folder", tuple(_files_in(Path(self.path), _DEEPEST))
            return
        with open_regular(self.path) as handle:
            check_size(handle, name_of(self.path), self._limits)
            head = handle.read(8)
            handle.seek(0)
            archive = Archive(handle, name_of(self.path), self._limits) if is_zip(head) else None
            if archive is not None and not is_workbook(archive, name_of(self.path)):
                self._kind, self._names = "zip", tuple(sorted(self._members_of(archive)))
                return
        self._kind, self._names = "file", ("",)

    def _members_of(self, archive: Archive) -> Iterator[str]:
        """Yield the members of a zip; of one that holds nothing but parts, which are zips, theirs."""
        names = list(filter(_is_file, archive.names))
        parts = [name for name in names if name.casefold().endswith(_PART)]
        if (
            not parts
            or len(parts) > _MOST_PARTS
            or any(name.casefold().endswith(TABLE_ENDINGS) for name in names)
        ):
            yield from names
            return
        self._parts = tuple(parts)
        for part in parts:
            yield from (f"{part}/{name}" for name in self._part(archive, part).names if _is_file(name))

    def _part(self, archive: Archive, part: str) -> Archive:
        return Archive(BytesIO(archive.member(part, self._limits.bytes)), part, self._limits)

    def _place(self, name: str) -> Path:
        if self.kind == "folder":
            return Path(self.path, *name.split("/"))
        return Path(self.path).parent / name if name else Path(self.path)

    def _open(self, name: str) -> Member:
        with self._handle(name) as handle:
            return read_member(handle, name, name.rpartition("/")[2] or name_of(self.path), self._limits)

    @contextmanager
    def _handle(self, name: str) -> Iterator[BinaryIO]:
        if self.kind == "zip":
            with open_regular(self.path) as outer:
                archive = Archive(outer, name_of(self.path), self._limits)
                part = next((part for part in self._parts if name.startswith(f"{part}/")), None)
                if part is not None:
                    archive, name = self._part(archive, part), name.removeprefix(f"{part}/")
                yield BytesIO(archive.member(name, self._limits.bytes))
            return
        with open_regular(self._place(name)) as handle:
            check_size(handle, name or name_of(self.path), self._limits)
            yield handle


def only_table(names: Iterable[str]) -> str | None:
    """Return the one name that ends as a table's does, None where there is none or more of them."""
    found = [
        name for name in names if name.casefold().endswith(TABLE_ENDINGS) and name[-4:].casefold() != ".txt"
    ]
    return found[0] if len(found) == 1 else None


def _with_digest(document: Document, digest: str) -> Document:
    return replace(document, digest=digest)


def _is_file(name: str) -> bool:
    return not name.endswith("/") and "__MACOSX" not in name and not name.rpartition("/")[2].startswith(".")


def _files_in(folder: Path, deepest: int) -> list[str]:
    """Return the files below a folder, relative to it, hidden ones and links to folders left out."""
    found: list[str] = []
    for base, folders, files in os.walk(folder, onerror=None):
        inside = Path(base).relative_to(folder).as_posix()
        level = 0 if inside == "." else inside.count("/") + 1
        folders[:] = sorted(f for f in folders if not f.startswith(".")) if level < deepest else []
        found.extend(f if inside == "." else f"{inside}/{f}" for f in files if not f.startswith("."))
        if len(found) > _MOST_FILES:
            return sorted(found)[:_MOST_FILES]
    return sorted(found)
