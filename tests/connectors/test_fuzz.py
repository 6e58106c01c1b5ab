"""A damaged export is read as far as it goes, or refused with a reason; nothing else ever happens."""

from __future__ import annotations

import io
import json
import random
import shutil
import warnings
import zipfile
from pathlib import Path

import pytest

from crm_sync.domain.options import ReadingOptions
from crm_sync.errors import SourceError
from crm_sync.testing.connector_golden import TODAY, samples_in
from tests.connectors.described import KINDS, SAMPLES, beside, files_of

FILES = [pytest.param(name, file, id=f"{name}-{file.name}") for name in KINDS for file in files_of(name)]
SIGNS = b'\x00\xff\xfe,;\t"\n\r{}[]:\\0987654321e-nul'


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with some of them changed, taken out, doubled, or cut off."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(found))
        match chance.randrange(4):
            case 0:
                found[at] = chance.choice(SIGNS)
            case 1:
                del found[at : at + chance.randint(1, 40)]
            case 2:
                found[at:at] = found[at : at + chance.randint(1, 200)]
            case _:
                found[at:at] = bytes([chance.choice(SIGNS)])
        if not found:
            return data
    return bytes(found)


def read(name: str, path: Path) -> None:
    """Read a file; only SourceError may come of it."""
    kind = KINDS[name]
    assert 0 <= kind.recognise(str(path)).certainty <= 1
    try:
        snapshot = kind.connect(str(path), ReadingOptions(TODAY)).fetch()
    except SourceError:
        return
    assert all(one.company or one.job_title for one in snapshot.applications)


@pytest.mark.parametrize(("name", "sample"), FILES)
def test_a_damaged_export_is_read_or_refused(name: str, sample: Path, tmp_path: Path) -> None:
    chance = random.Random(f"{name}{sample.name}")
    path = beside(sample, tmp_path)
    for _ in range(40):
        path.write_bytes(damaged(sample.read_bytes(), chance))
        read(name, path)


FOLDERS = [
    pytest.param(name, folder, id=f"{name}-{folder.name}")
    for name in KINDS
    for folder in samples_in(SAMPLES / name)
    if folder.is_dir()
]


@pytest.mark.parametrize(("name", "folder"), FOLDERS)
def test_a_folder_with_a_damaged_file_is_read_or_refused(name: str, folder: Path, tmp_path: Path) -> None:
    chance = random.Random(f"{name}{folder.name}")
    target = tmp_path / folder.name
    shutil.copytree(folder, target)
    files = sorted(path for path in target.rglob("*") if path.is_file())
    for _ in range(30):
        path = chance.choice(files)
        whole = path.read_bytes()
        path.write_bytes(damaged(whole, chance))
        read(name, target)
        path.write_bytes(whole)


@pytest.mark.parametrize("name", ["trello", "huntr", "teal", "simplify"])
def test_cells_of_endless_blanks_are_read_like_others(name: str, tmp_path: Path) -> None:
    (sample,) = [file for file in files_of(name) if file.suffix == ".csv"][:1]
    header = sample.read_text("utf-8").splitlines()[0]
    path = tmp_path / sample.name
    path.write_text(
        "\n".join([header, ",".join(["a" + " " * 20_000 + "b"] * len(header.split(",")))]), "utf-8"
    )
    read(name, path)


@pytest.mark.parametrize("name", ["linkedin", "huntr", "notion"])
def test_a_damaged_zip_is_read_or_refused(name: str, tmp_path: Path) -> None:
    chance = random.Random(4)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((SAMPLES / name).rglob("*.csv")):
            archive.write(path, path.relative_to(SAMPLES / name).as_posix())
    target = tmp_path / "archive.zip"
    for _ in range(60):
        target.write_bytes(damaged(packed.getvalue(), chance))
        read(name, target)


def nested(value: object, deep: int, *, keyed: bool = False) -> object:
    """Return a value inside of that many lists, or objects."""
    for _ in range(deep):
        value = {"a": value} if keyed else [value]
    return value


ODD_VALUES: tuple[object, ...] = (
    None, [], {}, 0, -1, 10**300, 1.5, -0.0, True, False, "", [None], [[]], [{}], {"": ""}, {"id": []},
    ["a", 1, None, {"b": [2]}], [["a"], "b"], "\ud800", "²", "9" * 500, "x" * 3000, "/Date(-99999999999999)/",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-12:00", '{"a":', "[" * 900 + "]" * 900,
    nested("applied", 40), nested("applied", 400), nested("applied", 400, keyed=True),
)  # fmt: skip
ODD_MEMBERS = (
    "", "/", "//", "..", "../../out.csv", "C:\\x.csv", "a/" * 200 + "x.csv", "x.csv/", " ", "\u202e.csv",
    "x" * 5000 + ".csv", "inner.zip", "x.xlsx", "x.json", "__MACOSX/._x.csv", "名.csv",
)  # fmt: skip
_GONE = object()


def places_in(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Return the paths to everything inside of a JSON value, of lists to their first two."""
    inner: list[tuple[object, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value[:2]))
    return [found for key, one in inner for found in ((*path, key), *places_in(one, (*path, key)))]


@pytest.mark.parametrize(("name", "sample"), [one for one in FILES if one.values[1].suffix == ".json"])
def test_odd_values_in_the_place_of_others_are_read_or_refused(
    name: str, sample: Path, tmp_path: Path
) -> None:
    chance = random.Random(f"{name}{sample.name}")
    path = beside(sample, tmp_path)
    whole = sample.read_text("utf-8")
    places = places_in(json.loads(whole))
    for _ in range(60):
        value = json.loads(whole)
        *way, last = chance.choice(places)
        holder = value
        for key in way:
            holder = holder[key]
        odd = chance.choice((*ODD_VALUES, _GONE))
        if odd is _GONE:
            del holder[last]
        else:
            holder[last] = odd
        path.write_text(json.dumps(value), "utf-8")
        read(name, path)


@pytest.mark.parametrize("name", ["linkedin", "huntr", "notion", "bullhorn", "greenhouse"])
def test_a_zip_with_odd_members_is_read_or_refused(name: str, tmp_path: Path) -> None:
    files = sorted((SAMPLES / name).rglob("*.csv"))
    target = tmp_path / "archive.zip"
    for odd in ODD_MEMBERS:
        with warnings.catch_warnings(), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            warnings.simplefilter("ignore")
            for path in files:
                archive.write(path, path.relative_to(SAMPLES / name).as_posix())
            archive.writestr(
                odd if odd else files[0].relative_to(SAMPLES / name).as_posix(), "Company,Company\n,"
            )
        read(name, target)
