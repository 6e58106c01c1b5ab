"""A read-only folder and damaged files, for real: named, with the way out, and nothing is lost or doubled."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import TRACKER, Shell
from tests.world.disks import MEGABYTE, may_mount, small_disk

MORE = TRACKER + "Lumen Foods,Cook,,2027-01-29,Applied,,,\n"


def deals(home: Path) -> int:
    with closing(sqlite3.connect(home / "crm.db")) as crm:
        found = crm.execute("SELECT key FROM crm_records WHERE kind = 'deal' AND NOT removed").fetchall()
    assert len(set(found)) == len(found)
    return len(found)


Lock = Callable[[], None]


@contextmanager
def home_that_locks(path: Path) -> Iterator[tuple[Path, Lock, Lock]]:
    """Give a home and what makes it read-only and writable: for root, who may do all else, a disk."""
    if may_mount():
        with small_disk(path, 4 * MEGABYTE) as disk:
            yield path / "home", disk.lock, disk.unlock
        return
    home = path / "home"
    yield home, lambda: _change(home, 0o500, 0o400), lambda: _change(home, 0o700, 0o600)


def _change(home: Path, folder: int, file: int) -> None:
    home.chmod(0o700)
    for path in home.iterdir():
        path.chmod(file)
    home.chmod(folder)


def test_a_read_only_folder_is_told_and_works_again_afterwards(shell: Shell, tmp_path: Path) -> None:
    with home_that_locks(tmp_path / "disk") as (home, lock, unlock):
        shell.patch.setenv("CRM_SYNC_HOME", str(home))
        assert shell("import", shell.put()).code == 0
        lock()
        said = [shell("import", shell.put(MORE)), shell("log", "xczm", "no_answer"), shell("status")]
        unlock()
        if may_mount() or os.geteuid() != 0:
            for each in said:
                assert (each.code, each.out) == (4, "")
                assert str(home / "ledger.db") in each.err
                assert "writable" in each.err or "read and write" in each.err
        assert shell("import", shell.put(MORE)).code == 0
        assert deals(home) == 5


@pytest.mark.parametrize("name", ["ledger.db", "crm.db"])
def test_a_damaged_file_is_named_with_the_way_out_and_a_backup_heals_it(
    filled: Shell, home: Path, tmp_path: Path, name: str
) -> None:
    assert filled("backup", str(tmp_path / "kept.zip")).code == 0
    with (home / name).open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))
    for _ in range(2):
        said = filled("import", filled.put(MORE))
        assert said.code == 4
        assert f"{home / name} is damaged" in said.out + said.err
        assert "crm-sync restore" in said.out + said.err
    assert filled("restore", str(tmp_path / "kept.zip"), "--yes").code == 0
    assert "1 new" in filled("import", filled.put(MORE)).out
    assert deals(home) == 5


def test_a_ledger_damaged_where_nobody_has_looked_yet_is_found_by_the_check(
    filled: Shell, home: Path
) -> None:
    filled.patch.chdir(filled.folder)
    filled.put("users: {me: {}}\n", "crm-sync.yaml")
    assert filled("config", "check").code == 0
    damage_inside(home / "ledger.db", "ledger_journal")
    assert filled("status").code == 0
    said = filled("config", "check")
    assert said.code == 4
    assert f"!!  state: the book {home / 'ledger.db'} is damaged or is no book of crm-sync (" in said.out
    assert "\n  Put a backup in its place: crm-sync restore FILE; " in said.out


def damage_inside(path: Path, table: str) -> None:
    """Overwrite the page with which one table of the file begins."""
    with closing(sqlite3.connect(path)) as book:
        book.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = book.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = book.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


@pytest.mark.parametrize("name", ["ledger.db", "crm.db"])
def test_a_lost_file_is_made_anew_and_nothing_is_doubled(filled: Shell, home: Path, name: str) -> None:
    (home / name).unlink()
    assert filled("import", filled.put(MORE)).code in {0, 1}
    assert deals(home) == 5


@pytest.mark.slow
@pytest.mark.parametrize(
    "harm", [b"\xff" * 4096, bytes(4096), os.urandom(4096)], ids=["ones", "zeros", "noise"]
)
def test_no_damaged_page_is_a_bug_or_goes_unnamed(
    filled: Shell, home: Path, tmp_path: Path, harm: bytes
) -> None:
    whole, path = tmp_path / "whole", filled.put(MORE)
    shutil.copytree(home, whole)
    for name in ("ledger.db", "crm.db"):
        for page in range((whole / name).stat().st_size // 4096):
            for words in (("status",), ("import", path), ("deals",), ("runs",)):
                shutil.rmtree(home)
                shutil.copytree(whole, home)
                with (home / name).open("r+b") as file:
                    file.seek(page * 4096)
                    file.write(harm)
                said = filled(*words)
                assert said.code in {0, 4}, (name, page, words, said.err)
                assert said.code == 0 or f"{home / name} is damaged" in said.out + said.err, (name, page)
