"""The person at the employer (or the candidate), from the columns that may name one."""

from __future__ import annotations

import re

from crm_sync.domain.tables import Row
from crm_sync.reading.converters import Facts
from crm_sync.reading.placeholders import truth
from crm_sync.reading.telephones import split_number

_MAIL = re.compile(r"(?<![^\s@<>,;()|\[\]])[^\s@<>,;()|\[\]]+@[^\s@<>,;()|\[\]]+\.\w+")
_EDGES = " \t-–—:;,|/<>()[]"


def _tidy(name: str) -> str | None:
    """Return what is left of a cell out of which something was taken; brackets and signs around it go."""
    return re.sub(r"\s*[(\[<]\s*[)\]>]|\s+", " ", name).strip(_EDGES) or None


class Contacts:
    """Reads name, e-mail address and phone of the contact of a row."""

    def __init__(self, facts: Facts) -> None:
        self._recruiter = facts.plan.recruiter
        self._name = facts.reader("contact_name")
        self._mail = facts.reader("contact_email")
        self._phone = facts.reader("contact_phone")
        self._person = facts.reader("person_name")
        self._first = facts.reader("first_name")
        self._last = facts.reader("last_name")

    def read(self, row: Row) -> tuple[str | None, str | None, str | None]:
        """Return name, address and phone; an address or number in the name's cell is taken out of it."""
        name, mail, phone = self._name(row), self._mail(row), self._phone(row)
        if self._recruiter:
            name = self._candidate(row) or name
        if name is not None and "@" in name:
            found = _MAIL.search(name)
            if found:
                mail = mail or found[0]
                name = (name[: found.start()] + name[found.end() :]).strip(_EDGES) or None
        if name is not None and len(name) < 4 and truth(name) is not None:
            name = None
        if name is not None and phone is None:
            name, phone = split_number(name)
            name = _tidy(name) if phone else name
        if mail is not None and (found := _MAIL.search(mail)):
            phone = phone or split_number(mail[: found.start()] + mail[found.end() :])[1]
            mail = found[0]
        return name, mail, phone

    def _candidate(self, row: Row) -> str | None:
        parts = (self._first(row), self._last(row))
        return " ".join(part for part in parts if part) or self._person(row)
