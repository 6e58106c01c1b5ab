"""Which company and which contact of the account an application belongs to (design 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from crm_sync.domain.applications import CANDIDATE, Application
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.items import Fields
from crm_sync.domain.keys import mint
from crm_sync.domain.values import light
from crm_sync.reading.identity import company_key, domain_of, email_of


@light
@dataclass(frozen=True, slots=True)
class Party:
    """A company or contact of the account.

    ``evidence`` is what is not yet recorded for the id (owner ""), to be seen by the next ``resolve_*``.
    ``fields`` are those of a new record; of a known one only what was not known of it before: a name is
    never flipped to another spelling.
    """

    id: str
    new: bool
    evidence: tuple[str, ...] = ()
    fields: Fields = field(default_factory=dict)


def resolve_company(application: Application, evidence: Mapping[str, str]) -> Party | None:
    """Return the company by its domain, else by its normalised name; None where neither is known.

    The domain comes from the company's own column or from a contact's address that is no freemail, never
    from the job's URL. *evidence* is the account's, with the ids it names. A company known by name alone
    that shows a domain stays the same; a name whose own column shows another domain is another company.
    """
    clues = _clues_of(application)
    found = _company(clues, evidence)
    if found is None:
        return None
    ident, known, domain = found
    news = tuple([text for text in _told(clues, ident, domain) if text not in evidence])
    fields = _company_fields(application, domain, known, news) if news or known is None else {}
    return Party(ident, known is None, news, fields)


def domain_known(application: Application, company: str | None, evidence: Mapping[str, str]) -> str | None:
    """Return the domain of the application's company: its own column's, else that of its contact's address.

    *company* is its id. The address counts where the account's *evidence* took it for this company's (see
    ``resolve_company``) and it sounds like the company's name: what is written must not hang on whose row
    came first.
    """
    if application.company_domain or not application.contact_email:
        return application.company_domain
    email = email_of(application.contact_email)
    domain = domain_of(email) if email else None
    if domain is None or evidence.get(f"company:domain:{domain}") != company:
        return None
    return domain if _sounds_like(domain, company_key(application.company or "")) else None


def belonging(
    application: Application, old: Dossier | None, evidence: Mapping[str, str]
) -> tuple[str | None, str | None, dict[str, str]]:
    """Return the ids of company and contact, and the evidence that is not in *evidence* yet.

    An application keeps the company it belonged to for as long as that has the same name. A contact is known
    by its e-mail address; a person without one stands in the brief alone.
    """
    news: dict[str, str] = {}
    clues = _clues_of(application)
    company, found = None, _company(clues, evidence)
    if old is not None and old.application.company == application.company:
        company = old.company_key
    if found is not None:
        ident, _, domain = found
        company = company or ident
        for text in _told(clues, ident, domain):
            if text not in evidence:
                news[text] = company
    contact = evidence.get(clues.of_contact) if clues.email else None
    if clues.email and not contact:
        contact = news[clues.of_contact] = mint("contact", "", clues.email)
    return company, contact, news


class _Clues(NamedTuple):
    """What an application's own words tell of its company and contact; "" where they tell nothing.

    ``domain`` is the company's own column's, else the contact's address's, where it may be the employer's.
    ``of_*`` are the evidence of name, domain and address.
    """

    name: str
    of_name: str
    domain: str
    of_domain: str
    is_by_mail: bool
    email: str
    of_contact: str


def _clues_of(application: Application) -> _Clues:
    return _clues(
        application.company,
        application.company_domain,
        application.contact_email,
        CANDIDATE in application.flags,
    )


@lru_cache(maxsize=4096)
def _clues(
    company: str | None, company_domain: str | None, contact_email: str | None, is_of_candidate: bool
) -> _Clues:
    """Return the clues; the address is none in an employer's own export: there the contact is the candidate.

    Nor does it tell of a company without a name.
    """
    name = company_key(company) if company else ""
    domain = (domain_of(company_domain) if company_domain else None) or ""
    email = (email_of(contact_email) if contact_email else None) or ""
    is_by_mail = bool(name and email and not domain and not is_of_candidate)
    if is_by_mail:
        domain = domain_of(email) or ""
    return _Clues(
        name,
        f"company:name:{name}",
        domain,
        f"company:domain:{domain}",
        is_by_mail,
        email,
        f"contact:email:{email}",
    )


def _company(clues: _Clues, evidence: Mapping[str, str]) -> tuple[str, str | None, str] | None:
    """Return the company's id, the same where it is known already, and its domain ("" for none)."""
    name = clues.name
    by_name = evidence.get(clues.of_name) if name else None
    domain, known = clues.domain, evidence.get(clues.of_domain)
    if domain and clues.is_by_mail and not _is_employers(clues, by_name, known, evidence):
        domain = ""
    if not domain:
        return (by_name or _first_id(name, domain, taken=by_name), by_name, domain) if name else None
    if by_name and not known and _sited(by_name) not in evidence:
        known = by_name
    return known or _first_id(name, domain, taken=by_name), known, domain


def _told(clues: _Clues, ident: str, domain: str) -> list[str]:
    """Return the evidence by which the company is known from now on."""
    told = [clues.of_domain, _sited(ident)] if domain else []
    if clues.name:
        told.append(clues.of_name)
    return told


def _is_employers(clues: _Clues, by_name: str | None, owner: str | None, evidence: Mapping[str, str]) -> bool:
    """Tell whether the domain of the contact's address, which is *owner*'s so far, is the employer's.

    Not against what is known: an agency writes for many companies, and a company's people may write from
    several domains.
    """
    if owner is None:
        return not by_name or _sited(by_name) not in evidence
    return owner == by_name or _sounds_like(clues.domain, clues.name)


def _sounds_like(domain: str, name: str) -> bool:
    label, name = company_key(domain.partition(".")[0]).replace(" ", ""), name.replace(" ", "")
    return bool(label and name) and (label in name or name in label)


def _first_id(name: str, domain: str, *, taken: str | None) -> str:
    """Return the id of a company by the evidence it is first seen by: its name where that is free.

    The name comes first so that a company has one id, whichever row of a file is read first.
    """
    return mint("company", "", f"name:{name}" if name and not taken else f"domain:{domain}")


def _sited(ident: str) -> str:
    """Return the evidence that a company has a domain: its name alone cannot be given another."""
    return f"company:sited:{ident}"


def _company_fields(
    application: Application, domain: str, known: str | None, news: tuple[str, ...]
) -> dict[str, str | bool | None]:
    fields: dict[str, str | bool | None] = {}
    if application.company and known is None:
        fields["name"] = application.company
    if domain and (known is None or f"company:domain:{domain}" in news):
        fields["domain"] = domain
    return fields
