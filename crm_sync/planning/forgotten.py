"""Rows of those who were forgotten: known again by digests alone, and left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from crm_sync.domain.applications import Snapshot
from crm_sync.domain.dossiers import Dossier
from crm_sync.domain.forgetting import Forgotten, evidence_trace, key_trace
from crm_sync.domain.keys import mint
from crm_sync.domain.values import replace
from crm_sync.planning.recall import ALSO
from crm_sync.planning.sightings import Sighting, evidence_in, identity_in, see, see_all


def without_forgotten(user: str, snapshot: Snapshot, forgotten: Forgotten) -> tuple[Snapshot, int]:
    """Return the snapshot without the rows of forgotten applications, and how many these are."""
    if not forgotten.digests:
        return snapshot, 0
    sightings, _ = see_all(snapshot.applications)
    kept = [
        application
        for application, sighting in zip(snapshot.applications, sightings, strict=True)
        if not forgotten.any_of(list(_traces(user, sighting)))
    ]
    left_out = len(snapshot.applications) - len(kept)
    return (replace(snapshot, applications=tuple(kept)), left_out) if left_out else (snapshot, 0)


def traces_of(dossier: Dossier, evidence: Mapping[str, str]) -> dict[str, str]:
    """Return the texts by which an application's rows are known again, each with that of its key.

    *evidence* is the user's, with the key that each names.
    """
    whose = key_trace(dossier.key)
    recorded = (_plain(text, dossier.key) for text, key in evidence.items() if key == dossier.key)
    texts = {evidence_trace(dossier.user, text) for text in recorded}
    for application in (dossier.application, *(saying.application for saying in dossier.sayings)):
        texts.update(_traces(dossier.user, see(application)))
    return dict.fromkeys(sorted({whose, *texts}), whose)


def _traces(user: str, sighting: Sighting) -> Iterator[str]:
    yield from (evidence_trace(user, text) for text in evidence_in(sighting))
    yield key_trace(mint("application", user, identity_in(sighting)))


def _plain(text: str, key: str) -> str:
    return text.removeprefix(f"{ALSO}:{key}:").removesuffix(f"#{key}")


def with_merged(keys: Collection[str], dossiers: Mapping[str, Dossier]) -> frozenset[str]:
    """Return the keys with those that a person merged with them: they tell of one and the same."""
    found = set(keys)
    while more := {
        other
        for key, dossier in dossiers.items()
        if dossier.merged_into
        for one, other in ((key, dossier.merged_into), (dossier.merged_into, key))
        if one in found and other in dossiers and other not in found
    }:
        found |= more
    return frozenset(found)
