"""Which container a file is, told from its first bytes and never from its name."""

from __future__ import annotations

import re

from crm_sync.errors import SourceError

_MAGIC = (
    (b"%PDF", "a PDF document", "Export the table itself as CSV or XLSX; a PDF holds pictures of rows."),
    (b"\x89PNG", "a picture", ""),
    (b"\xff\xd8\xff", "a picture", ""),
    (b"GIF8", "a picture", ""),
    (b"II*\x00", "a picture", ""),
    (b"MM\x00*", "a picture", ""),
    (b"RIFF", "a picture or a recording", ""),
    (b"\x1f\x8b", "a gzip archive", "Unpack it (gunzip) and name the file inside."),
    (b"BZh", "a bzip2 archive", "Unpack it and name the file inside."),
    (b"\xfd7zXZ\x00", "an xz archive", "Unpack it and name the file inside."),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "Unpack it and name the file inside."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it and name the file inside."),
    (b"Rar!", "a RAR archive", "Unpack it and name the file inside."),
    (b"SQLite format 3\x00", "a SQLite database", "Export its table as CSV."),
    (b"PAR1", "a Parquet file", "Export it as CSV."),
    (b"\x7fELF", "a program", ""),
    (b"MZ\x90", "a program", ""),
    (b"{\\rtf", "an RTF document", "Copy its table into a spreadsheet and save that."),
    (b"MIME-Version:", "a web archive", "Open it in a spreadsheet program and save it as XLSX."),
    (b"BEGIN:VCALENDAR", "a calendar", "Export the list of applications as CSV."),
    (b"BEGIN:VCARD", "an address book", "Export the list of applications as CSV."),
    (
        b"version https://git-lfs.github.com/spec/",
        "a git-LFS pointer, not the file itself",
        "Run `git lfs pull`.",
    ),
)

_MARKUP = re.compile(
    r"<(!doctype|!--|html|head|body|table|meta|style|script|div|\?xml|svg|feed|rss)\b|<!--", re.I
)
_JSON = re.compile(r'\{\s*(["}]|$)|\[\s*([\[{"\]]|-?\d|true|false|null|$)')

SPREADSHEET_HINT = "Open it in a spreadsheet program and save it as XLSX or CSV."


def is_zip(head: bytes) -> bool:
    """Tell a zip (also XLSX and ODS) by its first bytes."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


def is_ole(head: bytes) -> bool:
    """Tell an OLE compound file (XLS, encrypted XLSX, old Word) by its first bytes."""
    return head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def refuse_foreign(head: bytes, name: str) -> None:
    """Raise SourceError where the first bytes are those of a file that holds no table we read."""
    if name.startswith("~$"):
        hint = f"Name the workbook itself: {name[2:]}."
        raise SourceError(f"{name}: is a lock file that a spreadsheet program left while it was open", hint)
    for magic, kind, hint in _MAGIC:
        if head.startswith(magic):
            raise SourceError(f"{name}: is {kind}", hint or "Name the table's file: CSV, XLSX, ODS or JSON.")


def refuse_markup(start: str, name: str) -> None:
    """Raise SourceError where a text is HTML or XML, whatever its name says."""
    if not _MARKUP.match(start.lstrip()):
        return
    kind = "an XML document" if start.lstrip().startswith("<?xml") else "a web page (HTML)"
    raise SourceError(f"{name}: is {kind}, not a spreadsheet", SPREADSHEET_HINT)


def looks_like_json(start: str) -> bool:
    """Tell whether a text begins as JSON (or as JSON Lines) does."""
    return _JSON.match(start.lstrip("\ufeff \t\r\n")) is not None


def is_json_lines(start: str) -> bool:
    """Tell a list of lines, each an object of its own, from one value that spans the text."""
    lines = [line.strip() for line in start.split("\n") if line.strip()][:20]
    whole = sum(line.startswith("{") and line.endswith("}") for line in lines)
    return len(lines) > 1 and whole * 2 >= len(lines)
