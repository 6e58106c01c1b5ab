"""Who is heard first: the environment, the user, the defaults, the system; and which CRM is meant."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from crm_sync.config.configuration import Configuration, load_configuration
from crm_sync.config.file.cadences import CadenceEntry
from crm_sync.config.finding import find_configuration, usual_places
from crm_sync.config.settings import Settings, load
from crm_sync.config.surroundings import Surroundings, look_around
from crm_sync.errors import ConfigError, UsageError
from tests.config.conftest import Write

Loaded = Callable[[str], Configuration]
TEAM = """\
state: {home: state, database: sqlite:///books/ledger.db}
connectors: own
crms:
  agency: {kind: hubspot, token: {env: AGENCY}, portal: 11, pipeline: Jobs, tier: starter}
  other: {kind: hubspot, token: {env: OTHER}, portal: 22, base_url: https://eu.hubapi.example}
  here: {kind: local}
cadences:
  patient: {like: gentle, max_calls: 3}
defaults:
  time_zone: Europe/Berlin
  country: DE
  subdivision: BY
  calls_per_day: 4
  cadence: patient
  crm: here
  sources: ["clients/{user}/*.csv"]
users:
  ana: {}
  ben:
    time_zone: America/New_York
    country: US
    calls_per_day: unlimited
    cadence: {like: patient, gap_max: 9}
    days_off: [2027-02-08, 2027-03-01..2027-03-03]
    crm: agency
    owner: ben@acme.example
    sources:
      - {path: list.xlsx, sheet: Jobs, day_first: true, columns: {company: Firm}, connector: spreadsheet}
      - https.csv
      - {url: "https://files.acme.example/ben.csv", employer: Acme}
"""


@pytest.fixture
def team(loaded: Loaded) -> Configuration:
    return loaded(TEAM)


def settings_of(team: Configuration, user: str | None, **environ: str) -> Settings:
    return Surroundings(environ, team).settings(user)


def test_a_user_who_says_nothing_has_the_defaults(team: Configuration) -> None:
    ana = settings_of(team, "ana")
    assert (ana.user, ana.time_zone, ana.country, ana.subdivision) == ("ana", "Europe/Berlin", "DE", "BY")
    assert (ana.calls_per_day, ana.policy.max_calls, ana.policy_name, ana.crm) == (4, 3, "patient", "here")
    (source,) = ana.sources
    assert source.text.endswith("/clients/ana/*.csv")


def test_what_a_user_says_stands_before_the_defaults(team: Configuration) -> None:
    ben = settings_of(team, "ben")
    assert (ben.time_zone, ben.country, ben.calls_per_day) == ("America/New_York", "US", None)
    assert (ben.policy.gap_min, ben.policy.gap_max, ben.policy.max_calls) == (7, 9, 3)
    assert len(ben.days_off) == 4
    assert date(2027, 3, 2) in ben.days_off
    assert ben.owner == "ben@acme.example"


def test_a_country_of_ones_own_takes_no_part_of_another_country(team: Configuration) -> None:
    assert settings_of(team, "ben").subdivision is None


def test_paths_are_seen_from_the_file_in_which_they_stand(write: Write) -> None:
    write("users: {cleo: {sources: [list.csv]}}", "users.d/cleo.yaml")
    team = load_configuration(write("include: users.d\n" + TEAM))
    folder = team.path.parent
    assert [s.text for s in settings_of(team, "cleo").sources] == [str(folder / "users.d" / "list.csv")]
    assert settings_of(team, "ana").home == folder / "state"
    assert settings_of(team, "ana").database == f"sqlite:///{folder}/books/ledger.db"
    assert settings_of(team, "ana").connectors == folder / "own"


def test_sources_keep_their_order_and_how_they_are_read(team: Configuration) -> None:
    first, second, third = settings_of(team, "ben").sources
    assert (first.sheet, first.day_first, first.columns) == ("Jobs", True, (("company", "Firm"),))
    assert first.connector == "spreadsheet"
    assert second.text.endswith("/https.csv")
    assert (third.text, third.employer) == ("https://files.acme.example/ben.csv", "Acme")


def test_the_environment_stands_before_the_configuration_and_says_so(team: Configuration) -> None:
    told = {
        "CRM_SYNC_TIME_ZONE": "Asia/Tokyo",
        "CRM_SYNC_COUNTRY": "JP",
        "CRM_SYNC_CALLS_PER_DAY": "7",
        "CRM_SYNC_CADENCE": "patient",
        "CRM_SYNC_HOME": "/elsewhere",
        "CRM_SYNC_DATABASE_URL": "sqlite:///x.db",
        "CRM_SYNC_OWNER": "x@acme.example",
        "CRM_SYNC_DAYS_OFF": "2027-01-01",
        "CRM_SYNC_LOCALE": "ja-JP",
    }
    ben = settings_of(team, "ben", **told)
    assert (ben.time_zone, ben.country, ben.subdivision, ben.calls_per_day) == ("Asia/Tokyo", "JP", None, 7)
    assert (ben.policy_name, ben.home, ben.database) == ("patient", Path("/elsewhere"), "sqlite:///x.db")
    assert (ben.owner, ben.days_off, ben.locale) == ("x@acme.example", {date(2027, 1, 1)}, "ja-JP")
    assert "CRM_SYNC_TIME_ZONE overrides time_zone of the configuration." in ben.overrides
    assert "CRM_SYNC_CADENCE overrides cadence of the configuration." in ben.overrides
    assert not [note for note in ben.overrides if "LOCALE" in note]  # nothing was there to override
    assert ben.origins["time_zone"] == "CRM_SYNC_TIME_ZONE"


def test_every_setting_says_where_it_was_told(team: Configuration) -> None:
    origins = settings_of(team, "ben").origins
    assert origins["calls_per_day"].endswith("crm-sync.yaml:22")
    assert origins["policy"].endswith("crm-sync.yaml:23")
    assert settings_of(team, "ana").origins["calls_per_day"].endswith("crm-sync.yaml:13")


def test_without_a_configuration_the_environment_alone_speaks() -> None:
    environ = {"CRM_SYNC_TIME_ZONE": "Europe/Paris", "CRM_SYNC_HOME": "/h", "CRM_SYNC_COUNTRY": "DE-BY"}
    settings = Surroundings(environ).settings(None)
    assert settings.origins["time_zone"] == "CRM_SYNC_TIME_ZONE"
    assert (settings.user, settings.subdivision, settings.sources, settings.overrides) == ("me", "BY", (), ())
    assert load(environ).policy_name == "steady"


def test_a_database_with_a_password_comes_from_where_secrets_are_kept(loaded: Loaded) -> None:
    team = loaded("state: {database: {env: LEDGER}}\nusers: {ana: {}}")
    url = "postgresql://me:pw@db.example/x"
    assert settings_of(team, "ana", LEDGER=url).database == url
    with pytest.raises(ConfigError, match=r"state\.database: the environment variable LEDGER is not set"):
        settings_of(team, "ana")
    assert settings_of(team, "ana", CRM_SYNC_DATABASE_URL="sqlite:///y").database == "sqlite:///y"


def test_the_cadence_of_the_file_knows_every_setting_of_a_policy() -> None:
    from dataclasses import fields

    from crm_sync.cadence.policy import Policy

    assert set(CadenceEntry.model_fields) == {field.name for field in fields(Policy)} | {"like"}


@pytest.mark.parametrize(
    ("option", "user", "name"),
    [(None, "ana", "here"), (None, "ben", "agency"), ("other", "ben", "other"), ("local", "ben", "local")],
)
def test_the_crm_is_the_one_that_is_named_else_the_users(
    team: Configuration, option: str | None, user: str, name: str
) -> None:
    around = Surroundings({}, team)
    assert around.crm_name(option, around.settings(user)) == name


def test_the_only_crm_needs_not_be_named(loaded: Loaded) -> None:
    around = Surroundings(
        {}, loaded("crms: {agency: {kind: hubspot, token: {env: A}}}\nusers: {ana: {}, ben: {crm: local}}")
    )
    assert around.crm_name(None, around.settings("ana")) == "agency"
    assert around.crm_name(None, around.settings("ben")) == "local"


def test_a_connection_has_what_its_entry_says_and_the_token_from_its_place(team: Configuration) -> None:
    connection = Surroundings({"AGENCY": "token-11"}, team).connection("agency")
    assert (connection.kind, connection.name, connection.portal) == ("hubspot", "agency", "11")
    assert (connection.pipeline, connection.tier, connection.api_version) == ("Jobs", "starter", "v3")
    assert connection.needed_token().reveal() == "token-11"
    assert Surroundings({"OTHER": "t"}, team).connection("other").base_url == "https://eu.hubapi.example"
    assert Surroundings({}, team).connection("local").name == "here"


def test_a_token_that_is_missing_names_variable_and_line(team: Configuration) -> None:
    with pytest.raises(ConfigError, match=r"crm-sync\.yaml:4: crms\.agency\.token: .* AGENCY is not set"):
        Surroundings({"HUBSPOT_ACCESS_TOKEN": "not this one"}, team).connection("agency")


def test_a_kind_with_several_entries_names_them(team: Configuration) -> None:
    with pytest.raises(UsageError, match="several hubspot accounts: agency, other"):
        Surroundings({}, team).connection("hubspot")
    with pytest.raises(UsageError, match='no CRM "nowhere"'):
        Surroundings({}, team).connection("nowhere")


def test_an_account_of_the_ledger_is_reached_by_the_entry_of_its_portal(team: Configuration) -> None:
    around = Surroundings({"AGENCY": "a", "OTHER": "o"}, team)
    ana, ben = around.settings("ana"), around.settings("ben")
    assert around.connection_of("hubspot-22", ben).name == "other"
    assert around.connection_of("hubspot-11", ana).name == "agency"
    assert around.connection_of("local", ben).name == "here"


def test_a_user_whom_the_configuration_does_not_know_is_told_the_nearest(team: Configuration) -> None:
    with pytest.raises(UsageError) as caught:
        Surroundings({}, team).user_told("anna")
    assert caught.value.hint == "Did you mean ana?"
    with pytest.raises(UsageError):
        Surroundings({"CRM_SYNC_USER": "zoe"}, team).user_told(None)
    assert Surroundings({"CRM_SYNC_USER": "ben"}, team).user_told(None) == "ben"
    assert Surroundings({}, team).user_told(None) is None


def test_the_digest_names_what_the_files_say(write: Write) -> None:
    write("users: {cleo: {}}", "users.d/cleo.yaml")
    path = write("include: users.d/*.yaml")
    before = load_configuration(path).digest
    assert load_configuration(path).digest == before
    write("users: {cleo: {calls_per_day: 3}}", "users.d/cleo.yaml")
    assert load_configuration(path).digest != before


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of our own, and a config folder beside it."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def test_the_configuration_is_found_in_turn(here: Path, write: Write) -> None:
    assert find_configuration({}) in (None, Path("/etc/crm-sync/crm-sync.yaml"))
    users = write("users: {}", "config/crm-sync/crm-sync.yaml")
    assert find_configuration({}) == users
    write("users: {}", "here/crm-sync.yaml")
    assert find_configuration({}) == Path("crm-sync.yaml")
    told = write("users: {}", "told.yaml")
    assert find_configuration({"CRM_SYNC_CONFIG": str(told)}) == told
    assert find_configuration({"CRM_SYNC_CONFIG": str(told)}, str(users)) == users
    assert find_configuration({}, str(users.parent)) == users
    assert look_around({}, str(told)).users == ()


def test_the_usual_places_are_here_the_config_folder_and_etc(here: Path) -> None:
    names = [str(place) for place in usual_places()]
    assert names == ["crm-sync.yaml", f"{here}/config/crm-sync/crm-sync.yaml", "/etc/crm-sync/crm-sync.yaml"]


def test_a_configuration_that_was_named_and_is_not_there_is_told(here: Path) -> None:
    named = str(here / "x.yaml")
    for told, environ, message in (
        (named, {}, f"--config: there is no file {named}"),
        (None, {"CRM_SYNC_CONFIG": "x.yaml"}, "CRM_SYNC_CONFIG: there is no file x.yaml"),
    ):
        with pytest.raises(ConfigError) as caught:
            find_configuration(environ, told)
        assert caught.value.message == message


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file somebody else's")
def test_a_configuration_that_somebody_else_left_here_is_not_trusted(here: Path, write: Write) -> None:
    os.chown(write("users: {}", "here/crm-sync.yaml"), 65534, 65534)
    with pytest.raises(ConfigError) as caught:
        find_configuration({})
    assert caught.value.message == "crm-sync.yaml in this folder belongs to somebody else"
    assert caught.value.hint == "If you trust it, say so with --config crm-sync.yaml"
    assert find_configuration({}, "crm-sync.yaml") == Path("crm-sync.yaml")
