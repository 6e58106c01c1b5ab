"""Messages arrive by web and mail, a little patience included, and a failure never shows an address."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest

from crm_sync.notices.addresses import Address, Message, Undelivered, _loaded, deliver, fault_of
from crm_sync.notices.sending import send_all
from crm_sync.notices.switch import Switch
from tests.notices.posts import WebOffice, mail_office, web_office

NEWS = Message("Title", "first\nsecond", {"event": "test"})
KEY = "s3cret-path-0001"


@pytest.fixture
def office() -> Iterator[WebOffice]:
    with web_office() as opened:
        yield opened


def at(office: WebOffice, kind: str = "webhook") -> Address:
    return Address(f"notify.{kind}", kind, f"{office.url}/{KEY}?token={KEY}")


def test_a_webhook_gets_title_text_and_data(office: WebOffice) -> None:
    deliver(at(office), NEWS)
    assert office.posts == [{"title": "Title", "text": "first\nsecond", "event": "test"}]
    assert office.paths == [f"/{KEY}?token={KEY}"]


def test_slack_gets_a_text(office: WebOffice) -> None:
    deliver(at(office, "slack"), NEWS)
    assert office.posts == [{"text": "*Title*\nfirst\nsecond"}]


def test_mail_arrives() -> None:
    with mail_office() as mail:
        url = f"mailto://127.0.0.1:{mail.port}?from=crm@agency.example&to=jane@roe.example"
        deliver(Address("notify.email", "email", url), NEWS)
        assert mail.readers == ["jane@roe.example"]
        (letter,) = mail.letters
    assert "Subject: Title" in letter
    assert "first" in letter


def test_any_service_that_apprise_knows_is_reached(office: WebOffice) -> None:
    url = office.url.replace("http://", "json://")
    deliver(Address("notify.services.1", "services", f"{url}/{KEY}"), NEWS)
    assert office.posts[0]["title"] == "Title"
    assert office.paths == [f"/{KEY}"]


@pytest.mark.parametrize("answers", [[503], [429, 500]])
def test_what_fails_for_now_is_tried_again(office: WebOffice, answers: list[int]) -> None:
    office.answers = list(answers)
    deliver(at(office), NEWS)
    assert len(office.posts) == len(answers) + 1


def test_what_is_refused_is_not_tried_again(office: WebOffice) -> None:
    office.answers = [403]
    with pytest.raises(Undelivered, match="it answered 403"):
        deliver(at(office), NEWS)
    assert len(office.posts) == 1


def test_no_redirect_is_followed_with_a_secret_address(office: WebOffice) -> None:
    office.answers = [302]
    with pytest.raises(Undelivered, match="it answered 302"):
        deliver(at(office), NEWS)
    assert len(office.paths) == 1


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("webhook", f"http://127.0.0.1:1/{KEY}"),
        ("slack", f"nothing://{KEY}"),
        ("webhook", f"http://[{KEY}"),
        ("email", f"mailto://user:{KEY}@127.0.0.1:1?to=jane@roe.example"),
        ("services", f"nothing://{KEY}"),
        ("services", f"json://127.0.0.1:1/{KEY}"),
    ],
)
def test_a_failure_says_why_and_never_where(
    kind: str, url: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    (answer,) = send_all([(Address(f"notify.{kind}", kind, url), NEWS)])
    assert answer
    said = capfd.readouterr()
    assert KEY not in answer + said.out + said.err + caplog.text + repr(Address("n", kind, url))


def test_an_address_that_cannot_be_asked_is_told_so() -> None:
    with pytest.raises(Undelivered) as told:
        deliver(Address("notify.webhook", "webhook", f"http://[{KEY}"), NEWS)
    assert str(told.value) == "it cannot be asked (InvalidURL)"


def test_a_service_that_takes_nothing_is_told_so() -> None:
    with pytest.raises(Undelivered) as told:
        deliver(Address("notify.services.1", "services", f"json://127.0.0.1:1/{KEY}"), NEWS)
    assert str(told.value) == "it was not taken"


def test_what_nobody_foresaw_ends_no_other_letter(office: WebOffice) -> None:
    odd = Message("Title", "text", {"when": object()})
    assert send_all([(at(office), odd), (at(office), NEWS)]) == ["it failed (TypeError)", ""]


def test_without_apprise_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    _loaded.cache_clear()
    fault = fault_of(Address("notify.email", "email", f"mailto://user:{KEY}@mail.roe.example"))
    assert fault == "it needs an extra: pip install 'crm-sync[notify]'"


def test_an_address_that_never_answers_takes_no_longer_than_the_limit(office: WebOffice) -> None:
    office.silent.set()
    began = time.monotonic()
    answers = send_all([(at(office), NEWS)], seconds=0.3)
    assert answers == ["it did not answer in time"]
    assert time.monotonic() - began < 5


def test_many_letters_are_answered_in_their_order(office: WebOffice) -> None:
    bad = Address("notify.slack", "slack", "nothing://x")
    answers = send_all([(bad if n % 3 == 0 else at(office), NEWS) for n in range(20)])
    assert [bool(answer) for answer in answers] == [n % 3 == 0 for n in range(20)]
    assert send_all([]) == []


def test_an_address_can_be_checked_without_asking_it(office: WebOffice) -> None:
    assert fault_of(at(office)) == ""
    assert fault_of(Address("n", "webhook", "ftp://x")) == "it is no http address"
    assert fault_of(Address("n", "email", "mailto://127.0.0.1?from=a@b.example&to=jane@roe.example")) == ""
    assert fault_of(Address("n", "email", "nothing://x")) == "it is no address that Apprise understands"
    assert office.paths == []


def test_a_switch_is_told_of_start_success_and_failure(office: WebOffice) -> None:
    switch = Switch(f"{office.url}/{KEY}/?a=b")
    switch.start()
    switch.end(well=True)
    Switch(f"{office.url}/{KEY}").end(well=False)
    assert office.paths == [f"/{KEY}/start?a=b", f"/{KEY}?a=b", f"/{KEY}/fail"]
    assert switch.fault == ""


def test_a_switch_that_cannot_be_told_says_so_without_its_address(office: WebOffice) -> None:
    switch = Switch(f"http://127.0.0.1:1/{KEY}")
    switch.start()
    switch.end(well=True)
    assert switch.fault == "no answer (ConnectionError)"
    office.answers = [404]
    switch = Switch(office.url)
    switch.end(well=True)
    assert switch.fault == "it answered 404"
    switch = Switch(f"http://[{KEY}")
    switch.end(well=True)
    assert KEY not in switch.fault
