"""`backup` and `restore`: made while others write, checked before anything is touched, nothing doubled."""

from __future__ import annotations

import json
import os
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crm_sync.ledger import open_ledger
from crm_sync.ledger.noticeboard import Noticeboard, Slip
from crm_sync.ledger.schema import VERSIONS
from tests.cli.conftest import JANE, TRACKER, Shell
from tests.hubspot_simulator.simulator import Simulator
from tests.ledger import children

MORE = TRACKER + "Lumen Foods,Cook,,2027-01-29,Applied,,,\n"
TOKEN = "pat-eu1-5ec2e75e-0000-4000-8000-000000000002"


@pytest.fixture
def copy(filled: Shell, tmp_path: Path) -> Path:
    """A backup of the filled shell."""
    path = tmp_path / "kept.zip"
    said = filled("backup", str(path))
    assert said.code == 0, said.err
    return path


def records(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "crm.db")) as crm:
        return [row[0] for row in crm.execute("SELECT key FROM crm_records WHERE NOT removed ORDER BY key")]


def test_a_backup_is_put_back_and_what_stood_there_is_kept(filled: Shell, copy: Path, home: Path) -> None:
    key = filled.key(JANE)
    filled("log", key, "no_answer")
    before = filled("deals", "--json").out
    said = filled("restore", str(copy), "--yes", "--json")
    kept = [Path(path) for path in json.loads(said.out)["kept"]]
    assert [path.name.partition(".before-restore-")[0] for path in kept] == ["ledger.db", "crm.db"]
    assert filled("deals", "--json").out != before
    assert "0 calls made" in filled("status").out
    filled.patch.setenv("CRM_SYNC_HOME", str(home.with_name("other")))
    home.with_name("other").mkdir()
    for path in kept:
        path.rename(home.with_name("other") / path.name.partition(".before")[0])
    assert "1 call made" in filled("status").out


def test_a_backup_is_for_its_owners_eyes_only_and_leaves_nothing_else_behind(copy: Path, home: Path) -> None:
    assert copy.stat().st_mode & 0o777 == 0o600
    assert not [each for each in copy.parent.iterdir() if each.name.startswith(".")]
    with zipfile.ZipFile(copy) as archive:
        assert set(archive.namelist()) == {"crm-sync-backup.json", "ledger.db", "crm.db", "notices.db"}


def test_nothing_is_doubled_by_the_run_after_a_restore(filled: Shell, copy: Path, home: Path) -> None:
    assert "1 new" in filled("import", filled.put(MORE)).out
    after = records(home)
    filled("restore", str(copy), "--yes")
    assert len(records(home)) < len(after)
    assert "1 new" in filled("import", filled.put(MORE)).out
    assert records(home) == after
    assert "Nothing new" in filled("import", filled.put(MORE)).out


def test_a_restored_book_doubles_nothing_in_a_portal_that_went_on(shell: Shell, tmp_path: Path) -> None:
    with Simulator(tier="starter", token=TOKEN) as portal:
        shell.patch.setenv("HUBSPOT_ACCESS_TOKEN", TOKEN)
        shell.patch.setenv("HUBSPOT_BASE_URL", portal.url)
        shell("import", shell.put(), "--crm", "hubspot", "--yes")
        shell("backup", str(tmp_path / "kept.zip"))
        shell("import", shell.put(MORE), "--crm", "hubspot")
        held = {kind: len(portal.records(kind)) for kind in ("companies", "deals", "tasks")}
        shell("restore", str(tmp_path / "kept.zip"), "--yes")
        assert shell("import", shell.put(MORE), "--crm", "hubspot").code in (0, 1)
        assert {kind: len(portal.records(kind)) for kind in held} == held


def test_a_backup_made_while_others_write_is_whole(filled: Shell, home: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        book = str(home / "ledger.db")
        said = [stack.enter_context(children.start("write", book, "60")).stdout for _ in range(2)]
        assert [next(each) for each in said if each] == ["0\n", "0\n"]
        for number in range(3):
            assert filled("backup", str(tmp_path / f"{number}.zip")).code == 0
        assert [list(each)[-1] for each in said if each] == ["59\n", "59\n"]
    assert filled("restore", str(tmp_path / "2.zip"), "--yes").code == 0
    assert "4 applications" in filled("status").out


def test_a_restore_waits_for_no_run_that_is_at_work(filled: Shell, copy: Path, home: Path) -> None:
    before = (home / "ledger.db").stat().st_ino
    with closing(open_ledger(str(home / "ledger.db"))) as ledger, ledger.exclusive("local") as lease:
        said = filled("restore", str(copy), "--yes")
        assert (said.code, said.out) == (4, "")
        assert lease.holder in said.err
    assert (home / "ledger.db").stat().st_ino == before


def test_a_damaged_book_is_replaced_and_its_pieces_are_kept(filled: Shell, copy: Path, home: Path) -> None:
    (home / "ledger.db").write_bytes(b"no database at all" * 500)
    assert filled("status").code == 4
    assert filled("restore", str(copy), "--yes").code == 0
    assert "4 applications" in filled("status").out
    (kept,) = home.glob("ledger.db.before-restore-*")
    assert kept.read_bytes().startswith(b"no database")


def test_a_damaged_backup_is_refused_and_nothing_is_touched(filled: Shell, copy: Path, home: Path) -> None:
    for harm in (lambda raw: raw[:-200], lambda raw: raw[:3000] + bytes(400) + raw[3400:], lambda _: b"PK"):
        broken = copy.with_name("broken.zip")
        broken.write_bytes(harm(copy.read_bytes()))
        said = filled("restore", str(broken), "--yes")
        assert said.code == 4
        assert "broken.zip is no backup of crm-sync, or is damaged (" in said.err
    assert not list(home.glob("*.before-restore-*"))
    assert "4 applications" in filled("status").out


def test_a_backup_of_a_newer_program_is_refused(filled: Shell, copy: Path, home: Path) -> None:
    with closing(sqlite3.connect(home / "ledger.db")) as book:
        book.execute("UPDATE ledger_version SET version_num = '9999'")
        book.commit()
    newer = copy.with_name("newer.zip")
    assert filled("backup", str(newer)).code == 0
    assert filled("restore", str(copy), "--yes").code == 0
    said = filled("restore", str(newer), "--yes")
    assert said.code == 4
    assert said.err == (
        f"crm-sync: the copy holds a book with version 9999 of its tables, this program knows {VERSIONS[-1]}."
        "\n  Install the newest crm-sync, or use the one that made it\n"
    )
    assert filled("status").code == 0


def test_a_folder_gets_a_file_named_by_the_time(filled: Shell, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    path = Path(json.loads(filled("backup", str(tmp_path / "copies"), "--json").out)["path"])
    assert path.parent == tmp_path / "copies"
    assert path.suffix == ".zip"


def test_a_backup_replaces_an_older_one_and_nothing_else(filled: Shell, copy: Path, tmp_path: Path) -> None:
    assert filled("backup", str(copy)).code == 0
    letter = tmp_path / "letter.txt"
    letter.write_text("dear aunt", encoding="utf-8")
    said = filled("backup", str(letter))
    assert said.code == 2
    assert f"{letter} is there already, and is no backup of crm-sync.\n  Name another file." in said.err
    assert letter.read_text(encoding="utf-8") == "dear aunt"


def test_a_restore_without_a_terminal_needs_a_word(filled: Shell, copy: Path) -> None:
    said = filled("restore", str(copy))
    assert said.code == 2
    assert "--yes" in said.err


def test_what_is_not_there_cannot_be_backed_up_or_put_back(shell: Shell, tmp_path: Path) -> None:
    assert shell("backup", str(tmp_path / "x.zip")).code == 2
    said = shell("restore", str(tmp_path / "x.zip"), "--yes")
    assert said.code == 4
    assert said.err == (
        f"crm-sync: {tmp_path}/x.zip cannot be read (No such file or directory).\n  Check the path.\n"
    )


def told(home: Path) -> set[tuple[str, str]]:
    with closing(Noticeboard(str(home / "notices.db"))) as board:
        return {(slip.user, slip.subject) for slip in board.slips(["ask"]).values()}


def put_up(home: Path, subject: str) -> None:
    with closing(Noticeboard(str(home / "notices.db"))) as board:
        board.change([Slip("me", "ask", subject, datetime(2027, 2, 1, tzinfo=UTC), told=True)])


def test_what_people_were_told_comes_along_and_what_stands_stays(
    filled: Shell, home: Path, tmp_path: Path
) -> None:
    put_up(home, "first")
    path = str(tmp_path / "kept.zip")
    assert "notices.db (" in filled("backup", path).out
    put_up(home, "second")
    said = filled("restore", path, "--yes")
    assert (said.code, "notices.db" in said.out) == (0, False)
    assert told(home) == {("me", "first"), ("me", "second")}
    elsewhere = tmp_path / "elsewhere"
    filled.patch.setenv("CRM_SYNC_HOME", str(elsewhere))
    assert "notices.db (" in filled("restore", path, "--yes").out
    assert told(elsewhere) == {("me", "first")}


def test_a_damaged_file_of_what_people_were_told_keeps_nobody_from_a_backup(
    filled: Shell, home: Path, tmp_path: Path
) -> None:
    (home / "notices.db").write_bytes(b"no database at all" * 500)
    path = tmp_path / "kept.zip"
    assert filled("backup", str(path)).code == 0
    with zipfile.ZipFile(path) as archive:
        assert set(archive.namelist()) == {"crm-sync-backup.json", "ledger.db", "crm.db"}


def repacked(copy: Path, change: Callable[[dict[str, Any]], None], name: str) -> str:
    """Return a backup that says something else of itself."""
    path = copy.with_name(name)
    with zipfile.ZipFile(copy) as old, zipfile.ZipFile(path, "w") as new:
        told = json.loads(old.read("crm-sync-backup.json"))
        change(told)
        new.writestr("crm-sync-backup.json", json.dumps(told))
        for each in told["files"]:
            new.writestr(each, old.read(each))
    return str(path)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda told: told.update(format=2), "was made by a newer crm-sync.\n  Install the newest crm-sync."),
        (lambda told: told["files"].pop("ledger.db"), "is damaged (it holds no book)."),
        (
            lambda told: told["files"]["ledger.db"].update(sha256="0"),
            "is damaged (ledger.db is not as it was written).",
        ),
    ],
    ids=["newer", "empty", "changed"],
)
def test_what_a_backup_says_of_itself_is_held_to(
    filled: Shell, copy: Path, home: Path, change: Callable[[dict[str, Any]], None], told: str
) -> None:
    said = filled("restore", repacked(copy, change, "other.zip"), "--yes")
    assert (said.code, said.out) == (4, "")
    assert told in said.err
    assert not list(home.glob("*.before-restore-*"))


def test_a_restore_into_an_empty_home_is_all_it_takes(filled: Shell, copy: Path, tmp_path: Path) -> None:
    filled.patch.setenv("CRM_SYNC_HOME", str(tmp_path / "new" / "home"))
    assert filled("restore", str(copy), "--yes").code == 0
    assert "4 applications" in filled("status").out


def test_for_a_book_in_postgresql_its_own_tools_are_named(shell: Shell) -> None:
    shell.patch.setenv("CRM_SYNC_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    for words in (("backup", "x.zip"), ("restore", "x.zip", "--yes")):
        said = shell(*words)
        assert said.code == 2
        assert "pg_dump" in said.err


def test_a_home_that_nobody_may_write_into_is_named(filled: Shell, copy: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        filled.patch.setenv("CRM_SYNC_HOME", "/proc/nowhere")
    else:
        locked = tmp_path / "locked"
        locked.mkdir(mode=0o500)
        filled.patch.setenv("CRM_SYNC_HOME", str(locked / "home"))
    said = filled("restore", str(copy), "--yes")
    assert said.code == 4
    assert "cannot be written (" in said.err
