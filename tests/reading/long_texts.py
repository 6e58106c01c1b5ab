"""Everything that looks into one text, tried on long odd ones within a bound of processor time.

python -m tests.reading.long_texts
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable

from crm_sync.cadence.roles import guess_role
from crm_sync.crms.hubspot.calls import told_by
from crm_sync.crms.hubspot.portal import Portal
from crm_sync.planning.deciding import posting_says_no_calls
from crm_sync.reading.addresses import domain_of, email_of, phone_of
from crm_sync.reading.dates import interpret
from crm_sync.reading.description.taking import plain_text
from crm_sync.reading.halves import Halves
from crm_sync.reading.histories import first_day_of, known_steps_of, latest_of
from crm_sync.reading.identity import company_key, place_key, requisition_of, title_key, who_key
from crm_sync.reading.mailbox import read_mail
from crm_sync.reading.meanings import meanings_of_text, round_of
from crm_sync.reading.placeholders import is_nothing, truth
from crm_sync.reading.places import zone_of
from crm_sync.reading.postings import canonical_url, is_posting_url
from crm_sync.reading.profiles import kind_of
from crm_sync.reading.stages import word_of
from crm_sync.reading.unwanted import cut_at_unwanted, holds_unwanted_answers, without_unwanted

SECONDS = 40
"""Processor time for all; a few are enough. What grows with the square takes that much for one text."""

PORTAL = Portal("1", "deals", "Deals", {})
LOOKS: dict[str, Callable[[str], object]] = {
    "company": company_key,
    "title": title_key,
    "requisition": requisition_of,
    "place": place_key,
    "zone": zone_of,
    "who": lambda text: who_key(text, text),
    "domain": domain_of,
    "email": email_of,
    "phone": lambda text: phone_of(text, "DE"),
    "url": canonical_url,
    "posting": lambda text: is_posting_url(f"https://jobs.example/{text}"),
    "day": interpret,
    "stage": word_of,
    "latest": latest_of,
    "steps": known_steps_of,
    "first day": first_day_of,
    "halves": Halves(["Northwind - Engineer", "Bluebird - Planner"]).of,
    "mail": lambda text: read_mail(text, f"Thank you for applying to {text}"),
    "relayed mail": lambda text: read_mail(f"workday {text}", f"Application received: {text}"),
    "unwanted": lambda text: without_unwanted(f"Gender: f\n{text}\nx?"),
    "broken": cut_at_unwanted,
    "answers": lambda text: holds_unwanted_answers(["{" + text]),
    "nothing": is_nothing,
    "truth": truth,
    "kind": kind_of,
    "header": meanings_of_text,
    "round": round_of,
    "role": guess_role,
    "no calls": posting_says_no_calls,
    "html": plain_text,
    "call": lambda text: told_by({"hs_call_body": f"result: {text}"}, PORTAL),
}


def main(names: list[str]) -> int:
    """Try the named looks, or all, on every odd text; tell each on standard error."""
    from tests.connectors.odd_cells import LONG, worst_cells

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    texts = worst_cells(LONG)
    for name in names or LOOKS:
        sys.stderr.write(f"{name}\n")
        sys.stderr.flush()
        for text in texts:
            LOOKS[name](text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
