"""By what forgotten rows are known again."""

from __future__ import annotations

from crm_sync.domain.forgetting import evidence_trace
from crm_sync.planning.forgotten import traces_of
from crm_sync.reading.identity import url_evidence
from tests.planning.looks import Book, row


def test_an_application_that_was_split_off_is_known_by_what_it_shares_with_the_other() -> None:
    book = Book()
    book.look([row(2)])
    ((key, dossier),) = book.known.items()
    shared = url_evidence("https://acme.example/jobs/101")
    traces = traces_of(dossier, {f"also:{key}:{shared}": key})

    assert evidence_trace("me", shared) in traces
