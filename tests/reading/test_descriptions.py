"""Descriptions: what is wrong in one is told with its line, and what is right reads records."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from crm_sync.domain.applications import Application, RejectedRow
from crm_sync.domain.options import ReadingOptions
from crm_sync.domain.stages import Stage
from crm_sync.domain.tables import Document, Member, Table
from crm_sync.errors import ConfigError, SourceError
from crm_sync.reading.description import parse, recognise
from crm_sync.reading.description.understanding import Understood, understand_by

OPTIONS = ReadingOptions(datetime.date(2027, 2, 1))
HEAD = "name: tracker\ntitle: Tracker\nsignature: {all: [Firm, Role]}\n"
PLAIN = HEAD + "fields: {company: Firm, job_title: Role, applied_on: Sent}\n"


@dataclass
class Files:
    """A bundle of members that lie open."""

    members: Mapping[str, Member]
    kind: str = "file"
    beside: tuple[str, ...] = ()
    opened: list[str] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self.members if name not in self.beside)

    def member(self, name: str) -> Member:
        self.opened.append(name)
        return self.members[name]


def table(*rows: Sequence[Any], name: str = "") -> Member:
    grid = Table([list(row) for row in rows], list(range(1, len(rows) + 1)))
    return Member(name, Document("csv", (grid,)))


def of_table(*rows: Sequence[Any]) -> Files:
    return Files({"": table(*rows)})


def of_json(value: Any, **beside: Any) -> Files:
    others = {f"{name}.json": Member(f"{name}.json", None, inner) for name, inner in beside.items()}
    return Files({"": Member("", None, value), **others}, beside=tuple(others))


def understood(text: str, files: Files, options: ReadingOptions = OPTIONS) -> Understood:
    return understand_by(parse(text, "tracker.yaml"), files, options)


def read(text: str, files: Files, options: ReadingOptions = OPTIONS) -> list[Application]:
    return [one for one in understood(text, files, options).read() if isinstance(one, Application)]


def reasons(text: str, files: Files) -> list[tuple[int, str]]:
    found = understood(text, files).read()
    return [(one.row, one.reason) for one in found if isinstance(one, RejectedRow)]


WRONG = {
    "fields: {company: Firm": ("is broken YAML", 5),
    "feilds: {company: Firm}": ('"feilds" is no key of a description', 4),
    "fields: {compny: Firm}": ('"compny" is no key of fields', 4),
    "fields: {location: City}": ("neither company nor job_title", 4),
    "fields: {company: }": ("company is empty", 4),
    "fields: {company: Firm}\nside: recruter": ('"recruter" is not known', 5),
    "fields: {company: Firm}\nstage: {from: S, means: rejectd}": ('"rejectd" is no stage', 5),
    "fields: {company: Firm}\nstage: {from: S, means: rejected, ends: closed}": ("means and ends", 5),
    "fields: {company: Firm}\nstage: {only: yes}": ("a stage rule without from", 5),
    "fields: {company: Firm}\nwords: {ofer: [x]}": ('"ofer" is no stage', 5),
    "fields: {company: Firm}\nwords:\n  saved: [new]\n  applied: [New]": ('"New" means saved already', 7),
    "fields:\n  company: {from: Firm, find: '(['}": ("is no regular expression", 5),
    "fields:\n  company: {from: Firm, find: '(a+)+$'}": ("could take for ever", 5),
    "fields: {company: Firm}\ndrop: ['/(\\w+\\s?)*:/']": ("could take for ever", 5),
    "fields: {company: Firm}\ndrop: ['/([/']": ("is no regular expression", 5),
    "fields:\n  company: {from: Firm, always: x}": ("needs one of from, always, join", 5),
    "fields:\n  company: {from: Firm, look_up: firms, take: name}": ('no side table "firms"', 1),
    "fields: {company: Firm}\nskip: [{reason: none}]": ("skip without when", 5),
    "fields: {company: Firm}\nskip: [{when: {a: {liek: x}}, reason: y}]": ('"liek" is no key', 5),
    "fields: {company: Firm}\ndates: {zone: Mars/Base}": ('there is no time zone "Mars/Base"', 5),
    "fields: {company: Firm}\ndates: {order: day}": ('"day" is not known', 5),
    "fields: {company: Firm}\nsides: {firms: {key: id}}": ("neither members nor records", 5),
    "fields: {company: Firm}\nneeds: firms": ('needs: there is no side table "firms"', 1),
    "fields:\n  company: {from: Firm, look_up: [a, b], take: c}": ("look_up names 2 side tables, take 1", 5),
    "fields: {company: Firm}\ntables: []": ("tables must be a list", 5),
    "fields: {company: Firm}\nfields: {company: Name}": ('"fields" is given twice', 5),
    "fields: {company: Firm}\nown: {a: b}": ("own must be one text", 5),
}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text.replace("\n", " ")[:60])
def test_what_is_wrong_is_told_with_its_line_and_what_to_write(text: str) -> None:
    message, line = WRONG[text]
    with pytest.raises(ConfigError) as told:
        parse(HEAD + text + "\n", "tracker.yaml")
    assert message in told.value.message
    assert told.value.message.startswith(f"tracker.yaml, line {told.value.line}: ")
    assert told.value.line == line
    assert told.value.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("feilds: {company: Firm}", "Write fields."),
        ("fields: {compny: Firm}", "Write company."),
        ("fields: {company: Firm}\nside: recruter", "Write recruiter."),
        ("fields: {company: Firm}\nstage: {from: S, means: rejectd}", "Write rejected."),
    ],
)
def test_the_nearest_right_word_is_proposed(text: str, hint: str) -> None:
    with pytest.raises(ConfigError) as told:
        parse(HEAD + text + "\n", "tracker.yaml")
    assert told.value.hint == hint


@pytest.mark.parametrize(
    "text", ["", "- a\n", "just words\n", "name: tracker\n", "\x00", "a: &x [*x]\n", "{" * 3000]
)
def test_what_is_no_description_at_all_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        parse(text, "tracker.yaml")


def test_a_name_that_is_no_plain_word_is_refused_with_one_that_is() -> None:
    with pytest.raises(ConfigError) as told:
        parse(PLAIN.replace("tracker", "My Tracker", 1), "tracker.yaml")
    assert told.value.hint == "Write my_tracker."


def test_a_signature_needs_two_signs() -> None:
    with pytest.raises(ConfigError, match="two columns or more"):
        parse(PLAIN.replace("[Firm, Role]", "[Firm]"), "tracker.yaml")


ROWS = (
    ["Firm", "Role", "Sent", "State"],
    ["Acme", "Cook", "2027-01-05", "Applied"],
    ["Bolt", "Chef", "", "No"],
)


def test_the_verdict_says_by_which_columns_and_how_surely() -> None:
    verdict = recognise(parse(PLAIN, "t.yaml"), of_table(*ROWS))
    assert verdict.because == "Firm, Role"
    assert 0.7 <= verdict.certainty <= 1


def test_columns_that_strengthen_make_it_surer_and_columns_that_exclude_end_it() -> None:
    more = PLAIN.replace("[Firm, Role]", "[Firm, Role], more: [Sent]")
    none = PLAIN.replace("[Firm, Role]", "[Firm, Role], none: [State]")
    plain, surer, never = (
        recognise(parse(text, "t.yaml"), of_table(*ROWS)).certainty for text in (PLAIN, more, none)
    )
    assert never == 0 < plain < surer


def test_headers_of_a_signature_are_told_apart_by_upper_and_lower_case() -> None:
    assert not recognise(parse(PLAIN, "t.yaml"), of_table(["firm", "role"], ["a", "b"])).certainty


def test_an_exact_signature_is_no_part_of_a_wider_table() -> None:
    text = PLAIN.replace("[Firm, Role]", "[Firm, Role], exact: yes")
    assert not recognise(parse(text, "t.yaml"), of_table(*ROWS)).certainty
    assert recognise(parse(text, "t.yaml"), of_table(["Role", "Firm"], ["a", "b"])).certainty


def test_a_header_below_a_preamble_is_found() -> None:
    files = of_table(["Export of 1 February"], [], *ROWS)
    assert [(one.row, one.company) for one in read(PLAIN, files)] == [(4, "Acme"), (5, "Bolt")]


WIDE = """\
name: tracker
title: Tracker
signature: {all: [Firm, Role, Sent], more: [State, City, Origin]}
fields: {company: Firm, job_title: Role, applied_on: Sent, location: City}
stage: State
"""


def test_a_renamed_column_is_told_and_read_by_what_its_header_means() -> None:
    files = of_table(
        ["Firm", "Role", "Date Applied", "State", "City", "Origin"],
        ["Acme", "Cook", "2027-01-05", "Applied", "Ulm", "x"],
        ["Bolt", "Chef", "2027-01-06", "Rejected", "Ulm", "x"],
    )
    found = understood(WIDE, files)
    assert found.verdict.because.endswith("although Sent is missing")
    assert [one.applied_on for one in read(WIDE, files)] == [
        datetime.date(2027, 1, 5),
        datetime.date(2027, 1, 6),
    ]
    assert any(
        'the column "Sent" is not there any more; applied on is read from "Date Applied"' in note
        for note in found.all_notes()
    )


def test_a_lost_column_without_a_stand_in_leaves_its_field_empty_and_is_told() -> None:
    files = of_table(["Firm", "Role", "Sent", "State"], ["Acme", "Cook", "2027-01-05", "Applied"])
    found = understood(WIDE, files)
    assert [one.location for one in read(WIDE, files)] == [None]
    assert [lost.field for reader in found.readers for lost in reader.layout.lost] == ["location"]


def test_an_optional_column_is_missing_in_silence() -> None:
    text = WIDE.replace("location: City", "location: {from: City, optional: yes}")
    files = of_table(["Firm", "Role", "Sent", "State"], ["Acme", "Cook", "2027-01-05", "Applied"])
    assert not [lost for reader in understood(text, files).readers for lost in reader.layout.lost]


def test_a_lost_status_column_is_read_from_another_with_status_words() -> None:
    files = of_table(
        ["Firm", "Role", "Sent", "Application Status", "City", "Origin"],
        ["Acme", "Cook", "2027-01-05", "Rejected", "Ulm", "x"],
        ["Bolt", "Chef", "2027-01-05", "Offer", "Ulm", "x"],
    )
    assert [one.stage for one in read(WIDE, files)] == [Stage.REJECTED, Stage.OFFER]


STAGES = (
    PLAIN
    + """\
stage:
  - {from: Ended, means: rejected}
  - {from: Hidden, ends: closed}
  - {from: Reason, words: {withdrawn: [my own], closed: ['/frozen/']}, only: yes}
  - State
words: {offer: [negotiating]}
otherwise: saved
"""
)


@pytest.mark.parametrize(
    ("ended", "hidden", "reason", "state", "stage"),
    [
        ("", "", "", "", Stage.SAVED),
        ("", "", "", "negotiating", Stage.OFFER),
        ("", "", "", "Interviewing", Stage.INTERVIEWING),
        ("", "", "", "Purple", Stage.UNKNOWN),
        ("", "yes", "", "Interviewing", Stage.CLOSED),
        ("", "yes", "", "Rejected", Stage.REJECTED),
        ("", "yes", "", "negotiating", Stage.OFFER),
        ("", "no", "", "Interviewing", Stage.INTERVIEWING),
        ("", "", "My own", "Interviewing", Stage.WITHDRAWN),
        ("", "", "hiring is frozen", "Interviewing", Stage.CLOSED),
        ("", "", "nobody knows", "Interviewing", Stage.INTERVIEWING),
        ("2027-01-09", "yes", "My own", "Interviewing", Stage.REJECTED),
    ],
)
def test_rules_of_the_stage_are_asked_in_order(
    ended: str, hidden: str, reason: str, state: str, stage: Stage
) -> None:
    row = ["Acme", "Cook", "2027-01-05", ended, hidden, reason, state]
    (one,) = read(STAGES, of_table(["Firm", "Role", "Sent", "Ended", "Hidden", "Reason", "State"], row))
    assert one.stage is stage
    assert ("stage_unknown" in one.flags) == (stage is Stage.UNKNOWN)


def test_rows_that_are_skipped_keep_their_reason_and_rows_repeat_by_their_id() -> None:
    text = HEAD + (
        "fields: {company: Firm, job_title: Role, external_id: No}\n"
        "skip: [{when: {State: [Converted, moved]}, reason: goes on elsewhere}]\n"
    )
    files = of_table(
        ["No", "Firm", "Role", "State"],
        ["1", "Acme", "Cook", "Open"],
        ["2", "Bolt", "Chef", "converted"],
        ["1", "Acme", "Head cook", "Open"],
        ["3", "", "", "Open"],
    )
    assert [one.external_id for one in read(text, files)] == ["1"]
    assert reasons(text, files) == [
        (3, "goes on elsewhere"), (4, "duplicate of row 2"), (5, "no company and no title")
    ]  # fmt: skip


def test_what_has_no_business_in_a_crm_is_left_out_at_the_door_and_told() -> None:
    text = PLAIN + "drop: [Badge, '/^secret/']\nown: [My mail]\n"
    files = of_table(
        ["Firm", "Role", "Date of Birth", "SSN", "Badge", "secret note", "My mail", "Gender"],
        ["Acme", "Cook", "1990-01-01", "078-05-1120", "b7", "shh", "me@mailbox.example", "x"],
    )
    found = understood(text, files)
    (one,) = found.read()
    assert one.cells == ("Acme", "Cook")
    assert "left out, for it has no business in a CRM: Date of Birth, SSN, Badge, secret note, Gender" in (
        found.all_notes()
    )


def test_no_rule_and_no_answer_takes_what_has_no_business_in_a_crm() -> None:
    text = HEAD + (
        "fields:\n  company: Firm\n  job_title: Role\n  contact_title: [person.gender, Title]\n"
        "  location: {join: [Town, date of birth]}\n"
        '  notes: {from: "answers[]", each: "{q}: {a}", with: " | "}\n'
    )
    files = of_json(
        [
            {
                "Firm": "Acme", "Role": "Cook", "Town": "Ulm", "date of birth": "1990-01-01",
                "person": {"gender": "secret", "eeo": {"answer": "secret"}},
                "answers": [{"q": "Are you a veteran?", "a": "secret"}, {"q": "Why?", "a": "so"}],
            }
        ]
    )  # fmt: skip
    found = understood(text, files)
    (one,) = found.read()
    assert isinstance(one, Application)
    assert (one.location, one.notes, one.contact_title) == ("Ulm", "Why?: so", None)
    assert one.cells == ("Acme", "Cook", "Ulm")
    told = [note for note in found.all_notes() if note.startswith("left out")]
    assert told == [
        "left out, for it has no business in a CRM: date of birth, person.gender, person.eeo.answer",
        "left out, for it has no business in a CRM: veteran",
    ]


@pytest.mark.parametrize(
    "files",
    [
        of_table(["Firm", "Role", "Form"], ["Acme", "Cook", '[{"q": "Gender", "a": "secret"}]']),
        of_json([{"Firm": "Acme", "Role": "Cook", "Form": '[{"q": "Gender", "a": "secret"}]'}]),
    ],
    ids=["table", "JSON"],
)
def test_printed_objects_with_such_questions_are_kept_of_no_record(files: Files) -> None:
    (one,) = understood(HEAD + "fields: {company: Firm, job_title: Role}\n", files).read()
    assert one.cells == ("Acme", "Cook")


FIELDS = {
    "{from: Link, find: '/view/(\\d+)'}": "77",
    "{from: Link, find: ['/job/(\\d+)', 'view']}": "view",
    "{join: [Role, Firm], with: ' @ '}": "Cook @ Acme",
    "{join: [Role, Gap, Firm]}": "Cook Acme",
    "[Gap, Nothing, Role]": "Cook",
    "{always: here}": "here",
    "{from: Code, words: {1: one}}": "one",
    "{from: Data, json: inner.name}": "deep",
    "{from: Page, html: yes}": "Fish & chips\nDaily",
    "{from: Role, when: {Firm: acme}}": "Cook",
    "{from: Role, when: {Firm: {not: acme}}}": None,
    "{from: Role, when: {Gap: {is: empty}, Firm: {like: '^ac'}}}": "Cook",
    "{from: Role, when: {Firm: {unlike: '^ac'}}}": None,
    "{from: Told, parts: ' | '}": "How far?:4 km",
}


@pytest.mark.parametrize("rule", FIELDS)
def test_a_field_takes_its_value_as_it_is_told(rule: str) -> None:
    header = ["Firm", "Role", "Link", "Gap", "Nothing", "Code", "Data", "Page", "Told"]
    row = ["Acme", "Cook", "http://x.example/view/77?a=1", "", "N/A", 1, '{"inner": {"name": "deep"}}',
           "<p>Fish &amp; <b>chips</b></p><br>Daily", "Gender:x | How far?:4 km"]  # fmt: skip
    text = HEAD + f"fields:\n  company: Firm\n  notes: {rule}\n"
    assert [one.notes for one in read(text, of_table(header, row))] == [FIELDS[rule]]


def test_days_are_read_by_format_order_and_zone() -> None:
    rows = (
        ["Firm", "Role", "Sent"],
        ["Acme", "Cook", "3/4/2027"],
        ["Bolt", "Chef", "2027-03-03T23:30:00-05:00"],
    )
    day = datetime.date
    assert [one.applied_on for one in read(PLAIN, of_table(*rows))] == [day(2027, 3, 4), day(2027, 3, 3)]
    first = PLAIN + "dates: {order: day first, zone: Europe/Berlin}\n"
    assert [one.applied_on for one in read(first, of_table(*rows))] == [day(2027, 4, 3), day(2027, 3, 4)]
    form = PLAIN + "dates: {formats: ['%Y week %W, %a']}\n"
    (one,) = read(form, of_table(["Firm", "Role", "Sent"], ["Acme", "Cook", "2027 week 5, Mon"]))
    assert one.applied_on == day(2027, 2, 1)


def test_an_order_that_nobody_knows_is_decided_by_the_column_and_else_flagged() -> None:
    open_ = of_table(["Firm", "Role", "Sent"], ["Acme", "Cook", "3/4/2027"])
    proven = of_table(["Firm", "Role", "Sent"], ["Acme", "Cook", "3/4/2027"], ["Bolt", "Chef", "25/4/2027"])
    assert [one.flags for one in read(PLAIN, open_)] == [("date_order_assumed",)]
    assert next((one.applied_on, one.flags) for one in read(PLAIN, proven)) == (datetime.date(2027, 4, 3), ())


def test_a_column_that_proves_the_other_order_is_read_by_it() -> None:
    text = PLAIN + "dates: {order: month first}\n"
    proven = of_table(["Firm", "Role", "Sent"], ["Acme", "Cook", "5/2/2026"], ["Bolt", "Chef", "13/2/2026"])
    assert [str(one.applied_on) for one in read(text, proven)] == ["2026-02-05", "2026-02-13"]
    silent = of_table(["Firm", "Role", "Sent"], ["Acme", "Cook", "5/2/2026"], ["Bolt", "Chef", "1/2/2026"])
    assert [str(one.applied_on) for one in read(text, silent)] == ["2026-05-02", "2026-01-02"]


def test_an_alternative_of_a_day_brings_its_flag() -> None:
    text = HEAD + "fields: {company: Firm, applied_on: [Sent, {from: Made, flag: applied_from_created}]}\n"
    files = of_table(
        ["Firm", "Role", "Sent", "Made"],
        ["Acme", "a", "2027-01-02", "2027-01-01"],
        ["Bolt", "b", "", "2027-01-03"],
    )
    assert [(str(one.applied_on), one.flags) for one in read(text, files)] == [
        ("2027-01-02", ()), ("2027-01-03", ("applied_from_created",))
    ]  # fmt: skip


ATS = """\
name: ats
title: An ATS
side: recruiter
records: [data, $]
signature: {all: [stage, {type: application}]}
partial: {$.more: yes}
sides:
  stages: {members: ["*stages.json"], records: [data, $], key: id}
  people: {records: [$.included], where: {type: person}, key: id}
  calls: {records: [$.included], where: {type: call}, key: of}
fields:
  external_id: id
  job_title: "jobs[0].name"
  location: "offices[kind=main].city"
  source: "sources[]"
  contact_name: {from: person.id, look_up: people, take: attributes.first-name}
  next_action_on: {from: id, look_up: calls, take: on, pick: greatest}
  notes: {from: "answers[]", each: "{q}: {a}", with: "; "}
stage:
  - {from: stage, look_up: stages, take: text}
"""


def record(**more: Any) -> dict[str, Any]:
    return {"id": "a1", "type": "application", "stage": "s1", "jobs": [{"name": "Cook"}], **more}


def test_json_is_read_by_paths_with_lists_filters_and_side_tables() -> None:
    value = {
        "more": False,
        "included": [
            {"id": "p1", "type": "person", "attributes": {"first-name": "Alma"}},
            {"id": "p1", "type": "call", "of": "a1", "on": "2027-02-03"},
            {"id": "p2", "type": "call", "of": "a1", "on": "2027-02-09"},
        ],
        "data": [
            record(
                person={"id": "p1"},
                sources=["Web", "Fair"],
                offices=[{"kind": "site", "city": "Ulm"}, {"kind": "main", "city": "Linz"}],
                answers=[
                    {"q": "Why?", "a": "Because"},
                    {"q": "Ethnicity", "a": "x"},
                    {"q": "When?", "a": None},
                ],
            )
        ],
    }
    files = of_json(value, ats_stages={"data": [{"id": "s1", "text": "Phone screen"}]})
    found = understood(ATS, files, ReadingOptions(OPTIONS.today, employer="Own House"))
    (one,) = found.read()
    assert isinstance(one, Application)
    assert (one.row, one.sheet, one.company, one.job_title) == (0, None, "Own House", "Cook")
    assert (one.contact_name, one.location, one.source) == ("Alma", "Linz", "Web, Fair")
    assert one.stage is Stage.SCREENING
    assert one.next_action_on == datetime.date(2027, 2, 9)
    assert one.notes == "Why?: Because; When?:"
    assert found.complete


def test_a_side_table_that_is_not_there_is_told() -> None:
    found = understood(ATS, of_json({"data": [record()]}))
    list(found.read())
    assert any("there is no file for stages" in note for note in found.all_notes())


LINKED = """\
name: tracker
title: Tracker
signature: {all: [person_id, sent]}
sides:
  links: {members: ["*links.json"], key: person}
  jobs: {members: ["*jobs.json"], key: id}
needs: jobs
fields: {external_id: id, job_title: {from: id, look_up: [links, jobs], take: [job, name], pick: all}}
"""
IDS = [{"id": 1, "person_id": 7, "sent": "x"}, {"id": 2, "person_id": 8, "sent": "y"}]


def test_side_tables_are_asked_one_after_the_other() -> None:
    files = of_json(
        IDS,
        links=[{"person": 1, "job": 4}, {"person": 1, "job": 5}, {"person": 2, "job": 5}],
        jobs=[{"id": 4, "name": "Cook"}, {"id": 5, "name": "Chef"}],
    )
    assert [one.job_title for one in read(LINKED, files)] == ["Cook, Chef", "Chef"]


def test_nothing_but_ids_is_refused_and_the_file_that_explains_them_is_named() -> None:
    with pytest.raises(SourceError) as told:
        understood(LINKED, of_json(IDS))
    assert told.value.message.startswith(
        "Tracker: the file holds ids only; what they stand for is in *jobs.json"
    )
    assert told.value.hint == "Put that file beside it, and try again."


@pytest.mark.parametrize(("name", "refused"), [(None, True), ("Ada", False)])
def test_an_employers_export_that_names_neither_job_nor_person_is_refused(
    name: str | None, refused: bool
) -> None:
    text = HEAD + "side: recruiter\nfields: {job_title: Role, contact_name: Name}\n"
    files = of_json([{"Firm": 1, "Role": None, "Name": None}, {"Firm": 2, "Role": None, "Name": name}])
    if not refused:
        assert [reason for _, reason in reasons(text, files)] == ["no company and no title"] * 2
        return
    with pytest.raises(SourceError, match="nothing names a job or a person"):
        list(understood(text, files).read())


def test_of_several_pages_in_one_file_the_last_says_whether_there_are_more() -> None:
    pages = [
        {"jobs": [{"Firm": "Acme", "Role": "Cook"}], "more": True},
        {"jobs": [{"Firm": "Bolt", "Role": "Chef"}], "more": False},
    ]
    text = HEAD + "records: jobs\npartial: {$.more: yes}\nfields: {company: Firm, job_title: Role}\n"
    assert [one.company for one in read(text, of_json(pages))] == ["Acme", "Bolt"]
    assert understood(text, of_json(pages)).complete
    assert not understood(text, of_json(pages[::-1])).complete


def test_people_without_any_application_are_counted() -> None:
    people = [{"jobs": [{"Firm": "Acme", "Role": "Cook"}]}, {"jobs": []}, {"name": "Bo"}]
    text = HEAD + "records: people.jobs\nfields: {company: Firm, job_title: Role, contact_name: ^.name}\n"
    found = understood(text, of_json({"people": people}))
    assert len(list(found.read())) == 1
    assert "passed over, for they hold no application: 2 of the records around" in found.all_notes()


def test_a_page_of_several_is_not_the_whole_list() -> None:
    found = understood(ATS, of_json({"more": True, "data": [record()]}))
    assert not found.complete


def test_a_lone_record_and_records_that_are_none_are_told_apart() -> None:
    assert [one.row for one in read(ATS, of_json({"data": record()}))] == [0]
    files = of_json([record(), "text", record(id="a2")])
    assert [one.row for one in read(ATS, files)] == [0, 2]
    assert reasons(ATS, files) == [(1, "no object")]


def test_records_inside_records_count_over_the_inner_list_and_see_the_outer_one() -> None:
    text = (
        "name: nested\ntitle: N\nrecords: [people.jobs]\nsignature: {all: [post, state]}\n"
        "fields: {job_title: post, contact_name: ^.name, source: $.site}\nstage: state\n"
    )
    value = {
        "site": "Hall",
        "people": [
            {"name": "Alma", "jobs": [{"post": "Cook", "state": "hired"}]},
            {"name": "Bo", "jobs": {"post": "Chef", "state": "offer"}},
            {"name": "Cy", "jobs": [{"post": "Baker", "state": "new"}, {"post": "Clerk", "state": "new"}]},
        ],
    }
    found = read(text, of_json(value))
    assert [(one.row, one.contact_name, one.job_title) for one in found] == [
        (0, "Alma", "Cook"), (1, "Bo", "Chef"), (2, "Cy", "Baker"), (3, "Cy", "Clerk")
    ]  # fmt: skip
    assert {one.source for one in found} == {"Hall"}


TWO = """\
name: two
title: Two tables
fields: {company: Firm, job_title: Role, external_id: No}
tables:
  - name: sent
    members: ["Sent*.csv"]
    signature: {all: [Firm, Role, Sent]}
    fields: {applied_on: Sent}
  - name: kept
    members: [Kept.csv]
    signature: {all: [Firm, Role, Kept]}
    otherwise: saved
"""


def test_members_of_a_container_are_found_by_name_and_read_together_once_each() -> None:
    files = Files(
        {
            "x/Kept.csv": table(
                ["No", "Firm", "Role", "Kept"], ["1", "Acme", "Cook", "y"], ["3", "Cedar", "Baker", "y"]
            ),
            "x/Sent.csv": table(["No", "Firm", "Role", "Sent"], ["1", "Acme", "Cook", "2027-01-02"]),
            "x/Sent_1.csv": table(["No", "Firm", "Role", "Sent"], ["2", "Bolt", "Chef", "2027-01-03"]),
            "x/Other.csv": table(["a"], ["b"]),
        },
        kind="zip",
    )
    files.members = {name: Member(name, one.document) for name, one in files.members.items()}
    found = list(understood(TWO, files).read())
    assert [(one.sheet, one.row, type(one).__name__) for one in found] == [
        ("x/Sent.csv", 2, "Application"),
        ("x/Sent_1.csv", 2, "Application"),
        ("x/Kept.csv", 2, "RejectedRow"),
        ("x/Kept.csv", 3, "Application"),
    ]
    assert "x/Other.csv" not in files.opened


def test_what_holds_nothing_of_the_product_is_refused_with_what_was_looked_for() -> None:
    with pytest.raises(SourceError, match="looked for Firm, Role"):
        understood(PLAIN, of_table(["a", "b"], ["c", "d"]))


def test_a_user_may_choose_another_column() -> None:
    files = of_table(["Firm", "Role", "House"], ["Acme", "Cook", "Bolt"])
    options = ReadingOptions(OPTIONS.today, columns={"company": "House"})
    assert [one.company for one in read(PLAIN, files, options)] == ["Bolt"]


def test_a_day_may_stand_behind_the_words_that_announce_it() -> None:
    rows = (["Firm", "Role", "Sent"], ["Acme", "Cook", "sent on 25/02/2027"], ["Bolt", "Chef", "Am 3.4.2027"])
    assert [str(one.applied_on) for one in read(PLAIN, of_table(*rows))] == ["2027-02-25", "2027-04-03"]
