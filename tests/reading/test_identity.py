from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_sync.domain.applications import Application
from crm_sync.domain.stages import Stage
from crm_sync.reading.identity import (
    canonical_url,
    company_key,
    domain_of,
    email_of,
    evidence_of,
    is_posting_url,
    phone_of,
    place_key,
    requisition_of,
    title_key,
    who_key,
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("HTTP://WWW.Acme.Example:80/Jobs/12/", "https://acme.example/Jobs/12"),
        ("https://acme.example:443/jobs/12", "https://acme.example/jobs/12"),
        ("https://acme.example:8443/jobs/12", "https://acme.example:8443/jobs/12"),
        ("www.acme.example/careers/robotics", "https://acme.example/careers/robotics"),
        ("acme.example/jobs/12", "https://acme.example/jobs/12"),
        ("https://acme.example/a%7eb?b=2&a=1", "https://acme.example/a~b?a=1&b=2"),
        ("https://münchen.example/stelle/ü", "https://xn--mnchen-3ya.example/stelle/%C3%BC"),
        ("https://acme.example/jobs/12#apply", "https://acme.example/jobs/12"),
        ("https://acme.example/#/jobs/12", "https://acme.example#/jobs/12"),
        ("<https://acme.example/jobs/12>", "https://acme.example/jobs/12"),
        ("https://acme.example/jobs/12 (closed)", "https://acme.example/jobs/12"),
        ("https://job-boards.greenhouse.io/acme/jobs/437", "https://boards.greenhouse.io/acme/jobs/437"),
    ],
)
def test_one_posting_has_one_address(text: str, canonical: str) -> None:
    assert canonical_url(text) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "http://www.linkedin.com/jobs/view/4369053894",
        "https://www.linkedin.com/jobs/view/4369053894/?refId=a-b&trackingId=c",
        "https://de.linkedin.com/jobs/view/data-engineer-at-acme-4369053894?trk=public",
        "https://www.linkedin.com/comm/jobs/view/4369053894/",
        "https://www.linkedin.com/jobs/search/?currentJobId=4369053894&keywords=data",
        "https://www.linkedin.com/jobs/collections/recommended/?currentJobId=4369053894",
    ],
)
def test_all_spellings_of_a_linkedin_posting_are_one(text: str) -> None:
    assert canonical_url(text) == "https://linkedin.com/jobs/view/4369053894"


@pytest.mark.parametrize(
    "text",
    [
        "https://pt.indeed.com/viewjob?jk=ab12cd&from=serp",
        "https://www.indeed.com/jobs?q=engineer&vjk=ab12cd",
        "https://indeed.com/rc/clk?jk=ab12cd",
    ],
)
def test_all_spellings_of_an_indeed_posting_are_one(text: str) -> None:
    assert canonical_url(text) == "https://indeed.com/viewjob?jk=ab12cd"


@pytest.mark.parametrize(
    "noise", ["utm_source=x", "UTM_Medium=y", "gclid=1", "fbclid=2", "gh_src=z", "lever-source=X",
              "src=JB-63695",
              "refId=3", "trackingId=4", "trk=5", "source=LinkedIn", "ref=linkedin"]
)  # fmt: skip
@pytest.mark.parametrize(
    "name", ["jk", "gh_jid", "id", "jobId", "vacancyId", "pid", "postId", "jobSeqNo", "reqId", "token"]
)
def test_tracking_is_dropped_and_the_job_id_is_kept(name: str, noise: str) -> None:
    clean = f"https://acme.example/jobs?{name}=7158338"
    assert canonical_url(f"{clean}&{noise}") == canonical_url(clean) == clean
    assert canonical_url(f"https://acme.example/jobs?{noise}&{name}=7158338#top") == clean


def test_a_reference_number_is_no_tracking() -> None:
    assert canonical_url("https://acme.example/apply?ref=12345") == "https://acme.example/apply?ref=12345"


@pytest.mark.parametrize(
    "text", ["N/A", "n/a", "-", "", "LinkedIn", "Acme Inc.", "acme.example", "mailto:jane@acme.example", "http://n/A",
             "https://localhost/jobs/1", "ftp://acme.example/x", "https://[broken", "javascript:alert(1)",
             "v1.2/3", "file:///etc/passwd", "https://", "https://acme.example:99999/x"]
)  # fmt: skip
def test_what_is_no_web_address_is_none(text: str) -> None:
    assert canonical_url(text) is None


@given(
    st.text(max_size=40)
    | st.from_regex(r"https?://[a-z.]{1,12}(/[ -~]{0,8}){0,3}([?#][ -~]{0,16})?", fullmatch=True)
)
def test_canonical_addresses_stay_as_they_are(text: str) -> None:
    once = canonical_url(text)
    assert once is None or canonical_url(once) == once


@pytest.mark.parametrize(
    ("text", "posting"),
    [
        ("https://acme.example", False),
        ("https://acme.example/jobs", False),
        ("https://acme.example/de/karriere", False),
        ("https://acme.example/en-US/careers/search?q=engineer", False),
        ("https://boards.greenhouse.io/acme", False),
        ("https://jobs.lever.co/acme", False),
        ("https://linkedin.com/company/acme/jobs", False),
        ("https://acme.example/careers?gh_jid=7158338", True),
        ("https://acme.example/jobs?jk=abc", True),
        ("https://acme.example/careers/robotics-programmer", True),
        ("https://acme.example#/jobs/12", True),
        ("https://boards.greenhouse.io/acme/jobs/437", True),
        ("https://acme.example/jobs/12", True),
    ],
)
def test_a_careers_page_is_no_posting(text: str, posting: bool) -> None:
    assert is_posting_url(text) is posting


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MUZIKER", "Muziker a.s."),
        ("Acme Widgets", "The ACME Widgets Co., Ltd."),
        ("Acme", "Acme GmbH & Co. KG"),
        ("Acme", "Acme Sp. z o.o."),
        ("Acme", "ACME Pty Ltd"),
        ("Acme", "Acme S.p.A."),
        ("Acme", "Acme A/S"),
        ("Acme", "Acme (formerly Beta)"),
        ("Acme", "Acme, formerly Beta"),
        ("Acme", "Acme • Berlin"),
        ("Ünal İnşaat A.Ş.", "UNAL INSAAT"),
        ("IŞIK", "ışık"),
        ("Café Größe", "CAFE GROSSE"),
        ("J.P. Morgan", "JPMorgan"),
        ("Coca-Cola", "Coca Cola"),
        ("Ben & Jerry's", "Ben and Jerrys"),
        ("株式会社山田", "山田"),
        ("星海有限公司", "星海"),
    ],
)
def test_spellings_of_one_company_have_one_key(one: str, other: str) -> None:
    assert company_key(one) == company_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("Acme Energy", "Acme Health"), ("AB", "Co"), ("Acme 1", "Acme 2"), ("山田", "星海")]
)
def test_companies_with_different_names_have_different_keys(one: str, other: str) -> None:
    assert company_key(one) != company_key(other)


@pytest.mark.parametrize("name", ["AB", "SpA", "Co", "The", "(Acme)", "Inc", "GmbH", "& Co"])
def test_a_name_is_never_emptied(name: str) -> None:
    assert company_key(name)


@given(st.text(max_size=30))
def test_keys_of_any_text_hold_no_separators(text: str) -> None:
    for key in (company_key(text), title_key(text), place_key(text), requisition_of(text)):
        assert not set(":|\x1f\n") & set(key)
    assert company_key(company_key(text)) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Data Engineer (m/w/d)", "data engineer"),
        ("Data Engineer (f/m/x)", "Data  Engineer"),
        ("Data Engineer m/w/d", "Data Engineer"),
        ("Data Engineer (all genders)", "Data Engineer"),
        ("Data Engineer (R0992884)", "Data Engineer"),
        ("Data Engineer [Req ID: 12345]", "Data Engineer"),
        ("Data Engineer - Berlin", "Data Engineer, Berlin"),
        ("Entwickler*in", "Entwickler"),
        ("Mitarbeiter/in Verkauf", "Mitarbeiter Verkauf"),
    ],
)
def test_spellings_of_one_title_have_one_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("C++ Developer", "C# Developer"), ("Engineer", "Senior Engineer"), ("Engineer I", "Engineer II")],
)
def test_different_titles_have_different_keys(one: str, other: str) -> None:
    assert title_key(one) != title_key(other)


@pytest.mark.parametrize(
    ("title", "requisition"),
    [("Engineer (R0992884)", "r0992884"), ("Engineer [Req ID: 12345]", "12345"), ("Engineer (m/w/d)", ""),
     ("Engineer (JR-10023)", "jr10023"), ("Engineer (100%)", ""), ("Engineer", "")],
)  # fmt: skip
def test_requisition_ids_are_kept_apart(title: str, requisition: str) -> None:
    assert requisition_of(title) == requisition


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("https://www.acme.co.uk/jobs", "acme.co.uk"),
        ("Acme.Example", "acme.example"),
        ("jane@mail.acme.example", "acme.example"),
        ("acme.github.io", "acme.github.io"),
        ("jane@gmail.com", None),
        ("https://jobs.lever.co/acme", None),
        ("acme.wd3.myworkdayjobs.com", None),
        ("10.0.0.1", None),
        ("http://10.0.0.1/jobs", None),
        ("[::1]", None),
        ("localhost", None),
        ("co.uk", None),
        ("N/A", None),
        ("", None),
    ],
)
def test_the_domain_is_the_registrable_one_and_no_mail_provider_or_job_board(
    text: str, domain: str | None
) -> None:
    assert domain_of(text) == domain


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("Jane.Doe@ACME.example", "jane.doe@acme.example"),
        ("mailto:jane@acme.example?subject=Hello", "jane@acme.example"),
        ("Jane Doe <jane@acme.example>", "jane@acme.example"),
        (" jane@acme.example; bob@acme.example", "jane@acme.example"),
        ("j@münchen.example", "j@münchen.example"),
        ("jane@acme", None),
        ("jane@acme.invalid", None),
        ("jane..doe@acme.example", None),
        ("N/A", None),
        ("@acme.example", None),
    ],
)
def test_an_address_has_one_form(text: str, email: str | None) -> None:
    assert email_of(text) == email


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("(415) 555-2671", "US", "+14155552671"),
        ("4155552671.0", "US", "+14155552671"),
        ("4.155552671E9", "us", "+14155552671"),
        (" +49 30 23125000", None, "+493023125000"),
        ("0049 30 23125000", None, "+493023125000"),
        ("030 23125000", "DE", "+493023125000"),
        ("tel:+49-30-23125000", None, "+493023125000"),
        ("415-555-2671 / 415-555-2672", "US", "+14155552671"),
        ("+44 7700 900123", None, "+447700900123"),
        ("030 23125000", None, None),
        ("555-0100", "US", None),
        ("N/A", "US", None),
        ("", "US", None),
    ],
)
def test_a_phone_number_has_one_form(text: str, region: str | None, number: str | None) -> None:
    assert phone_of(text, region) == number


def test_a_person_is_known_by_address_then_by_name() -> None:
    assert who_key("Jane@Acme.example", "Jane") == "jane@acme.example"
    assert who_key(None, "Jane  DOE") == "jane doe"
    assert who_key(None, None) == ""


def test_evidence_is_told_strongest_first() -> None:
    application = Application(
        2, None, "linkedin", "Acme Inc.", "Data Engineer (m/w/d)", Stage.APPLIED, date(2026, 3, 4),
        external_id="17.0", job_url="https://acme.example/jobs/12?utm_source=x", location="Berlin, Germany",
    )  # fmt: skip
    assert evidence_of(application) == (
        "id:linkedin:17:acme",
        "url:https://acme.example/jobs/12",
        "pair:acme|data engineer||berlin|2026-03-04|",
    )


def test_a_row_that_names_nothing_has_no_evidence() -> None:
    assert evidence_of(Application(2, None, "spreadsheet", None, None, Stage.APPLIED)) == ()


def test_reading_keys_loads_no_contact_library() -> None:
    code = (
        "import sys; from crm_sync.reading import identity;"
        "identity.title_key('x'); identity.canonical_url('https://a.example/1');"
        "heavy = {'phonenumbers', 'email_validator', 'dns', 'publicsuffixlist', 'cleanco', 'w3lib'};"
        "bad = heavy & set(sys.modules);"
        "sys.exit(str(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
