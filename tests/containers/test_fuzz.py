"""Whatever bytes come: a document or a SourceError, nothing else, in bounded time."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_sync.containers import open_document
from crm_sync.domain.tables import Document
from crm_sync.errors import SourceError
from tests.containers.building import bare_xlsx, ods, ods_row, sheet_xml, text_cell, xls

CORPUS = Path(__file__).parents[1] / "corpus" / "trackers"
SECONDS = datetime.timedelta(seconds=20)
PLAIN = (str, int, float, bool, datetime.date, datetime.time, datetime.timedelta, type(None))

GENERATED = {
    "csv": b'Company,Title,On,Notes\nAcme,"Cook, head",2026-03-04,"two\nlines"\nBeta,Chef,5/3/2026,\n' * 4,
    "western": "Firma;Stelle\nMüller;Köchin\nGroß;Bäcker\n".encode("cp1252"),
    "utf-16": "Şirket\tİş\nÖrnek\tAşçı\n".encode("utf-16"),
    "json": b'{"jobs":[{"company":"Acme","at":{"city":"Rome"},"tags":["a",1]},{"company":"Beta"}]}',
    "jsonl": b'{"company":"Acme"}\n{"company":"Beta","n":1.5}\n',
    "xlsx": bare_xlsx(
        sheet_xml(
            f'<row r="1">{text_cell("A1", "Company")}{text_cell("B1", "Title")}</row>'
            f'<row r="2">{text_cell("A2", "Acme")}<c r="B2"><v>42</v></c></row>'
        )
    ),
    "ods": ods(ods_row("Company", "Title") + ods_row("Acme", "Cook", repeated=3)),
    "xls": xls([["Company", "Title"], ["Acme", 42.0]]),
}


def seeds() -> list[bytes]:
    files = sorted(CORPUS.glob("*")) if CORPUS.is_dir() else []
    real = [path.read_bytes() for path in files if path.suffix in (".csv", ".xlsx", ".json", ".txt", ".ods")]
    return [*GENERATED.values(), *(data for data in real if len(data) < 60_000)]


SEEDS = seeds()


def open_or_refuse(path: Path, data: bytes) -> Document | None:
    path.write_bytes(data)
    refusal: SourceError | None = None
    try:
        return open_document(path)
    except SourceError as error:
        refusal = error
    assert path.name in refusal.message
    assert refusal.hint
    return None


def check(document: Document | None) -> None:
    for table in document.tables if document else ():
        assert len(table.rows) == len(table.numbers)
        assert list(table.numbers) == sorted(table.numbers)
        for row in table.rows:
            for cell in row:
                assert isinstance(cell, PLAIN)
                if isinstance(cell, str):
                    cell.encode()


pieces = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [b'"', b"\0", b"\r", b"\n", b",", b";", b"{", b"[", b"<", b"\xff\xfe", b"PK\x05\x06", b"=1/0"]
    ),
)


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """A real file with some bytes flipped, cut out, repeated or put in."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        length = draw(st.integers(0, 40))
        way = draw(st.sampled_from(["flip", "cut", "insert", "repeat", "end"]))
        if way == "flip" and data:
            data[at] ^= draw(st.integers(1, 255))
        elif way == "cut":
            del data[at : at + length]
        elif way == "insert":
            data[at:at] = draw(pieces)
        elif way == "repeat":
            data[at:at] = data[at : at + length]
        elif way == "end":
            del data[max(1, at) :]
    return bytes(data)


shared = settings(deadline=SECONDS, suppress_health_check=[HealthCheck.function_scoped_fixture])


@shared
@given(st.binary(max_size=4000))
def test_random_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    check(open_or_refuse(tmp_path / "random.csv", data))


@shared
@given(
    st.sampled_from(
        [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"[", b"{", b"sep=", b'"']
    ),
    st.binary(max_size=2000),
)
def test_random_bytes_after_a_known_beginning_are_read_or_refused(
    tmp_path: Path, start: bytes, data: bytes
) -> None:
    check(open_or_refuse(tmp_path / "random.bin", start + data))


@shared
@given(
    st.text(st.sampled_from('ab,;\t|"\r\n\0 é{}[]:1.'), max_size=400),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_random_tables_are_read_or_refused(tmp_path: Path, text: str, encoding: str) -> None:
    check(open_or_refuse(tmp_path / "random.txt", text.encode(encoding)))


@settings(shared, max_examples=300)
@given(mutations())
def test_damaged_files_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    check(open_or_refuse(tmp_path / "damaged.xlsx", data))


@pytest.mark.slow
@settings(shared, max_examples=20_000)
@given(mutations())
def test_many_damaged_files_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    check(open_or_refuse(tmp_path / "damaged.xlsx", data))


xml_damage = st.lists(st.tuples(st.floats(0, 1), pieces, st.integers(0, 12)), min_size=1, max_size=4)


@shared
@given(st.sampled_from(["xlsx", "ods"]), xml_damage)
def test_damaged_parts_of_a_sound_zip_are_read_or_refused(
    tmp_path: Path, kind: str, damage: list[tuple[float, bytes, int]]
) -> None:
    def broken(text: str) -> str:
        data = bytearray(text.encode())
        for place, piece, length in damage:
            at = int(place * len(data))
            data[at : at + length] = piece
        return data.decode("latin-1")

    rows = f'<row r="1">{text_cell("A1", "Company")}</row><row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    made = bare_xlsx(broken(sheet_xml(rows))) if kind == "xlsx" else ods(broken(ods_row("Company") * 2))
    check(open_or_refuse(tmp_path / "damaged.ods", made))
