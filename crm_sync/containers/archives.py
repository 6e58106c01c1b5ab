"""A zip, looked at before anybody else opens it: what it holds, and that it does not explode."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from typing import BinaryIO

from crm_sync.containers.files import CHUNK, megabytes
from crm_sync.containers.limits import Limits
from crm_sync.containers.recognition import SPREADSHEET_HINT
from crm_sync.errors import SourceError

DAMAGED_HINT = "Download or export it again; if it opens in a spreadsheet program, save a copy there."
LOCKED_HINT = "Open it, take the password off and save a copy."
_SHEET_MARKS = (b"sheetData", "sheetData".encode("utf-16-le"), "sheetData".encode("utf-16-be"))
_SMALL = 4_000_000
_MEMBERS = 5_000
_LOCAL_HEADER = struct.Struct("<26xHH")


class Archive:
    """An open zip whose central directory was found to be sane.

    ``names`` are the paths of its members. Raises SourceError where it is damaged, protected, or claims to
    unpack to more than the limits allow.
    """

    def __init__(self, handle: BinaryIO, name: str, limits: Limits) -> None:
        self._handle, self._name, self._limits = handle, name, limits
        try:
            members = zipfile.ZipFile(handle).infolist()
        except (
            zipfile.BadZipFile,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
            struct.error,
        ) as error:
            raise self.damaged(str(error)) from None
        self._members = {member.filename: member for member in members}
        self._check(members)
        self.names = tuple(self._members)

    def damaged(self, why: str) -> SourceError:
        """Return the error that says that the zip cannot be read."""
        return SourceError(f"{self._name}: the file is damaged or cut short ({why})", DAMAGED_HINT)

    def _check(self, members: list[zipfile.ZipInfo]) -> None:
        if any(member.flag_bits & 1 for member in members):
            raise SourceError(f"{self._name}: is protected by a password", LOCKED_HINT)
        if len(self._members) != len(members):
            raise self.damaged("two parts have the same name")
        if len(members) > _MEMBERS:
            raise SourceError(f"{self._name}: holds {len(members):,} files", "Name the one with the table.")
        if sum(member.file_size for member in members) > self._limits.unpacked:
            raise self._bomb(sum(member.file_size for member in members))
        for member in members:
            if member.file_size > max(_SMALL, member.compress_size * self._limits.ratio):
                raise self._bomb(member.file_size)

    def _bomb(self, size: int) -> SourceError:
        return SourceError(
            f"{self._name}: would unpack to {megabytes(size)} or more: refused as a zip bomb",
            "If it is a real workbook, delete its unused rows and columns and save it again.",
        )

    def chunks(self, path: str) -> Iterator[bytes]:
        """Unpack one member piece by piece, never more of it than the central directory declared."""
        member = self._members[path]
        size, checksum = 0, 0
        try:
            for chunk in self._inflate(member):
                size += len(chunk)
                checksum = zlib.crc32(chunk, checksum)
                if size > member.file_size:
                    raise self._bomb(size)
                yield chunk
        except (zlib.error, struct.error, OSError) as error:
            raise self.damaged(str(error)) from None
        if size != member.file_size or checksum != member.CRC:
            raise self.damaged(f"{path} is not what was packed")

    def _inflate(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self.damaged("packed in an unusual way")
        self._handle.seek(member.header_offset)
        extra = _LOCAL_HEADER.unpack(self._handle.read(_LOCAL_HEADER.size))
        at = member.header_offset + _LOCAL_HEADER.size + sum(extra)
        left, unpacker = member.compress_size, zlib.decompressobj(-15)
        while left:
            self._handle.seek(at)
            packed = self._handle.read(min(CHUNK // 4, left))
            if not packed:
                return
            at, left = at + len(packed), left - len(packed)
            yield from [packed] if member.compress_type == zipfile.ZIP_STORED else _unpack(unpacker, packed)

    def read(self, path: str) -> bytes:
        """Return one small member whole, empty where there is none."""
        return b"".join(self.chunks(path)) if path in self._members else b""

    def member(self, path: str, most: int) -> bytes:
        """Return one member whole; raise SourceError where it is no file or larger than *most* bytes."""
        if path not in self._members:
            raise SourceError(f"{self._name}: holds no file {path}", "Check its name.")
        size = self._members[path].file_size
        if size > most:
            hint = "Unpack it and import the file with the applications alone."
            raise SourceError(
                f"{self._name}: {path} has {megabytes(size)}, more than {megabytes(most)}", hint
            )
        if not size:
            raise SourceError(f"{path}: the file is empty", "Export it again.")
        return self.read(path)

    def rest(self, read: Collection[str]) -> Iterator[str]:
        """Unpack what was not read yet, to know that it is what it claims, and name what may be a sheet.

        A workbook may keep its sheets under any name, so a part is taken for one by what it holds.
        """
        for path in self.names:
            before, sheet = b"", False
            for chunk in () if path in read else self.chunks(path):
                sheet = sheet or any(mark in before + chunk for mark in _SHEET_MARKS)
                before = chunk[-24:]
            if sheet:
                yield path


def _unpack(unpacker: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    while packed:
        yield unpacker.decompress(packed, CHUNK)
        packed = unpacker.unconsumed_tail


def is_workbook(archive: Archive, name: str) -> bool:
    """Tell a workbook from a zip of files; raise SourceError, saying what it is, for other documents."""
    if "xl/workbook.xml" in archive.names or _is_ods(archive):
        return True
    _refuse_documents(archive, name)
    return False


def _is_ods(archive: Archive) -> bool:
    return archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument.spreadsheet")


def _refuse_documents(archive: Archive, name: str) -> None:
    for part, kind in _OTHER:
        if any(path.startswith(part) for path in archive.names):
            raise SourceError(f"{name}: is {kind}", SPREADSHEET_HINT)


def workbook_kind(archive: Archive, name: str) -> str:
    """Return xlsx or ods; raise SourceError, saying what it is, for every other zip."""
    names = archive.names
    ods = _is_ods(archive)
    if ods or "xl/workbook.xml" in names:
        strange = ("xl/", "_rels/") if ods else ("xl/workbook.bin",)
        if any(path.startswith(strange) for path in names):
            raise archive.damaged("it is two kinds of workbook at once")
        return "ods" if ods else "xlsx"
    _refuse_documents(archive, name)
    files = [path for path in names if not path.endswith("/") and "__MACOSX" not in path]
    listed = ", ".join(files[:8]) + (", ..." if len(files) > 8 else "")
    raise SourceError(
        f"{name}: is a zip archive of {len(files)} files",
        f"Unpack it and name the file with the applications; it holds: {listed[:600] or 'nothing'}.",
    )


_OTHER = (
    ("xl/workbook.bin", "a binary workbook (XLSB)"),
    ("word/", "a Word document"),
    ("ppt/", "a presentation"),
    ("Index/", "a Numbers document"),
    ("Index.zip", "a Numbers document"),
    ("mimetype", "an OpenDocument or e-book file that is no spreadsheet"),
)
