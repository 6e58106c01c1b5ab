"""The local CRM keeps the contract, on SQLite and on PostgreSQL, alone and in company."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy

from crm_sync.crms.local import LocalCrm
from crm_sync.crms.memory import MemoryCrm
from crm_sync.domain.items import Change, RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.errors import CrmUnavailable
from crm_sync.ports import Cursor, Done
from crm_sync.testing.crm_samples import DEAL, DEAL_ITEM, TASK, TASK_ITEM, done, make, numbered_deal
from tests.crms.promises import House, HousePromises


class TestLocalCrmOnSqlite(HousePromises):
    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.url = f"sqlite:///{tmp_path / 'crm.db'}"

    def make_crm(self) -> House:
        return LocalCrm(self.url)


class TestLocalCrmOnPostgres(HousePromises):
    @pytest.fixture(autouse=True)
    def _place(self, postgres_url: str) -> None:
        self.url = postgres_url

    def make_crm(self) -> House:
        return LocalCrm(self.url)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'crm.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "crm.db"


@pytest.fixture
def two(url: str) -> Iterator[tuple[LocalCrm, LocalCrm]]:
    one, other = LocalCrm(url), LocalCrm(url)
    yield one, other
    one.close()
    other.close()


def test_two_programs_on_one_database_see_each_other(two: tuple[LocalCrm, LocalCrm]) -> None:
    one, other = two
    deal = make(one, DEAL_ITEM)
    assert make(other, DEAL_ITEM).id == deal.id
    cursor = one.changes(None).cursor
    other.edit(Change(DEAL, deal.id, {"stage": "offer"}))
    assert [remote.fields["stage"] for remote in one.changes(cursor).records] == ["offer"]


def test_two_programs_that_write_at_once_make_no_twins_and_skip_no_act(
    two: tuple[LocalCrm, LocalCrm],
) -> None:
    items = [numbered_deal(number) for number in range(60)]
    troubles: list[BaseException] = []

    def work(crm: LocalCrm, name: str) -> None:
        try:
            for start in range(0, len(items), 10):
                for remote in done(crm.create(items[start : start + 10], {})):
                    assert remote.key is not None
                    crm.edit(Change(remote.key, remote.id, {name: "seen"}))
        except BaseException as trouble:
            troubles.append(trouble)

    threads = [
        threading.Thread(target=work, args=args) for args in zip(two, ("salary", "source"), strict=True)
    ]
    for thread in threads:
        thread.start()
    cursor, heard = None, dict[str, object]()
    while any(thread.is_alive() for thread in threads):
        cursor = hear(two[0], cursor, heard)
        threads[0].join(0.01)
    hear(two[0], cursor, heard)
    assert not troubles
    records = list(two[0].records(Kind.DEAL))
    assert len(records) == len(items)
    assert all((r.fields["salary"], r.fields["source"]) == ("seen", "seen") for r in records)
    assert heard == {remote.id: remote.fields for remote in records}


def test_programs_that_begin_a_new_database_at_once_all_get_to_work(tmp_path: Path) -> None:
    for turn in range(5):
        crms = [LocalCrm(f"sqlite:///{tmp_path / str(turn)}") for _ in range(8)]
        together = threading.Barrier(len(crms))

        def begin(crm: LocalCrm, together: threading.Barrier = together) -> str:
            together.wait()
            return done(crm.create([numbered_deal(1)], {}))[0].id

        with ThreadPoolExecutor(len(crms)) as pool:
            assert len(set(pool.map(begin, crms))) == 1
        for crm in crms:
            crm.close()


def hear(crm: LocalCrm, cursor: Cursor | None, heard: dict[str, object]) -> Cursor:
    changes = crm.changes(cursor)
    heard |= {remote.id: remote.fields for remote in changes.records}
    return changes.cursor


def test_everything_is_there_after_closing_and_opening_again(url: str) -> None:
    first = LocalCrm(url)
    task = make(first, TASK_ITEM)
    first.edit(Change(TASK, task.id, {"open": False}))
    before = (first.look_up({TASK: None}), first.changes(None))
    first.close()
    second = LocalCrm(url)
    assert (second.look_up({TASK: None}), second.changes(None)) == before
    assert second.changes(before[1].cursor).records == []
    second.close()


def acts(file: Path, count: int) -> LocalCrm:
    """Open the CRM and edit so many deals, each by a person."""
    crm = LocalCrm(f"sqlite:///{file}")
    for remote in done(crm.create([numbered_deal(number) for number in range(count)], {})):
        assert remote.key is not None
        crm.edit(Change(remote.key, remote.id, {"stage": "offer"}))
    return crm


@pytest.mark.parametrize(("before", "after"), [(3, 1), (1, 3), (2, 2)])
def test_a_cursor_of_another_database_tells_everything(tmp_path: Path, before: int, after: int) -> None:
    old, new = acts(tmp_path / "old.db", before), acts(tmp_path / "new.db", after)
    assert len(new.changes(old.changes(None).cursor).records) == after
    old.close()
    new.close()


def test_a_cursor_of_before_a_backup_was_put_back_tells_everything(file: Path) -> None:
    acts(file, 2).close()
    backup = file.read_bytes()
    crm = acts(file, 4)
    cursor = crm.changes(None).cursor
    crm.close()
    file.write_bytes(backup)
    crm = LocalCrm(f"sqlite:///{file}")
    assert len(crm.changes(cursor).records) == 2
    crm.close()


def test_the_end_of_a_task_is_told_by_the_clock_of_the_crm() -> None:
    now = datetime(2031, 3, 4, 12, tzinfo=UTC)
    for crm in (MemoryCrm(lambda: now), LocalCrm("sqlite://", lambda: now + timedelta(0))):
        task = make(crm, TASK_ITEM)
        outcome = crm.edit(Change(TASK, task.id, {"open": False}))
        assert isinstance(outcome, Done)
        assert outcome.remote.fields["completed_at"] == "2031-03-04T12:00:00+00:00"
        assert outcome.remote.modified_at == now
        getattr(crm, "close", bool)()


def test_a_record_that_is_named_twice_is_gone_the_second_time() -> None:
    for crm in (MemoryCrm(), LocalCrm("sqlite://")):
        deal = make(crm, DEAL_ITEM)
        first, second = done(crm.remove([(DEAL, deal.id), (DEAL, deal.id)]))
        assert (first.key, second.key) == (DEAL, None)
        assert set(second.fields.values()) == {None}
        getattr(crm, "close", bool)()


def task_named(ident: str) -> Key:
    return Key(Kind.TASK, "me", ident)


@pytest.mark.parametrize("is_older", [False, True], ids=["counted", "made before removals were counted"])
def test_no_record_belongs_to_one_that_was_removed_or_never_made(url: str, *, is_older: bool) -> None:
    crm = LocalCrm(url)
    deal = make(crm, DEAL_ITEM)
    if is_older:
        engine = sqlalchemy.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as database:
            database.exec_driver_sql("DELETE FROM crm_counters WHERE name = 'removed'")
        engine.dispose()
    assert done(crm.create([TASK_ITEM], {DEAL: deal.id}))[0].relations == {deal.id}
    of_nobody = RemoteId("deal-1000")
    number_to_come = RemoteId(f"deal-{int(deal.id.partition('-')[2]) + 2}")
    for stranger in (number_to_come, of_nobody):
        (made,) = done(crm.create([replace(TASK_ITEM, key=task_named(stranger))], {DEAL: stranger}))
        assert made.relations == frozenset()
    done(crm.remove([(DEAL, deal.id)]))
    (made,) = done(crm.create([replace(TASK_ITEM, key=task_named("late"))], {DEAL: deal.id}))
    assert made.relations == frozenset()
    crm.close()


def test_a_tombstone_holds_no_word_of_anybody(file: Path) -> None:
    crm = LocalCrm(f"sqlite:///{file}")
    deal = make(crm, DEAL_ITEM)
    done(crm.remove([(DEAL, deal.id)]))
    crm.close()
    engine = sqlalchemy.create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT key, owner, fields FROM crm_records WHERE removed").all()
        assert [tuple(row) for row in rows] == [(None, "", "{}")]
    engine.dispose()


def test_what_changed_is_found_by_its_index(file: Path) -> None:
    crm = LocalCrm(f"sqlite:///{file}")
    crm.check()
    crm.close()
    engine = sqlalchemy.create_engine(f"sqlite:///{file}")
    query = "SELECT number FROM crm_records WHERE person_seq > 3 ORDER BY person_seq"
    with engine.connect() as connection:
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all())
    engine.dispose()
    assert "crm_records_heard" in plan
    assert "TEMP B-TREE" not in plan


def test_the_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "crm.db"
    crm = LocalCrm(f"sqlite:///{file}")
    make(crm, DEAL_ITEM)
    assert {stat.S_IMODE(each.stat().st_mode) for each in file.parent.iterdir()} == {0o600}
    crm.close()


def test_nothing_is_made_before_the_first_call(file: Path) -> None:
    LocalCrm(f"sqlite:///{file}").close()
    assert not file.exists()


def refusal_of(crm: LocalCrm) -> CrmUnavailable:
    with pytest.raises(CrmUnavailable) as caught:
        list(crm.create([DEAL_ITEM], {}))
    crm.close()
    assert caught.value.hint
    return caught.value


def test_a_file_that_is_no_database_is_told_as_damaged(file: Path) -> None:
    file.write_bytes(b"this was a database once\n" * 400)
    error = refusal_of(LocalCrm(f"sqlite:///{file}"))
    assert "damaged" in error.message
    assert str(file) in error.message


def test_a_database_with_torn_pages_is_told_as_damaged(file: Path) -> None:
    crm = LocalCrm(f"sqlite:///{file}")
    done(crm.create([numbered_deal(number) for number in range(500)], {}))
    crm.close()
    content = bytearray(file.read_bytes())
    content[4096:] = b"\x5a" * (len(content) - 4096)
    file.write_bytes(content)
    assert "damaged" in refusal_of(LocalCrm(f"sqlite:///{file}")).message


def test_a_database_held_by_another_program_is_told_as_held(file: Path) -> None:
    crm = LocalCrm(f"sqlite:///{file}", wait=0.05)
    crm.check()
    holder = sqlalchemy.create_engine(f"sqlite:///{file}")
    with holder.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        assert "held by another program" in refusal_of(crm).message
    holder.dispose()


def test_a_postgres_held_by_another_program_is_told_as_held(postgres_url: str) -> None:
    crm = LocalCrm(postgres_url, wait=0.05)
    crm.check()
    holder = sqlalchemy.create_engine(postgres_url)
    with holder.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE crm_counters IN EXCLUSIVE MODE")
        assert "held by another program" in refusal_of(crm).message
    holder.dispose()


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    assert "cannot be opened" in refusal_of(LocalCrm(f"sqlite:///{tmp_path}")).message


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    crm = LocalCrm("postgresql://someone:letmein@127.0.0.1:1/nothing", wait=1)
    error = refusal_of(crm)
    assert "letmein" not in error.message + error.hint


def test_tables_of_a_newer_program_are_left_alone(file: Path) -> None:
    crm = LocalCrm(f"sqlite:///{file}")
    crm.check()
    crm.close()
    engine = sqlalchemy.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE crm_counters SET value = 99 WHERE name = 'schema'")
    engine.dispose()
    assert "99" in refusal_of(LocalCrm(f"sqlite:///{file}")).message


def test_a_batch_that_fails_leaves_nothing_and_the_next_one_works(file: Path) -> None:
    crm = LocalCrm(f"sqlite:///{file}")
    crm.check()
    engine = sqlalchemy.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE crm_relations RENAME TO hidden")
    with pytest.raises(CrmUnavailable):
        make(crm, TASK_ITEM)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO crm_relations")
    engine.dispose()
    assert TASK not in crm.look_up({TASK: None})
    assert make(crm, TASK_ITEM).key == TASK
    crm.close()


def test_importing_the_room_imports_no_database_library() -> None:
    code = "import sys, crm_sync.crms, crm_sync.crms.memory; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
