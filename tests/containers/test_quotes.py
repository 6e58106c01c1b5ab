"""A quote that is never closed swallows nothing; honest line breaks in cells stay."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_sync.containers import open_document
from crm_sync.containers.delimiters import Dialect
from crm_sync.containers.records import UNCLOSED, Records, find_open_quote, read_literally


def records(text: str, width: int) -> tuple[list[tuple[int, list[str]]], list[tuple[int, str]]]:
    read = Records(io.StringIO(text, newline=""), Dialect(",", width))
    return list(read), read.notes


def test_an_unclosed_quote_costs_its_own_line_only() -> None:
    rows, notes = records('a,b,c\n1,"x,y\n2,z,w\n3,"q",r\n4,u,v\n', 3)
    assert rows == [
        (1, ["a", "b", "c"]),
        (2, ["1", '"x', "y"]),
        (3, ["2", "z", "w"]),
        (4, ["3", "q", "r"]),
        (5, ["4", "u", "v"]),
    ]
    assert notes == [(2, UNCLOSED)]


def test_an_unclosed_quote_before_the_end_of_the_file_loses_no_rows() -> None:
    rows, notes = records('a,b,c\n1,x,"y\n' + "2,z,w\n" * 500, 3)
    assert len(rows) == 502
    assert rows[1] == (2, ["1", "x", '"y'])
    assert notes == [(2, UNCLOSED)]


def test_rows_between_two_stray_quotes_are_not_swallowed() -> None:
    rows, notes = records('a,b,c\n1,"x,y\n2,z,w\n3,q,r"\n4,u,v\n', 3)
    assert [number for number, _ in rows] == [1, 2, 3, 4, 5]
    assert rows[2] == (3, ["2", "z", "w"])
    assert notes == [(2, UNCLOSED)]


def test_other_quotes_of_the_broken_line_still_count() -> None:
    rows, _ = records('a,b,c\n1,"Acme, Inc","say\n2,z,w\n2,z,w\n', 3)
    assert rows[1] == (2, ["1", "Acme, Inc", '"say'])


def test_a_note_over_many_lines_is_one_cell() -> None:
    note = "\n".join(f"line {n}, with a comma" for n in range(60))
    rows, notes = records(f'a,b,c\n1,"{note}",y\n2,z,w\n', 3)
    assert rows == [(1, ["a", "b", "c"]), (2, ["1", note, "y"]), (62, ["2", "z", "w"])]
    assert notes == []


def test_a_note_cut_off_at_the_end_of_the_file_is_kept() -> None:
    rows, _ = records('a,b,c\n1,x,"first line\nsecond line\nthird', 3)
    assert rows[1] == (2, ["1", "x", "first line\nsecond line\nthird"])


def test_quotes_inside_a_quoted_cell_stay_in_the_cell() -> None:
    rows, notes = records('a,b,c\n1,"he said "yes" and left",y\n2,z,w\n', 3)
    assert rows[1][1][0] == "1"
    assert "yes" in rows[1][1][1]
    assert rows[1][1][2] == "y"
    assert rows[2] == (3, ["2", "z", "w"])
    assert notes == []


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ('a,"b', 2),
        ('a,"b"', -1),
        ('"a""b,c', 0),
        ('"a","b', 4),
        ('5" screen,b', -1),
        ("", -1),
        ('"a"b,"c', 5),
    ],
)
def test_an_open_quote_is_found_where_it_stands(line: str, at: int) -> None:
    assert find_open_quote(line, ",") == at


def test_a_line_read_literally_keeps_its_quote() -> None:
    assert read_literally('1,"Acme, Inc","open,z\n', ",") == ["1", "Acme, Inc", '"open', "z"]


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
            min_size=2,
            max_size=2,
        ),
        max_size=12,
    )
)
def test_whatever_a_csv_writer_writes_is_read_back(table: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(table)
    rows, notes = records(written.getvalue(), 2)
    assert [row for _, row in rows] == table
    assert notes == []


@given(st.text(st.sampled_from('ab,"\n\r ')), st.integers(1, 4))
def test_no_line_is_lost_whatever_the_quotes(text: str, width: int) -> None:
    rows, _ = records(text, width)
    kept = "".join(cell for _, row in rows for cell in row)
    assert kept.count("a") == text.count("a")
    assert kept.count("b") == text.count("b")
    numbers = [number for number, _ in rows]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("line", ['a,"b,c\n', 'a,"""b,c\n', 'a,b,"\n', '"a,b,c\n', 'a,"b""c,d\n'])
def test_a_file_full_of_open_quotes_takes_time_in_proportion(tmp_path: Path, line: str) -> None:
    def seconds(lines: int) -> float:
        path = tmp_path / "open.csv"
        path.write_text("x,y,z\n" * 50 + line * lines)
        start = time.process_time()
        open_document(path)
        return time.process_time() - start

    assert seconds(16_000) < 10 * max(seconds(4_000), 0.05)
