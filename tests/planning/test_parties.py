from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_sync.domain.applications import CANDIDATE, Application
from crm_sync.domain.stages import Stage
from crm_sync.planning.parties import Party, belonging, domain_known, resolve_company


def application(
    company: str | None = "Acme",
    *,
    domain: str | None = None,
    email: str | None = None,
    name: str | None = None,
    url: str | None = None,
) -> Application:
    return Application(
        2, None, "spreadsheet", company, "Engineer", Stage.APPLIED,
        company_domain=domain, contact_email=email, contact_name=name, job_url=url,
    )  # fmt: skip


def companies(
    applications: Iterable[Application], evidence: dict[str, str] | None = None
) -> list[Party | None]:
    """Resolve one after another, remembering as the ledger does."""
    evidence = {} if evidence is None else evidence
    found = []
    for one in applications:
        party = resolve_company(one, evidence)
        for text in party.evidence if party else ():
            assert party is not None
            evidence.setdefault(text, party.id)
        found.append(party)
    return found


def ids(parties: Iterable[Party | None]) -> list[str | None]:
    return [party.id if party else None for party in parties]


def test_no_company_is_none() -> None:
    assert resolve_company(application(None), {}) is None
    assert resolve_company(application("!!!"), {}) is None


def test_two_spellings_of_one_name_are_one_company_and_the_first_wins() -> None:
    first, second = companies([application("MUZIKER"), application("Muziker a.s.")])
    assert first is not None
    assert second is not None
    assert first.id == second.id
    assert (first.new, second.new) == (True, False)
    assert first.fields == {"name": "MUZIKER"}
    assert "name" not in second.fields
    assert first.evidence == ("company:name:muziker",)
    assert second.evidence == ()


def test_one_domain_is_one_company_whatever_its_name() -> None:
    a, b = ids(
        companies(
            [application("Acme", domain="acme.example"), application("Zenith", domain="www.acme.example")]
        )
    )
    assert a == b


def test_the_domain_may_come_from_a_contact_at_the_company() -> None:
    party = resolve_company(application(email="Jane <jane@mail.acme.example>"), {})
    assert party is not None
    assert "company:domain:acme.example" in party.evidence
    assert party.fields == {"name": "Acme", "domain": "acme.example"}


@pytest.mark.parametrize("email", ["jane@gmail.com", "jobs@acme.greenhouse.io", "N/A", "jane@acme"])
def test_a_freemail_or_board_address_says_nothing_about_the_company(email: str) -> None:
    party = resolve_company(application(email=email), {})
    assert party is not None
    assert party.evidence == ("company:name:acme",)


def test_the_domain_never_comes_from_the_jobs_url() -> None:
    party = resolve_company(application(url="https://careers.acme.example/jobs/12"), {})
    assert party is not None
    assert "domain" not in party.fields


def test_a_contact_alone_makes_no_company() -> None:
    assert resolve_company(application(None, email="jane@acme.example"), {}) is None
    assert resolve_company(application(None, domain="acme.example"), {}) is not None


def test_a_company_known_by_name_that_shows_a_domain_stays_the_same() -> None:
    first, second, third = companies(
        [
            application("Acme"),
            application("Acme Inc.", domain="acme.example"),
            application(None, domain="acme.example"),
        ]
    )
    assert len(set(ids([first, second, third]))) == 1
    assert second is not None
    assert not second.new
    assert second.fields == {"domain": "acme.example"}


def test_a_name_that_has_another_domain_is_another_company() -> None:
    parties = companies(
        [
            application("Acme", domain="acme.example"),
            application("Acme", domain="acme-energy.example"),
            application("Acme"),
            application("Acme", domain="acme-energy.example"),
        ]
    )
    first, second, bare, again = ids(parties)
    assert first != second
    assert bare == first
    assert again == second


def test_a_name_alone_takes_one_domain_and_not_a_second() -> None:
    bare, one, other = ids(
        companies(
            [
                application("Acme"),
                application("Acme", domain="a.example"),
                application("Acme", domain="b.example"),
            ]
        )
    )
    assert bare == one != other


def test_an_agency_that_writes_for_two_companies_does_not_make_them_one() -> None:
    acme, beta, acme_again = ids(
        companies(
            [
                application("Acme", email="jane@agency.example"),
                application("Beta", email="jane@agency.example"),
                application("Acme", email="bob@agency.example"),
            ]
        )
    )
    assert acme == acme_again != beta


def test_a_contact_at_another_domain_leaves_the_company_as_it_is() -> None:
    first, second = companies(
        [application("Acme", domain="acme.example"), application("Acme", email="b@agency.example")]
    )
    assert ids([first]) == ids([second])
    assert second is not None
    assert second.evidence == ()


def test_contacts_of_one_domain_make_spellings_of_a_company_one() -> None:
    first, second = ids(
        companies(
            [application("Acme", email="a@acme.example"), application("Acme Widgets", email="b@acme.example")]
        )
    )
    assert first == second


def test_a_candidates_address_says_nothing_about_the_employer() -> None:
    candidate = replace(application("Acme", email="ann@university.example"), flags=("candidate",))
    party = resolve_company(candidate, {})
    assert party is not None
    assert party.evidence == ("company:name:acme",)


def test_a_contact_is_known_by_address() -> None:
    _, first, news = belonging(application(None, email="mailto:Jane@Acme.example", name="Jane"), None, {})
    assert first is not None
    assert news == {"contact:email:jane@acme.example": first}
    again = belonging(application(None, email="jane@acme.example", name="J."), None, news)
    assert again == (None, first, {})


@pytest.mark.parametrize("email", [None, "N/A", "jane at acme"])
def test_a_person_without_an_address_is_no_contact(email: str | None) -> None:
    assert belonging(application(None, email=email, name="Jane Doe"), None, {}) == (None, None, {})


some_applications = st.lists(
    st.builds(
        application,
        st.sampled_from(["Acme", "ACME Inc.", "Beta", "Beta GmbH", None]),
        domain=st.sampled_from([None, "acme.example", "beta.example", "gamma.example"]),
        email=st.sampled_from([None, "jane@acme.example", "bob@gmail.com"]),
    ),
    max_size=8,
)


@given(some_applications)
def test_a_second_look_finds_the_same_companies_and_records_nothing(applications: list[Application]) -> None:
    evidence: dict[str, str] = {}
    companies(applications, evidence)
    again = companies(applications, evidence)
    assert ids(companies(applications, evidence)) == ids(again)
    assert not any(party.new or party.evidence for party in again if party)


@given(some_applications)
def test_no_two_domains_share_a_company(applications: list[Application]) -> None:
    evidence: dict[str, str] = {}
    companies(applications, evidence)
    owners = [ident for text, ident in evidence.items() if text.startswith("company:domain:")]
    assert len(owners) == len(set(owners))


def test_a_candidates_address_does_not_tell_the_employers_domain() -> None:
    theirs = application("Own House", email="ada@ada-lind.example")
    party = resolve_company(replace(theirs, flags=(CANDIDATE,)), {})
    assert party is not None
    assert party.fields == {"name": "Own House"}


def test_the_domain_of_a_company_is_told_by_an_address_that_was_taken_for_its_own() -> None:
    agency = "anna@hire-fast.example"
    rows = [application("Hire Fast", email=agency), application("Acme", email=agency)]
    evidence: dict[str, str] = {}
    (hire_fast, acme) = ids(companies(rows, evidence))
    assert domain_known(rows[0], hire_fast, evidence) == "hire-fast.example"
    assert domain_known(rows[1], acme, evidence) is None
    assert domain_known(application(email="me@gmail.com"), acme, evidence) is None
    assert domain_known(application(domain="acme.example", email=agency), acme, evidence) == "acme.example"
    sounding = "nobody@elsewhere.example"
    other = application("Lumen", email=sounding)
    assert domain_known(other, ids(companies([other], evidence))[0], evidence) is None
