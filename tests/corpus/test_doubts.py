"""In the labelled trackers every status is understood: none of their columns is told as a doubt."""

from __future__ import annotations

from crm_sync.app.plugins import choose
from crm_sync.domain.options import ReadingOptions
from crm_sync.errors import CrmSyncError
from tests.corpus.score import TODAY, trackers
from tests.corpus.test_corpus import AUTHORED


def test_no_column_of_the_labelled_trackers_is_in_doubt() -> None:
    looked_at, doubts = 0, []
    for path in (*trackers(), *trackers(AUTHORED)):
        try:
            told = choose(str(path)).connect(str(path), ReadingOptions(today=TODAY)).explain()
        except CrmSyncError:
            continue
        for table in told["tables"]:
            looked_at += 1
            doubts += [(path.name, doubt["header"]) for doubt in table.get("doubts", ())]
    assert looked_at >= 300
    assert doubts == []
