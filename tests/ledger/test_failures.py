"""What goes wrong with a book is told in words, with something to do about it."""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from crm_sync.domain.items import Item
from crm_sync.domain.journal import Line, Page
from crm_sync.domain.keys import Kind
from crm_sync.domain.links import Link
from crm_sync.errors import ConfigError, LedgerError
from crm_sync.ledger import SqlLedger, open_ledger
from crm_sync.ledger.engine import location
from crm_sync.ledger.failures import in_words
from crm_sync.ports import Entry
from crm_sync.testing.ledger_samples import NOON, full_link, key, plain_dossier, run

NOBODY = 65534


def test_a_file_that_is_no_database_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.write_bytes(b"Company,Position\nAcme,Engineer\n" * 200)
    with pytest.raises(LedgerError, match="is damaged or is no book of crm-sync") as failure:
        open_ledger(str(path))
    assert str(path) in failure.value.message
    assert "backup" in failure.value.hint
    assert path.read_bytes().startswith(b"Company")


def test_a_file_damaged_in_the_middle_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    filled(path).close()
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="damaged"), closing(SqlLedger(str(path))) as ledger:
        ledger.links("local")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "Expecting value"),
        ("{", "Expecting property name"),
        ("[]", "'list' object"),
        ('{"v":3,"marks":{}}', "version 3 of a row, this program knows 2"),
        ('{"marks":{"name":[1,2,3,4,5]}}', "no Link: "),
        ('{"connected":[["moon","",""]]}', "no Link: no Kind: 'moon'"),
    ],
)
def test_a_row_that_cannot_be_understood_is_called_damaged(book_url: str, body: str, why: str) -> None:
    with closing(filled(book_url)) as ledger:
        change(book_url, "UPDATE ledger_links SET body = :body", body=body)
        with pytest.raises(LedgerError) as failure:
            ledger.links("local")
    assert f": a row cannot be understood ({why}" in failure.value.message


def test_a_page_of_the_journal_without_what_it_needs_is_called_damaged(book_url: str) -> None:
    with closing(filled(book_url)) as ledger:
        page = Page("r1", 1, NOON, (Line("updated", Kind.DEAL, "ada", {"k1": None}),))
        with ledger.exclusive("local") as lease:
            ledger.record(Entry("local", run=run("r1"), journal=[page]), lease)
        change(book_url, "UPDATE ledger_journal SET body = :body", body='{"lines":[{}]}')
        with pytest.raises(LedgerError) as failure:
            ledger.journal("local")
    assert ": a row cannot be understood (no page: 'of')" in failure.value.message


def test_a_batch_in_the_air_that_cannot_be_understood_is_called_damaged(book_url: str) -> None:
    with closing(filled(book_url)) as ledger:
        with ledger.exclusive("local") as lease:
            ledger.record(Entry("local", begun=[Item(key("k2"), {"name": "a"})]), lease)
        change(book_url, "UPDATE ledger_intents SET body = :body", body='{"begun":[7]}')
        with pytest.raises(LedgerError) as failure:
            ledger.links("local")
    assert ": a row cannot be understood (no batch: " in failure.value.message


def test_a_dossier_without_what_it_needs_is_called_damaged(book_url: str) -> None:
    with closing(filled(book_url)) as ledger:
        change(book_url, "UPDATE ledger_dossiers SET body = :body", body='{"course":{"stage":"applied"}}')
        with pytest.raises(LedgerError, match="row cannot be understood"):
            ledger.dossiers("local")


def test_fields_that_nobody_knows_are_passed_over_and_missing_ones_take_their_default(book_url: str) -> None:
    body = (
        '{"application":{"row":1,"sheet":null,"connector":"spreadsheet","company":"Acme",'
        '"job_title":"Engineer","stage":"applied","colour":"red"},'
        '"course":{"stage":"applied","first_seen":"2026-03-01","mood":{"good":true}},"shelf":3}'
    )
    with closing(filled(book_url)) as ledger:
        change(book_url, "UPDATE ledger_dossiers SET body = :body", body=body)
        assert ledger.dossiers("local") == {"k1": plain_dossier("k1")}


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=f"the book {tmp_path} cannot be opened") as failure:
        open_ledger(str(tmp_path))
    assert "folder" in failure.value.hint


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(LedgerError, match="cannot be opened"):
        open_ledger(str(tmp_path / "state" / "ledger.sqlite3"))


def test_a_book_that_may_only_be_read_says_so() -> None:
    """Told by a process without root's rights, whom permissions bind."""
    with open_folder() as folder:
        path = folder / "ledger.sqlite3"
        filled(path).close()
        path.chmod(0o444)
        told = told_to_nobody(lambda: write_into(path))
        assert "cannot be written: it or its folder is read-only" in told


def test_a_folder_that_may_only_be_read_says_so() -> None:
    with open_folder() as folder:
        folder.chmod(0o555)
        assert "cannot be opened" in told_to_nobody(lambda: write_into(folder / "ledger.sqlite3"))


def test_a_full_disk_is_told_and_what_stood_stays(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    filled(path).close()

    def fill() -> None:
        with closing(SqlLedger(str(path))) as ledger, ledger.exclusive("local") as lease:
            resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
            ledger.record(Entry("local", links=[full_link(str(n)) for n in range(5000)]), lease)

    assert "cannot be read or written: the disk refuses" in told(fill)
    with closing(SqlLedger(str(path))) as ledger:
        assert set(ledger.links("local")) == {key("k1")}


def test_a_database_that_is_full_is_told_as_such(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "small")) as connection:
        connection.execute("PRAGMA max_page_count = 2")
        with (
            pytest.raises(LedgerError, match="the book small cannot be written: the disk is full"),
            in_words("small"),
        ):
            connection.execute("CREATE TABLE a AS SELECT zeroblob(100000)")


def test_a_book_that_another_program_keeps_locked_is_told_and_can_still_be_read(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with (
        closing(filled(path, busy_seconds=0.1)) as ledger,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="is locked by another program"), ledger.exclusive("local"):
            pass
        assert set(ledger.links("local")) == {key("k1")}


def test_a_server_that_does_not_answer_is_told_without_the_password() -> None:
    with pytest.raises(LedgerError, match="cannot be reached") as failure:
        open_ledger("postgresql://ada:s3cret@127.0.0.1:1/books")
    assert "127.0.0.1" in failure.value.message
    assert "s3cret" not in failure.value.message + failure.value.hint


def test_a_database_that_is_not_there_is_told(postgres_url: str) -> None:
    with pytest.raises(LedgerError, match="cannot be reached"):
        open_ledger(postgres_url.partition("?")[0].rpartition("/")[0] + "/no_such_database")


@pytest.mark.parametrize("url", ["mysql://h/d", "sqlite://", "sqlite:///:memory:", "redis://x", "http://["])
def test_a_url_that_names_no_book_is_refused_with_what_would(url: str) -> None:
    with pytest.raises(ConfigError) as failure:
        open_ledger(url)
    assert failure.value.message.startswith(f"a book cannot be kept in {url.partition(':')[0]}://")
    assert "postgresql://" in failure.value.hint


@pytest.mark.parametrize("url", ["://x", "postgresql://h:port/d"])
def test_a_url_that_is_none_is_refused_with_what_would_be_one(url: str) -> None:
    with pytest.raises(ConfigError) as failure:
        open_ledger(url)
    assert failure.value.message == "the database URL cannot be read"
    assert "postgresql://" in failure.value.hint


@pytest.mark.parametrize(
    "text", ["nonsense", "postgresql:books", "localhost:5432/books", "sqlite:ledger.db", ""]
)
def test_a_word_is_no_path_and_half_an_address_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as failure:
        open_ledger(text)
    assert failure.value.message == "what names the book is neither a database's URL nor the path of a file"
    assert failure.value.hint.endswith("a file in this folder is written ./NAME")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["./nonsense", "ledger.db", "folder/book", "./a:b"])
def test_a_path_is_a_path_also_without_an_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    open_ledger(text).close()
    assert (tmp_path / text).is_file()


def test_a_table_that_the_user_of_the_database_may_not_read_is_told(postgres_url: str) -> None:
    engine = create_engine(location(postgres_url))
    with engine.connect() as connection:
        connection.execute(text("SET LOCAL ROLE pg_monitor"))
        with pytest.raises(LedgerError) as failure, in_words("books"):
            connection.execute(text("SELECT * FROM pg_authid"))
    engine.dispose()
    assert "the book books may not be used by this database user (" in failure.value.message
    assert failure.value.hint == "grant the user what is missing, or use another one"


def test_what_nobody_has_words_for_is_told_as_the_database_says_it(tmp_path: Path) -> None:
    with (
        closing(sqlite3.connect(tmp_path / "book")) as connection,
        pytest.raises(LedgerError) as failure,
        in_words("book"),
    ):
        connection.execute("SELECT * FROM nowhere")
    assert failure.value.message == "the book book cannot be used (no such table: nowhere)"


def test_without_psycopg_a_postgresql_url_names_the_extra() -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from crm_sync.errors import ConfigError\n"
        "from crm_sync.ledger import open_ledger\n"
        "try: open_ledger('postgresql://127.0.0.1/books')\n"
        "except ConfigError as error: print(error.message, error.hint)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout == (
        "a book in PostgreSQL needs psycopg, which is not installed "
        "install the extra: pip install 'crm-sync[postgres]'\n"
    )


def filled(url_or_path: str | Path, *, busy_seconds: float = 30.0) -> SqlLedger:
    ledger = SqlLedger(str(url_or_path), busy_seconds=busy_seconds)
    with ledger.exclusive("local") as lease:
        ledger.record(Entry("local", links=[Link(key("k1"))], dossiers=[plain_dossier("k1")]), lease)
    return ledger


def write_into(path: Path) -> None:
    with closing(SqlLedger(str(path))) as ledger, ledger.exclusive("local") as lease:
        ledger.record(Entry("local"), lease)


def change(url: str, statement: str, **parameters: str) -> None:
    engine = create_engine(location(url))
    with engine.begin() as connection:
        connection.execute(text(statement), parameters)
    engine.dispose()


class open_folder:  # noqa: N801 - used as a with statement
    """A folder that every user of the machine can reach, unlike pytest's."""

    def __enter__(self) -> Path:
        self.path = Path(tempfile.mkdtemp())
        self.path.chmod(0o777)
        return self.path

    def __exit__(self, *_: object) -> None:
        self.path.chmod(0o777)
        shutil.rmtree(self.path)


def told_to_nobody(action: Callable[[], None]) -> str:
    return told(action, user=NOBODY if os.geteuid() == 0 else None)


def told(action: Callable[[], None], *, user: int | None = None) -> str:
    """Return the message of the LedgerError that the action raises in a process of its own."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()

    def act() -> None:
        if user is not None:
            os.setuid(user)
        try:
            action()
        except LedgerError as error:
            theirs.send(error.message)
        except BaseException as error:
            theirs.send(repr(error))
        else:
            theirs.send("nothing went wrong")

    process = context.Process(target=act)
    process.start()
    with ours, theirs:
        message = ours.recv() if ours.poll(60) else "no answer"
    process.join(10)
    return str(message)
