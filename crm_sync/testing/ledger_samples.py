"""Sample nouns for the ledger's contract: plainly made up, every field filled in at least one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from crm_sync.domain.applications import Application, RejectedRow
from crm_sync.domain.decisions import Action, Decision
from crm_sync.domain.dossiers import CallTask, Course, Dossier, Preparation, Saying, TaskState
from crm_sync.domain.items import RemoteId
from crm_sync.domain.keys import Key, Kind
from crm_sync.domain.links import Link, Mark
from crm_sync.domain.stages import Stage
from crm_sync.domain.touches import CallOutcome, CallResult, Touch, TouchKind
from crm_sync.planning.operations import Conflict
from crm_sync.ports import Run, SourceState

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
EVENING = datetime(2026, 3, 2, 20, tzinfo=UTC)

ODD_TEXTS = (
    "Łódź – 公司 名称 🏢",
    "a\\b\"c'd%e_f/g:h",
    "nul\0inside",
    "lone\ud800surrogate",
    "line\nbreak\ttab\r",
    "\\u0041",
    "e\u0301 is not \u00e9",
)
"""Texts that a careless store changes, cuts off or refuses."""


def key(ident: str, kind: Kind = Kind.DEAL, owner: str = "ada") -> Key:
    """Return a key."""
    return Key(kind, owner, ident)


def full_link(ident: str) -> Link:
    """Return a link with every field filled."""
    return Link(
        key(ident),
        RemoteId(f"remote-{ident}"),
        {
            "name": Mark("aa", "aa"),
            "stage": Mark("bb", "cc"),
            "owner": Mark("dd", None, "ee"),
            "salary": Mark(),
        },
        frozenset({key("acme", Kind.COMPANY, ""), key("ada/lovelace", Kind.CONTACT, "")}),
        retired=False,
        attempted=True,
        refusal="Property values were not valid",
        refused="ff",
    )


def full_dossier(ident: str, user: str = "ada") -> Dossier:
    """Return a dossier with every field filled."""
    application = Application(
        row=7,
        sheet="Applications",
        connector="spreadsheet",
        company="Acme Rockets",
        job_title="Engineer",
        stage=Stage.APPLIED,
        applied_on=date(2026, 2, 20),
        external_id="4711",
        company_domain="acme.example",
        job_url="https://acme.example/jobs/4711",
        location="Berlin",
        contact_name="Wile E. Coyote",
        contact_title="Head of Testing",
        contact_email="wile@acme.example",
        contact_phone="+49 30 555 0100",
        salary="60k",
        source="a friend",
        notes="two lines\nof notes",
        next_action_on=date(2026, 3, 9),
        flags=("day_first_guessed",),
        stage_word="beworben",
        cells=("Acme Rockets", "Engineer"),
    )
    task = CallTask(
        seq=2,
        round=1,
        state=TaskState.OPEN,
        pushed_due=date(2026, 3, 3),
        due_at=NOON,
        attempt=2,
        final=True,
        flags=("person_busy",),
        crm_due=date(2026, 3, 4),
    )
    course = Course(
        stage=Stage.SCREENING,
        first_seen=date(2026, 2, 21),
        said_stage=Stage.INTERVIEWING,
        crm_stage=Stage.SCREENING,
        stage_changed_at=MORNING,
        previous_stage=Stage.APPLIED,
        terminal_since=EVENING,
        stage_disputed=True,
        round=2,
        round_started=date(2026, 3, 1),
        snooze_until=date(2026, 3, 5),
        manual_start=date(2026, 3, 6),
        resumed_after_delete=True,
        phone="+49 30 555 0101",
        number_changed_at=NOON,
        do_not_call=True,
        deal_removed=True,
        undone=True,
        vanished_looks=1,
        vanished_at=MORNING,
        preparation=Preparation("rockets", ("they fly",), "they hire"),
        task=task,
        earlier=(replace(task, seq=1, state=TaskState.COMPLETED),),
        last_seq=2,
        decision=Decision(
            Action.SCHEDULE,
            "second_call",
            date(2026, 3, 3),
            NOON,
            2,
            final=True,
            flags=("person_busy",),
            cancel_open_task=True,
        ),
        decide_on=date(2026, 3, 3),
    )
    sayings = (Saying("older.csv", replace(application, stage=Stage.SAVED)),)
    return Dossier(
        ident, user, application, course, "acme", "wile", "k-older", "applications.csv", sayings, "k-other"
    )


def plain_dossier(
    ident: str, user: str = "ada", stage: Stage = Stage.APPLIED, decide_on: date | None = None
) -> Dossier:
    """Return a dossier with defaults where there are any."""
    application = Application(1, None, "spreadsheet", "Acme", "Engineer", stage)
    return Dossier(ident, user, application, Course(stage, date(2026, 3, 1), decide_on=decide_on))


def dossier_with_call(
    ident: str,
    day: date,
    user: str = "ada",
    state: TaskState = TaskState.OPEN,
    crm_due: date | None = None,
) -> Dossier:
    """Return a plain dossier with a call that is due on that day."""
    dossier = plain_dossier(ident, user)
    task = CallTask(1, 1, state, day, NOON, 1, crm_due=crm_due)
    return replace(dossier, course=replace(dossier.course, task=task))


def touch(ident: str, application: str, at: datetime = NOON) -> Touch:
    """Return a touch with every field filled."""
    return Touch(
        ident,
        application,
        at,
        TouchKind.INBOUND,
        CallOutcome.CONNECTED,
        CallResult.CALL_BACK,
        date(2026, 3, 10),
        2,
        "call back",
        "Road Runner",
    )


def source(user: str = "ada", name: str = "applications.csv", applications: int = 3) -> SourceState:
    """Return the state of a source with every field filled."""
    rejected = (
        RejectedRow(9, "Applications", "no company", ("", "Engineer")),
        RejectedRow(10, None, "empty"),
    )
    return SourceState(
        user,
        name,
        "spreadsheet",
        "sha256:00",
        "spreadsheet/1",
        NOON,
        complete=False,
        applications=applications,
        rejected=rejected,
        notes=("stopped early",),
    )


def conflict(ident: str, field: str = "stage", theirs: str | bool | None = "offer") -> Conflict:
    """Return a conflict."""
    return Conflict(key(ident), field, None, theirs)


def run(ident: str, started_at: datetime = NOON, account: str = "local") -> Run:
    """Return a run that ended, with a report."""
    report = {
        "created": 3,
        "messages": ["all is well"],
        "by": {"kind": {"deal": 1}},
        "ok": True,
        "none": None,
    }
    return Run(ident, account, "ada", "import", started_at, EVENING, "0.1.0", report, "c0ffee")
