"""One rate limit for several users: what is granted, held, told, and what happens without the database."""

from __future__ import annotations

import sqlite3
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from crm_sync.crms.throttle import Limit, Throttle, limits_for
from crm_sync.crms.throttle.slots import Queue
from crm_sync.crms.trouble import Cause, Trouble
from crm_sync.errors import LedgerError
from tests.crms.test_slots import most_in_a_window
from tests.crms.throttle_children import start

LIMIT = Limit(3, 10.0)
LIMITS = {"burst": LIMIT, "search": Limit(2, 1.0)}


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self, now: float = 1e9) -> None:
        self.now = now
        self.slept: list[float] = []
        self.meanwhile: Callable[[], object] | None = None

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.meanwhile:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state' / 'pace.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def any_url(request: pytest.FixtureRequest, url: str) -> str:
    """Give a place of each kind; the account's name keeps tests apart on the server."""
    if request.param == "sqlite":
        return url
    schema: URL = request.getfixturevalue("postgres_schema")
    return schema.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def account() -> str:
    return f"portal-{uuid.uuid4().hex[:8]}"


@contextmanager
def throttle(url: str, clock: Clock, key: str = "123", **more: Any) -> Iterator[Throttle]:
    options = {"sleep": clock.sleep, "clock": clock, **more}
    with closing(Throttle(url, key, options.pop("limits", LIMITS), **options)) as made:
        yield made


def test_a_burst_goes_at_once_and_the_next_waits_for_the_window(url: str, clock: Clock) -> None:
    with throttle(url, clock) as pace:
        assert [pace.acquire("burst") for _ in range(4)] == [0, 0, 0, 10.0]
    assert clock.slept == [10.0]


def test_buckets_and_accounts_do_not_count_each_other(url: str, clock: Clock) -> None:
    with throttle(url, clock) as one, throttle(url, clock, "456") as other:
        waits = [pace.acquire(bucket) for pace in (one, other) for bucket in ("burst", "search") * 2]
    assert waits == [0.0] * 8


def test_two_keys_of_one_account_share_its_searches_and_have_bursts_of_their_own(
    any_url: str, account: str
) -> None:
    stop = threading.Event()
    stop.set()  # on PostgreSQL its clock counts: whoever would have to wait is told so
    with (
        throttle(any_url, Clock(), f"{account}-key-1", account=account, stop=stop) as one,
        throttle(any_url, Clock(), f"{account}-key-2", stop=stop) as other,
    ):
        other.belongs_to(account)
        assert [pace.acquire("burst") for pace in (one, other) * 3] == [0] * 6
        assert [pace.acquire("search") for pace in (one, other)] == [0, 0]
        for pace in (one, other):
            with pytest.raises(Trouble):
                pace.acquire("search")


def test_a_hold_of_searches_is_for_all_keys_of_the_account(url: str, clock: Clock) -> None:
    with throttle(url, clock, "key 1", account="1") as one, throttle(url, clock, "key 2", account="1") as two:
        one.hold("search", 5)
        one.hold("burst", 7)
        assert [two.acquire("search"), two.acquire("burst")] == [5, 0]


def test_a_day_that_one_key_spent_stops_the_others_of_its_account(url: str, clock: Clock) -> None:
    with (
        throttle(url, clock, "key 1", account="1") as one,
        throttle(url, clock, "key 2", account="1") as two,
        throttle(url, clock, "key 1") as later,
        throttle(url, clock, "key 3", account="3") as stranger,
    ):
        one.told(day_left=0)
        for pace in (two, later):  # a later run of the same key does not know its account yet
            with pytest.raises(Trouble, match="of today"):
                pace.acquire("burst")
        assert stranger.acquire("burst") == 0


@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(st.tuples(st.integers(0, 2), st.sampled_from([0.0, 0.0, 0.1, 4.0, 30.0])), max_size=40),
    limit=st.builds(Limit, st.integers(1, 5), st.sampled_from([1.05, 10.25])),
)
def test_no_window_holds_more_than_the_limit_whoever_asks(
    steps: list[tuple[int, float]], limit: Limit
) -> None:
    clock, slots = Clock(), [0.0]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/pace.sqlite3"
        paces = [Throttle(url, "1", {"burst": limit}, sleep=clock.sleep, clock=clock) for _ in range(3)]
        for who, pause in steps:
            clock.now += pause
            paces[who].acquire("burst")
            slots.append(clock.now)
        for pace in paces:
            pace.close()
    assert most_in_a_window(slots, limit.window) <= limit.count


def test_two_processes_together_stay_within_the_limit(url: str) -> None:
    words = ("wait_for_slots", url, "123", "60", "20", "0.25")
    children = [start(*words), start(*words)]
    slots = [float(line) for child in children for line in child.communicate(timeout=60)[0].split()]
    assert len(slots) == 120
    assert most_in_a_window(slots, 0.25) <= 20


def test_processes_at_once_lose_no_slot_and_share_none(any_url: str, account: str) -> None:
    children = [start("reserve_only", any_url, account, "60", "10", "30") for _ in range(3)]
    assert [ended(child) for child in children] == [0, 0, 0]
    slots = grants(any_url, account)
    assert len(slots) == 180
    assert slots == sorted(slots)
    assert most_in_a_window(slots, 30) <= 10
    assert slots[-1] - slots[0] < 18 * 30  # and none stayed unused


def test_threads_at_once_lose_no_slot_and_share_none(any_url: str, account: str) -> None:
    with throttle(any_url, Clock(), account, sleep=lambda _seconds: None) as pace:
        threads = [threading.Thread(target=pace.acquire, args=["burst"]) for _ in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    slots = grants(any_url, account)
    assert len(slots) == 40
    assert most_in_a_window(slots, LIMIT.window) <= LIMIT.count


def test_a_process_that_died_costs_its_slots_only(any_url: str, account: str) -> None:
    dead = start("die_waiting", any_url, account, "3", "3", "3600")
    assert ended(dead) < 0
    with throttle(any_url, Clock(), account, limits={"burst": Limit(3, 3600)}) as pace:
        assert 3000 < pace.acquire("burst") <= 3600
    assert len(grants(any_url, account)) == 5


def test_a_hold_keeps_others_back_until_it_ends(any_url: str, account: str) -> None:
    clock, stop = Clock(), threading.Event()
    clock.meanwhile = stop.set
    with throttle(any_url, clock, account) as told, throttle(any_url, clock, account, stop=stop) as other:
        told.hold("burst", 600)
        assert other.acquire("search") == 0
        with pytest.raises(Trouble):
            other.acquire("burst")
    assert clock.slept == [pytest.approx(600, abs=60)]


def test_a_hold_keeps_back_those_who_wait_already(url: str, clock: Clock) -> None:
    with throttle(url, clock) as waiting, throttle(url, clock) as other:
        for _ in range(3):
            waiting.acquire("burst")
        clock.meanwhile = lambda: other.hold("burst", 25)
        assert waiting.acquire("burst") == 25
        assert clock.slept == [10, 15]
        assert [other.acquire("burst") for _ in range(3)] == [0, 0, 10]


def test_a_hold_that_ends_before_the_slot_costs_nothing(url: str, clock: Clock) -> None:
    with throttle(url, clock) as pace:
        for _ in range(3):
            pace.acquire("burst")
        clock.meanwhile = lambda: pace.hold("burst", 4)
        assert pace.acquire("burst") == 10


@pytest.mark.parametrize("years", [1 / 8766, 10])
def test_a_clock_set_right_again_makes_nobody_wait_longer(url: str, clock: Clock, years: float) -> None:
    step = years * 365.25 * 86_400
    with throttle(url, clock) as pace:
        for _ in range(3):
            pace.acquire("burst")
        clock.now += step
        for _ in range(3):
            pace.acquire("burst")
        clock.now -= step
        assert pace.acquire("burst") <= LIMIT.window
        assert [pace.acquire("burst") for _ in range(2)] == [0, 0]


@pytest.mark.parametrize(("bucket", "cause"), [("burst", Cause.BURST), ("search", Cause.SEARCH)])
def test_a_stop_ends_the_wait_and_nothing_is_sent(url: str, bucket: str, cause: Cause) -> None:
    stop = threading.Event()
    with throttle(url, Clock(), sleep=None, stop=stop) as pace:  # waits really, but for the event
        for _ in range(LIMITS[bucket].count):
            pace.acquire(bucket)
        stop.set()
        with pytest.raises(Trouble) as failure:
            pace.acquire(bucket)
    assert (failure.value.cause, failure.value.maybe_done) == (cause, False)


def test_a_stop_does_not_keep_back_who_need_not_wait(url: str, clock: Clock) -> None:
    stop = threading.Event()
    stop.set()
    with throttle(url, clock, stop=stop) as pace:
        assert pace.acquire("burst") == 0


def test_a_spent_day_stops_everybody_at_once(any_url: str, account: str) -> None:
    clock = Clock()
    with throttle(any_url, clock, account) as told, throttle(any_url, clock, account) as other:
        told.told(day_left=0)
        with pytest.raises(Trouble) as failure:
            other.acquire("search")
    assert failure.value.cause is Cause.DAILY
    assert 890 < (failure.value.retry_after or 0) <= 900
    assert clock.slept == []
    assert grants(any_url, account, "search") == []


def test_a_spent_day_is_tried_again_after_a_quarter_of_an_hour(url: str, clock: Clock) -> None:
    with throttle(url, clock) as pace:
        pace.told(day_left=0)
        clock.now += 899
        with pytest.raises(Trouble) as failure:
            pace.acquire("burst")
        assert failure.value.retry_after == 1
        clock.now += 1
        assert pace.acquire("burst") == 0


def test_a_day_told_by_a_clock_that_was_wrong_is_not_believed(url: str, clock: Clock) -> None:
    with throttle(url, clock) as pace:
        pace.told(day_left=0)
        clock.now -= 86_400
        assert pace.acquire("burst") == 0


def test_a_new_day_is_written_down_by_the_first_who_hears_of_it(url: str, clock: Clock) -> None:
    with throttle(url, clock) as one, throttle(url, clock) as other:
        other.told(day_left=5000)
        one.told(day_left=0)
        clock.now += 900
        other.acquire("burst")
        other.told(day_left=250_000)
        assert day_left(url) == 250_000


def test_a_day_with_plenty_left_is_written_down_now_and_then(url: str, clock: Clock) -> None:
    with throttle(url, clock) as pace:
        kept = []
        for left in range(250_000, 249_800, -1):
            pace.told(day_left=left)
            pace.told(day_left=None)
            kept.append(day_left(url))
    assert sorted(set(kept), reverse=True) == [250_000, 249_900]


def test_the_file_is_for_its_user_only(url: str, clock: Clock, tmp_path: Path) -> None:
    with throttle(url, clock) as pace:
        assert list(tmp_path.iterdir()) == []
        pace.acquire("burst")
    assert (tmp_path / "state" / "pace.sqlite3").stat().st_mode & 0o077 == 0


def test_limits_stay_below_those_of_hubspot() -> None:
    known = {"free": 100, "starter": 100, "professional": 190, "enterprise": 190, "addon": 250}
    for tier, most in known.items():
        limits = limits_for(tier)
        assert set(limits) == {"burst", "search", "associations"}
        assert 0.9 * most <= limits["burst"].count <= 0.95 * most
        assert limits["associations"].count <= 0.95 * min(most, 150)
        assert limits["search"].count / limits["search"].window < 5
        assert limits["search"].count < 5
        assert 10 < limits["burst"].window < 10.5


@pytest.mark.parametrize("act", [lambda pace: pace.acquire("mail"), lambda _pace: limits_for("gold")])
def test_a_bucket_or_tier_that_nobody_knows_is_a_mistake(
    url: str, clock: Clock, act: Callable[[Throttle], object]
) -> None:
    with throttle(url, clock) as pace, pytest.raises(KeyError):
        act(pace)


def test_a_locked_file_is_waited_for(url: str, clock: Clock, tmp_path: Path) -> None:
    with throttle(url, clock, wait=60) as pace, throttle(url, clock, wait=0.01) as impatient:
        pace.acquire("burst")
        other = sqlite3.connect(tmp_path / "state" / "pace.sqlite3", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="held by another program"):
            impatient.acquire("burst")
        waiting = threading.Thread(target=pace.acquire, args=["burst"])
        waiting.start()
        other.execute("COMMIT")
        waiting.join()
        other.close()
    assert len(grants(url, "123")) == 2


def test_a_locked_row_is_waited_for(postgres_schema: URL, account: str) -> None:
    place = postgres_schema.render_as_string(hide_password=False)
    with throttle(place, Clock(), account, wait=0.01) as impatient:
        impatient.acquire("burst")
        engine = create_engine(postgres_schema)
        with engine.begin() as connection:
            connection.execute(text("SELECT * FROM throttle_queues FOR UPDATE"))
            with pytest.raises(LedgerError, match="held by another program"):
                impatient.acquire("burst")
        engine.dispose()
        impatient.acquire("burst")
    assert len(grants(place, account)) == 2


def test_a_file_that_is_no_database_is_named(clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / "pace.sqlite3"
    path.write_bytes(b"Company,Position\nAcme,Engineer\n" * 200)
    with throttle(f"sqlite:///{path}", clock) as pace, pytest.raises(LedgerError, match="damaged") as failure:
        pace.acquire("burst")
    assert str(path) in failure.value.message
    assert "move it away" in failure.value.hint


def test_a_row_that_was_cut_is_called_damaged(url: str, clock: Clock, tmp_path: Path) -> None:
    with throttle(url, clock) as pace:
        pace.acquire("burst")
        with closing(sqlite3.connect(tmp_path / "state" / "pace.sqlite3")) as other, other:
            other.execute("UPDATE throttle_queues SET grants = x'0102'")
        with pytest.raises(LedgerError, match="damaged"):
            pace.acquire("burst")


@pytest.mark.parametrize("name", [".", "file/pace.sqlite3"])
def test_a_place_that_cannot_be_opened_is_named(clock: Clock, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    place = tmp_path / name
    with throttle(f"sqlite:///{place}", clock) as pace, pytest.raises(LedgerError) as failure:
        pace.acquire("burst")
    assert str(place) in failure.value.message
    assert failure.value.hint


def test_a_server_that_does_not_answer_is_named_without_its_password(clock: Clock) -> None:
    place = "postgresql://app:s3cret@127.0.0.1:1/pace"
    with throttle(place, clock) as pace, pytest.raises(LedgerError, match=r"127\.0\.0\.1") as failure:
        pace.acquire("burst")
    assert "s3cret" not in f"{failure.value.message} {failure.value.hint}"


@pytest.mark.parametrize("place", ["state.db", "nonsense://here", "mysql+absent://here/there"])
def test_a_url_of_no_known_database_is_refused_at_once(clock: Clock, place: str) -> None:
    with pytest.raises(LedgerError) as failure, throttle(place, clock):
        pass
    assert "sqlite:///PATH" in failure.value.hint


def ended(child: subprocess.Popen[str]) -> int:
    """Return how the process ended; negative for a signal."""
    child.communicate(timeout=60)
    return child.returncode


def grants(place: str, account: str, bucket: str = "burst") -> list[float]:
    """Return the grants that the database holds."""
    statement = "SELECT grants FROM throttle_queues WHERE account = :account AND bucket = :bucket"
    kept = asked(place, statement, account=account, bucket=bucket)
    return Queue.unpacked(kept) if kept else []


def day_left(place: str) -> int:
    return int(asked(place, "SELECT day_left FROM throttle_days"))


def asked(place: str, statement: str, **values: str) -> Any:
    engine = create_engine(place.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        answer = connection.scalar(text(statement), values)
    engine.dispose()
    return answer
