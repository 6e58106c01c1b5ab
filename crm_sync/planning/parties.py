"""Which company and which contact of the account an application belongs to (design 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    name = company_key(application.company) if application.company else ""
    by_name = evidence.get(f"company:name:{name}") if name else None
    domain = _own_domain(application) or _contact_domain(application, name, by_name, evidence)
    by_domain = evidence.get(f"company:domain:{domain}") if domain else None
    if not name and not domain:
        return None
    known = by_domain
    if by_name and not by_domain and (not domain or _sited(by_name) not in evidence):
        known = by_name
    ident = known or _first_id(name, domain, taken=by_name)
    told = [f"company:domain:{domain}", _sited(ident)] if domain else []
    told += [f"company:name:{name}"] if name else []
    news = tuple([text for text in told if text not in evidence])
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


def resolve_contact(application: Application, evidence: Mapping[str, str]) -> Party | None:
    """Return the contact by e-mail address; None without one (such a person stands in the brief)."""
    email = email_of(application.contact_email) if application.contact_email else None
    if email is None:
        return None
    text = f"contact:email:{email}"
    known = evidence.get(text)
    if known:
        return Party(known, new=False)
    fields = {
        "name": application.contact_name,
        "email": email,
        "phone": application.contact_phone,
        "title": application.contact_title,
    }
    stated = {name: value for name, value in fields.items() if value}
    return Party(mint("contact", "", email), new=True, evidence=(text,), fields=stated)


def belonging(
    application: Application, old: Dossier | None, evidence: Mapping[str, str]
) -> tuple[str | None, str | None, dict[str, str]]:
    """Return the ids of company and contact, and the evidence that is not in *evidence* yet.

    An application keeps the company it belonged to for as long as that has the same name.
    """
    news: dict[str, str] = {}
    found = []
    same = old is not None and old.application.company == application.company
    for resolve, held in (
        (resolve_company, old.company_key if old and same else None),
        (resolve_contact, None),
    ):
        party = resolve(application, evidence)
        found.append(held or (party.id if party else None))
        if party is not None:
            news |= {text: held or party.id for text in party.evidence if text not in evidence}
    return found[0], found[1], news


def _own_domain(application: Application) -> str | None:
    return domain_of(application.company_domain) if application.company_domain else None


def _contact_domain(
    application: Application, name: str, by_name: str | None, evidence: Mapping[str, str]
) -> str | None:
    """Return the domain of the contact's address where it may be the employer's.

    Not without the company's name, not in an employer's own export (there the contact is the candidate),
    and not against what is known: an agency writes for many companies, and a company's people may write
    from several domains.
    """
    if not name or not application.contact_email or CANDIDATE in application.flags:
        return None
    email = email_of(application.contact_email)
    domain = domain_of(email) if email else None
    if domain is None:
        return None
    owner = evidence.get(f"company:domain:{domain}")
    if owner is None:
        return None if by_name and _sited(by_name) in evidence else domain
    if owner == by_name:
        return domain
    return domain if _sounds_like(domain, name) else None


def _sounds_like(domain: str, name: str) -> bool:
    label, name = (text.replace(" ", "") for text in (company_key(domain.partition(".")[0]), name))
    return bool(label and name) and (label in name or name in label)


def _first_id(name: str, domain: str | None, *, taken: str | None) -> str:
    """Return the id of a company by the evidence it is first seen by: its name where that is free.

    The name comes first so that a company has one id, whichever row of a file is read first.
    """
    return mint("company", "", f"name:{name}" if name and not taken else f"domain:{domain}")


def _sited(ident: str) -> str:
    """Return the evidence that a company has a domain: its name alone cannot be given another."""
    return f"company:sited:{ident}"


def _company_fields(
    application: Application, domain: str | None, known: str | None, news: tuple[str, ...]
) -> dict[str, str | bool | None]:
    fields: dict[str, str | bool | None] = {}
    if application.company and known is None:
        fields["name"] = application.company
    if domain and (known is None or f"company:domain:{domain}" in news):
        fields["domain"] = domain
    return fields
