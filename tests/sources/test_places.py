"""Folders, patterns and standard input: which file is read, under which name."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest

from crm_sync.errors import SourceError
from crm_sync.sources import Access, Found, find, is_elsewhere, modified_of, source_of

BAD = "bad"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder of downloads."""
    path = tmp_path / "Downloads"
    path.mkdir()
    return path


def put(folder: Path, name: str, age: int, text: str = "good") -> Path:
    """Write a file as it was so many seconds ago."""
    path = folder / name
    path.write_text(text)
    os.utime(path, (2_000_000_000 - age, 2_000_000_000 - age))
    return path


def readable(path: str) -> None:
    """Refuse the files that say that they are bad."""
    if Path(path).read_text() == BAD:
        raise SourceError(f"{Path(path).name}: holds nothing")


def found(text: str, access: Access, *, whole: bool = False) -> Found:
    with find(text, access, readable, lambda folder: whole) as place:
        return place


def test_a_pattern_takes_the_newest_file_and_keeps_its_own_name(folder: Path, access: Access) -> None:
    put(folder, "jobs.csv", 30)
    newest = put(folder, "jobs (1).csv", 20)
    put(folder, "other.txt", 10)
    place = found(f"{folder}/jobs*.csv", access)
    assert (place.source, place.path) == (f"{folder}/jobs*.csv", str(newest))
    assert place.modified == 1_999_999_980 * 10**9
    assert [note.partition(" (")[0] for note in place.notes] == ["jobs"]


def test_newer_files_that_cannot_be_read_are_told(folder: Path, access: Access) -> None:
    put(folder, "good.csv", 90)
    for age in range(5):
        put(folder, f"bad{age}.csv", age, BAD)
    place = found(str(folder), access)
    assert Path(place.path).name == "good.csv"
    assert place.notes[1:] == (
        *(f"A newer file was passed over: bad{age}.csv: holds nothing." for age in range(3)),
        "2 more newer files were passed over.",
    )


@pytest.mark.parametrize(
    "name", [".hidden.csv", "~$jobs.xlsx", "jobs.csv.part", "jobs.csv.crdownload", "a.tmp"]
)
def test_hidden_and_unfinished_files_do_not_count(folder: Path, access: Access, name: str) -> None:
    put(folder, "jobs.csv", 30)
    put(folder, name, 10)
    assert Path(found(str(folder), access).path).name == "jobs.csv"


def test_folders_and_pipes_inside_do_not_count(folder: Path, access: Access) -> None:
    put(folder, "jobs.csv", 10**9)
    (folder / "inner.csv").mkdir()
    os.mkfifo(folder / "pipe.csv")
    assert Path(found(f"{folder}/*.csv", access).path).name == "jobs.csv"


def test_a_folder_that_a_connector_reads_whole_stays_a_folder(folder: Path, access: Access) -> None:
    put(folder, "jobs.csv", 10)
    assert found(str(folder), access, whole=True) == Found(str(folder), str(folder))


@pytest.mark.parametrize("text", ["", "/*.csv", "/**/*.csv"])
def test_nothing_to_read_is_told(folder: Path, access: Access, text: str) -> None:
    with pytest.raises(SourceError, match="there is no such file"):
        found(f"{folder}{text}", access)


def test_when_nothing_can_be_read_the_newest_says_why(folder: Path, access: Access) -> None:
    put(folder, "a.csv", 20, BAD)
    put(folder, "b.csv", 10, BAD)
    with pytest.raises(
        SourceError, match=r"none of 2 file\(s\) can be read, the newest because: b.csv: holds"
    ):
        found(str(folder), access)


def test_only_the_fifty_newest_are_tried(folder: Path, access: Access) -> None:
    for age in range(51):
        put(folder, f"{age}.csv", age, BAD)
    put(folder, "good.csv", 100)
    with pytest.raises(SourceError, match="none of 52"):
        found(str(folder), access)


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(folder: Path, access: Access) -> None:
    path = put(folder, "jobs [2027].csv", 10)
    assert not is_elsewhere(str(path))
    assert found(str(path), access) == Found(str(path), str(path))


def test_a_tilde_stands_for_the_own_home(
    folder: Path, access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(folder))
    put(folder, "jobs.csv", 10)
    assert found("~/*.csv", access).source == f"{folder}/*.csv"


def test_standard_input_is_a_file_for_as_long_as_it_is_read(access: Access) -> None:
    piped = replace(access, stdin=lambda: io.BytesIO(b"Company\n"))
    with find("-", piped, readable, lambda folder: False) as place:
        assert (place.source, place.once, place.named) == ("standard input", True, False)
        assert Path(place.path).read_bytes() == b"Company\n"
    assert not Path(place.path).parent.exists()


def test_standard_input_without_end_is_cut_at_the_limit(access: Access) -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return b"x" * size

    with pytest.raises(SourceError, match=r"more than the limit of 1\.0 MB"):
        found("-", replace(access, stdin=Endless))  # type: ignore[arg-type]


def test_a_process_without_standard_input_says_so(access: Access) -> None:
    with pytest.raises(SourceError, match="no standard input"):
        found("-", replace(access, stdin=lambda: None))


def test_a_file_is_named_by_its_whole_path_and_a_link_to_it_by_its_own(folder: Path) -> None:
    path = put(folder, "jobs.csv", 10)
    (folder / "link.csv").symlink_to(path)
    assert source_of(f"{folder}/../Downloads/jobs.csv") == str(path)
    assert source_of(str(folder / "link.csv")) == str(folder / "link.csv")


@pytest.mark.parametrize(
    ("bookmark", "modified"), [(None, None), ("", None), ("abc", None), ("abc@17", 17), ("a@b", None)]
)
def test_a_bookmark_tells_when_the_newest_of_several_was_written(
    bookmark: str | None, modified: int | None
) -> None:
    assert modified_of(bookmark) == modified


def test_a_file_that_was_passed_over_is_named_even_by_a_reason_that_does_not(
    folder: Path, access: Access
) -> None:
    put(folder, "jobs.csv", 30)
    put(folder, "picture.csv", 10, BAD)

    def wordless(path: str) -> None:
        if Path(path).read_text() == BAD:
            raise SourceError("holds nothing")

    with find(str(folder), access, wordless, lambda folder: False) as place:
        assert place.notes[1] == "A newer file was passed over: picture.csv: holds nothing."
