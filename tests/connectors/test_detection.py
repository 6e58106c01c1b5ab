"""Which connector reads a file: told by its content, with the reason, and never guessed between two."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from crm_sync.app.plugins import choose, fingerprint, installed
from crm_sync.domain.options import ReadingOptions
from crm_sync.errors import ConfigError, SourceError, UsageError
from crm_sync.testing.connector_golden import TODAY, golden_of, read_sample, samples_in
from tests.connectors.described import KINDS, SAMPLES
from tests.corpus.score import trackers
from tests.corpus.test_corpus import AUTHORED

OWN = """\
name: pond
title: The pond
signature: {all: [Leap, Frog, Splash]}
fields: {company: Leap, job_title: Frog}
"""
POND = "Leap,Frog,Splash\nAcme,Cook,x\nBolt,Chef,y\n"
EXPORTS = {
    "96_linkedin_applications_two_digit_year_unsorted.csv": "linkedin",
    "97_linkedin_saved_jobs_row_without_company.csv": "linkedin",
    "a1_ashby_application_list_archived_with_reason.json": "ashby",
    "a2_workable_candidates_numeric_looking_ids.json": "workable",
    "a4_lever_opportunity_reason_id_unresolved.json": "lever",
    "a5_lever_application_ids_only.json": "lever",
    "a9_greenhouse_applications_hired_prospect_two_jobs.json": "greenhouse",
    "i01_greenhouse_harvest_applications.json": "greenhouse",
    "i02_lever_opportunities_with_side_files.json": "lever",
    "i05_bamboohr_applications_edited_labels.json": "bamboohr",
    "i07_teamtailor_jsonapi_rejected_at_wins.json": "teamtailor",
    "i08_smartrecruiters_applications_report.csv": "smartrecruiters",
    "i11_simplify_export_archived_rows.csv": "simplify",
    "i14_trello_board_dump.json": "trello",
    "i16_zoho_recruit_hyphenated_statuses.csv": "zoho_recruit",
    "i20_jobsync_applied_flag_and_draft.csv": "jobsync",
    "m33_notion_page_database_ranges.csv": "notion",
    "m36_huntr_short_form_lists.csv": "huntr",
    "n03_huntr_short_form.csv": "huntr",
    "n04_teal_json_status_ragged.csv": "teal",
    "n30_jobsync_export.csv": "jobsync",
    "n31_trello_card_export.csv": "trello",
    "n32_simplify_older_form.csv": "simplify",
    "n47_page_database_export.csv": "notion",
    "n70_warehouse_ids_only.csv": "greenhouse",
    "o01_huntr_renamed_lists.zip": "huntr",
    "o02_huntr_short_form.csv": "huntr",
    "o03_teal_custom_end_states.csv": "teal",
    "o04_simplify_older_header.csv": "simplify",
    "o05_trello_german_lists.csv": "trello",
    "o06_trello_emoji_lists.json": "trello",
    "o07_notion_page_and_all.zip": "notion",
    "o10_jobsync.csv": "jobsync",
    "o11_linkedin_three_parts.zip": "linkedin",
    "o14_greenhouse_prospects_converted.json": "greenhouse",
    "o16_lever_side_files.json": "lever",
    "o17_lever_import_template.csv": "lever",
    "o18_ashby_all_ends.json": "ashby",
    "o19_workable_renamed_stages.json": "workable",
    "o20_smartrecruiters_semicolon.csv": "smartrecruiters",
    "o21_bamboohr_last_page.json": "bamboohr",
    "o22_jazzhr_dispositions.json": "jazzhr",
    "o23_teamtailor_swedish_stages.json": "teamtailor",
    "o24_bullhorn_job_submissions.csv": "bullhorn",
    "o25_zoho_recruit_applications.csv": "zoho_recruit",
    "o26_recruitee_offers_and_stages.json": "recruitee",
    "o27_breezy_position_named.json": "breezy",
    "o28_successfactors_odata.json": "successfactors",
    "o55_trello_varied_card_names.csv": "trello",
    "o56_notion_zip_in_zip.zip": "notion",
    "o57_huntr_spanish_no_activities.zip": "huntr",
    "o58_greenhouse_report.csv": "greenhouse",
    "o64_lever_lines.jsonl": "lever",
    "o65_workable_two_pages.json": "workable",
    "o75_linkedin_without_jobs.zip": "linkedin",
    "o78_linkedin_loose_iso_dates.csv": "linkedin",
    "o79_simplify_new_columns.csv": "simplify",
    "o80_notion_status_groups.csv": "notion",
    "o83_greenhouse_candidates.json": "greenhouse",
    "r3_simplify_minimal.csv": "simplify",
    "r6_trello_two_cards.csv": "trello",
}
"""The files among them that are a product's."""
ARCHIVE = "Basic_LinkedInDataExport_02-01-2027"


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", KINDS)
def test_the_name_of_a_file_says_nothing(name: str, tmp_path: Path) -> None:
    for at, sample in enumerate(each for each in samples_in(SAMPLES / name) if each.is_file()):
        path = tmp_path / f"tracker {at}"
        path.write_bytes(sample.read_bytes())
        assert choose(str(path)).name == name


@pytest.mark.parametrize("name", ["bullhorn", "greenhouse", "huntr", "lever", "linkedin", "notion"])
def test_a_zip_is_read_as_the_folder_it_unpacks_to(name: str, tmp_path: Path) -> None:
    (folder,) = (each for each in samples_in(SAMPLES / name) if each.is_dir())
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(filter(Path.is_file, folder.rglob("*"))):
            archive.write(file, f"{ARCHIVE}/{file.relative_to(folder).as_posix()}")
    assert choose(str(path)).name == name
    told = read_sample(choose(str(path)), path)
    from_folder = read_sample(choose(str(folder)), folder)
    assert [(one["row"], one["company"]) for one in told["applications"]] == [
        (one["row"], one["company"]) for one in from_folder["applications"]
    ]
    assert {one["sheet"] for one in told["applications"]} == {
        f"{ARCHIVE}/{one['sheet']}" for one in from_folder["applications"]
    }
    assert golden_of(folder).exists()


def test_a_products_file_without_applications_is_refused_instead_of_read_as_a_list() -> None:
    (path,) = (SAMPLES / "huntr").glob("USER_ACTIVITIES*.csv")
    with pytest.raises(SourceError, match="activities, and no jobs"):
        choose(str(path)).connect(str(path), ReadingOptions(TODAY)).fetch()


def test_a_products_export_is_told_and_no_list_of_a_persons_own_is_taken_for_one() -> None:
    files = [*trackers(), *trackers(AUTHORED)]
    taken = {path.name: choose(str(path)).name for path in files}
    assert len(taken) >= 200
    assert {file: name for file, name in taken.items() if name != "spreadsheet"} == EXPORTS


def test_a_container_of_nothing_that_is_known_is_refused_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "pictures.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "nothing")
    with pytest.raises(SourceError) as told:
        choose(str(path)).connect(str(path), ReadingOptions(TODAY)).fetch()
    assert told.value.hint


def test_a_description_of_the_users_own_reads_without_any_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "own/pond.yaml", OWN)
    path = put(tmp_path, "list.csv", POND)
    assert choose(str(path)).name == "spreadsheet"
    monkeypatch.setenv("CRM_SYNC_CONNECTORS", str(tmp_path / "own"))
    kind = choose(str(path))
    assert kind.name == "pond"
    assert kind.recognise(str(path)).because == "Leap, Frog, Splash"
    assert [one.company for one in kind.connect(str(path), ReadingOptions(TODAY)).fetch().applications] == [
        "Acme", "Bolt"
    ]  # fmt: skip
    assert installed()["pond"].origin == str(tmp_path / "own" / "pond.yaml")


def test_an_installation_without_any_connector_says_so(tmp_path: Path) -> None:
    code = (
        "import importlib.metadata, sys\n"
        "importlib.metadata.entry_points = lambda **_: ()  # as where only the package was copied\n"
        "from crm_sync.cli.main import main\n"
        "sys.exit(main(['read', sys.argv[1]]))\n"
    )
    path = put(tmp_path, "list.csv", POND)
    run = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (run.returncode, run.stdout) == (4, "")
    assert run.stderr == "crm-sync: list.csv: no connector is installed.\n  Install crm-sync again.\n"


def test_two_that_are_equally_sure_are_both_named_with_the_option_to_choose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "own/pond.yaml", OWN)
    put(tmp_path, "own/lake.yaml", OWN.replace("name: pond", "name: lake"))
    monkeypatch.setenv("CRM_SYNC_CONNECTORS", str(tmp_path / "own"))
    path = str(put(tmp_path, "list.csv", POND))
    with pytest.raises(SourceError) as told:
        choose(path)
    assert "lake and pond are equally sure that it is theirs" in told.value.message
    assert "--connector lake or --connector pond" in told.value.hint
    assert choose(path, "lake").name == "lake"


def test_the_users_own_description_stands_before_ours_of_the_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "own/teal.yaml", OWN.replace("name: pond", "name: teal"))
    monkeypatch.setenv("CRM_SYNC_CONNECTORS", str(tmp_path / "own"))
    assert installed()["teal"].origin.endswith("teal.yaml")
    assert choose(str(put(tmp_path, "list.csv", POND))).name == "teal"


def test_a_wrong_description_of_the_users_own_is_told_with_its_path_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, "own/pond.yaml", OWN.replace("fields", "felds"))
    monkeypatch.setenv("CRM_SYNC_CONNECTORS", str(tmp_path / "own"))
    with pytest.raises(ConfigError) as told:
        installed()
    assert (told.value.path, told.value.line) == (str(path), 4)


@pytest.mark.parametrize("wrong", ["missing", "twice"])
def test_a_folder_that_makes_no_sense_is_told(
    wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if wrong == "twice":
        put(tmp_path, "own/a.yaml", OWN)
        put(tmp_path, "own/b.yml", OWN)
    monkeypatch.setenv("CRM_SYNC_CONNECTORS", str(tmp_path / "own"))
    with pytest.raises(ConfigError, match="no such folder" if wrong == "missing" else "called"):
        installed()


def test_other_descriptions_change_the_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint()
    path = put(tmp_path, "own/pond.yaml", OWN)
    monkeypatch.setenv("CRM_SYNC_CONNECTORS", str(tmp_path / "own"))
    with_own = fingerprint()
    path.write_text(OWN + "how: by foot\n", encoding="utf-8")
    assert len({before, with_own, fingerprint()}) == 3


def test_the_connector_of_the_last_look_is_asked_first_and_only_while_nothing_changed(tmp_path: Path) -> None:
    path = put(tmp_path, "list.csv", "Company,Role\nAcme,Cook\n")
    last = ("teal", KINDS["teal"].connect(str(path), ReadingOptions(TODAY)).bookmark())
    assert choose(str(path), last=last).name == "teal"
    path.write_text("Company,Role\nAcme,Chef\n", encoding="utf-8")
    assert choose(str(path), last=last).name == "spreadsheet"


def test_a_name_that_nobody_has_is_told_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as told:
        choose(str(tmp_path), "nosuch")
    assert "linkedin" in told.value.hint
