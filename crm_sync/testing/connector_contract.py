"""What every connector promises, as a suite that its author inherits."""

from __future__ import annotations

import json
from abc import abstractmethod
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path

import pytest

from crm_sync.domain.applications import Application, RejectedRow, Snapshot
from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.stages import Stage
from crm_sync.errors import SourceError
from crm_sync.ports import Connector, ConnectorKind

_TEXTS = tuple(
    f.name for f in fields(Application) if f.name not in {"row", "stage", "flags", "cells", "sheet"}
)
_DAYS = {"applied_on", "next_action_on"}


class ConnectorContract:
    """Inherit, say ``kind()`` and give a ``sample`` file of yours: the promises of ``ports.Connector``.

    ``changed`` returns the same sample with another content (a row more or less), ``alien`` a file that is
    none of yours and cannot be read at all.
    """

    @abstractmethod
    def kind(self) -> ConnectorKind:
        """Return the connector, as its entry point names it."""

    @abstractmethod
    def sample(self, folder: Path) -> Path:
        """Write a sample file with two applications or more, and return its path."""

    @abstractmethod
    def changed(self, folder: Path) -> Path:
        """Write the sample with other content over the same path, and return it."""

    def alien(self, folder: Path) -> Path:
        """Write a file that nobody can read, and return its path."""
        path = folder / "alien.bin"
        path.write_bytes(bytes(range(256)) * 8)
        return path

    def connect(self, path: Path) -> Connector:
        """Return a connector for a file with ordinary options."""
        return self.kind().connect(str(path), ReadingOptions(date(2027, 2, 1)))

    def fetch(self, folder: Path) -> Snapshot:
        """Return what the sample shows."""
        return self.connect(self.sample(folder)).fetch()

    def test_it_has_a_name_and_a_version(self) -> None:
        assert self.kind().name.isidentifier()
        assert self.kind().version

    def test_it_recognises_its_sample_and_says_why(self, tmp_path: Path) -> None:
        told = self.kind().recognise(str(self.sample(tmp_path)))
        assert 0 < told.certainty <= 1
        assert told.because

    def test_it_never_raises_for_what_it_does_not_recognise(self, tmp_path: Path) -> None:
        for path in (self.alien(tmp_path), tmp_path / "not-there.csv", tmp_path):
            assert 0 <= self.kind().recognise(str(path)).certainty <= 1

    def test_connecting_reads_nothing(self, tmp_path: Path) -> None:
        self.connect(tmp_path / "not-there.csv")

    def test_a_check_of_a_good_source_says_nothing(self, tmp_path: Path) -> None:
        self.connect(self.sample(tmp_path)).check()

    def test_an_outage_is_an_error_with_a_hint_and_never_an_empty_snapshot(self, tmp_path: Path) -> None:
        missing = self.connect(tmp_path / "not-there.csv")
        for look in (missing.check, missing.bookmark, missing.fetch, missing.explain):
            with pytest.raises(SourceError) as told:
                look()
            assert told.value.hint

    def test_what_nobody_can_read_is_an_error_with_a_hint(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError) as told:
            self.connect(self.alien(tmp_path)).fetch()
        assert told.value.hint

    def test_the_snapshot_names_source_and_connector(self, tmp_path: Path) -> None:
        path = self.sample(tmp_path)
        snapshot = self.connect(path).fetch()
        assert snapshot.source == str(path)
        assert snapshot.connector == self.kind().name
        assert len(snapshot.applications) >= 2
        assert all(application.connector == self.kind().name for application in snapshot.applications)

    def test_the_same_content_gives_the_same_snapshot_and_bookmark(self, tmp_path: Path) -> None:
        path = self.sample(tmp_path)
        one, two = self.connect(path).fetch(), self.connect(path).fetch()
        assert list(one.applications) == list(two.applications)
        assert one.bookmark == two.bookmark == self.connect(path).bookmark()

    def test_other_content_gives_another_bookmark(self, tmp_path: Path) -> None:
        before = self.connect(self.sample(tmp_path)).bookmark()
        assert self.connect(self.changed(tmp_path)).bookmark() != before

    def test_applications_are_in_canonical_form(self, tmp_path: Path) -> None:
        for application in self.fetch(tmp_path).applications:
            assert isinstance(application.stage, Stage)
            for name in _TEXTS:
                self.check_value(name, getattr(application, name))

    def check_value(self, name: str, value: object) -> None:
        """Fail where a fact is neither absent nor in canonical form."""
        if name in _DAYS:
            assert value is None or (isinstance(value, date) and not isinstance(value, datetime)), name
        else:
            assert value is None or (isinstance(value, str) and value and value == value.strip()), name

    def test_every_row_is_an_application_or_rejected_with_a_reason_and_none_is_both(
        self, tmp_path: Path
    ) -> None:
        snapshot = self.fetch(tmp_path)
        kept = {(a.sheet, a.row) for a in snapshot.applications}
        left: list[RejectedRow] = list(snapshot.rejected)
        assert not kept & {(r.sheet, r.row) for r in left}
        assert all(row.reason for row in left)

    def test_it_explains_itself_in_plain_data(self, tmp_path: Path) -> None:
        assert json.loads(json.dumps(self.connect(self.sample(tmp_path)).explain()))
