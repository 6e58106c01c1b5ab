"""JSON and JSON Lines: lists of objects as tables, and every fault told by its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crm_sync.containers import Limits, open_document
from crm_sync.domain.tables import Document, Table
from crm_sync.errors import SourceError

Opened = Callable[[str | bytes], Document]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    def open_text(text: str | bytes) -> Document:
        path = tmp_path / "applications.json"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return open_document(path)

    return open_text


def only(document: Document) -> Table:
    (table,) = document.tables
    return table


def grid(document: Document) -> list[list[object]]:
    return [list(row) for row in only(document).rows]


def test_a_list_of_objects_has_its_keys_as_header(opened: Opened) -> None:
    document = opened(
        '[{"company":"Acme","n":1},{"title":"Cook","company":"Beta","n":2.5,"on":null,"ok":true}]'
    )
    assert document.container == "json"
    assert only(document).header_known
    assert only(document).numbers == [-1, 0, 1]
    assert grid(document)[0] == ["company", "n", "title", "on", "ok"]
    assert grid(document)[1] == ["Acme", 1]
    assert grid(document)[2] == ["Beta", 2.5, "Cook", None, True]


@pytest.mark.parametrize(
    "text",
    [
        '{"jobs":[{"a":1},{"a":2}],"next":3}',
        '{"data":{"items":[{"a":1},{"a":2}],"tags":["x"],"empty":[]}}',
        '{"response":{"data":{"rows":[{"a":1},{"a":2}]}}}',
        '{"k1":{"a":1},"k2":{"a":2}}',
        '{"data":{"viewer":{"jobs":{"page":{"edges":[{"a":1},{"a":2}]}}}}}',
    ],
)
def test_a_wrapped_list_is_found(opened: Opened, text: str) -> None:
    assert grid(opened(text)) == [["a"], [1], [2]]


def test_several_lists_are_several_named_tables(opened: Opened) -> None:
    document = opened('{"cards":[{"a":1}],"lists":[{"b":2}],"none":[]}')
    assert [table.sheet for table in document.tables] == ["cards", "lists"]


def test_a_list_of_lists_is_a_grid_without_a_known_header(opened: Opened) -> None:
    document = opened('[["company","n"],["Acme",1],["Beta",null]]')
    assert grid(document) == [["company", "n"], ["Acme", 1], ["Beta", None]]
    assert not only(document).header_known
    assert list(only(document).numbers) == [0, 1, 2]


def test_a_lone_object_is_one_row(opened: Opened) -> None:
    assert grid(opened('{"company":"Acme","title":"Cook"}')) == [["company", "title"], ["Acme", "Cook"]]
    assert grid(opened('{"data":{"id":7,"phones":[{"n":1}]}}')) == [["id", "phones"], [7, '[{"n": 1}]']]


def test_inner_objects_get_dotted_names_and_lists_are_joined(opened: Opened) -> None:
    document = opened(
        '[{"company":{"name":"Acme","at":{"city":"Rome"}},"tags":["a",2,null],"log":[{"s":"x"}],"e":{}}]'
    )
    assert grid(document) == [
        ["company.name", "company.at.city", "tags", "log", "e"],
        ["Acme", "Rome", "a, 2", '[{"s": "x"}]', None],
    ]


def test_rich_text_is_read_as_its_plain_words(opened: Opened) -> None:
    pieces = '[{"plain_text":"Acme ","href":null},{"plain_text":"Ltd"}]'
    mixed = '[{"name":"x"},{"plain_text":"y"}]'
    assert grid(opened(f'[{{"title":{pieces},"tags":{mixed}}}]'))[1] == [
        "Acme Ltd",
        '[{"name": "x"}, {"plain_text": "y"}]',
    ]


def test_a_dotted_key_beside_an_inner_object_loses_nothing(opened: Opened) -> None:
    assert grid(opened('[{"a.b":1,"a":{"b":2}}]'))[1] == [1, 2]


def test_what_is_no_object_in_a_list_of_objects_is_told(opened: Opened) -> None:
    document = opened('[{"a":1},5,"x"]')
    assert grid(document) == [["a"], [1]]
    assert list(only(document).ragged_notes) == [(1, "is no object: 5"), (2, "is no object: x")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"a":1},\n{"b":', "line 2, column 6"),
        ('[{"a":1}]\n xx', "line 2, column 2: Extra data"),
        ('[{"a":1,}]', "line 1, column"),
        ('[{"a":1,"a":2}]', "the key 'a' twice"),
        ('[{"a":NaN}]', "NaN is no JSON number"),
        ('[{"a":-Infinity}]', "Infinity is no JSON number"),
        ("[1,2,3]", "without a list of objects"),
        ("{}", "without a list of objects"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ('[{"a":' + '{"a":' * 50_000 + "1" + "}" * 50_001 + "]", "nested too deeply"),
    ],
)
def test_faulty_json_is_refused_with_its_place(opened: Opened, text: str, message: str) -> None:
    with pytest.raises(SourceError) as refusal:
        opened(text)
    assert message in refusal.value.message
    assert "applications.json" in refusal.value.message
    assert refusal.value.hint


@pytest.mark.parametrize("depth", [10, 300, 900, 990, 2000])
def test_nesting_of_any_depth_is_read_or_refused(opened: Opened, depth: int) -> None:
    try:
        document = opened('[{"a":' + '{"a":' * depth + "1" + "}" * (depth + 1) + "]")
    except SourceError:
        return
    assert grid(document)[0] == ["a.a.a.a"]


def test_numbers_beyond_measure_stay_text(opened: Opened) -> None:
    digits = "9" * 5000
    assert grid(opened(f'[{{"a":1e999,"b":{digits}}}]'))[1] == ["1e999", digits]


def test_half_a_surrogate_pair_is_replaced(opened: Opened) -> None:
    document = opened(r'[{"a\ud800":"\ud800x","b":["\udc00"],"c":"\ud83d\ude00"}]')
    for row in grid(document):
        assert "".join(map(str, row)).encode()
    assert grid(document)[1][2] == "\U0001f600"


def test_json_lines_keep_a_broken_line_as_a_remark(opened: Opened) -> None:
    document = opened('{"a":1}\n\n{"a":2,"b":3}\n{"a":\n{"b":4}\n')
    assert document.container == "jsonl"
    assert grid(document) == [["a", "b"], [1], [2, 3], [None, 4]]
    assert only(document).numbers == [-1, 0, 1, 3]
    ((index, remark),) = only(document).ragged_notes
    assert index == 2
    assert "line 4" in remark


def test_a_list_in_utf_16_is_read(opened: Opened) -> None:
    assert grid(opened('[{"a":"ü"}]'.encode("utf-16"))) == [["a"], ["ü"]]


def test_a_csv_that_begins_with_a_bracket_is_no_json(opened: Opened) -> None:
    assert opened("[Company],Title\nAcme,Cook\n").container == "csv"


def test_keys_that_never_repeat_are_bounded(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text("[" + ",".join(f'{{"k{n}":1}}' for n in range(2000)) + "]")
    with pytest.raises(SourceError, match="more than 1,000 different keys"):
        open_document(path, limits=Limits(columns=1000))
    with pytest.raises(SourceError, match="or 100,000 cells"):
        open_document(path, limits=Limits(cells=100_000))


def test_a_list_of_countless_values_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = tmp_path / "values.json"
    path.write_text("[" + ",".join(["[]"] * 5000) + "]")
    with pytest.raises(SourceError, match="more than 1,000 values"):
        open_document(path, limits=Limits(cells=1000))
