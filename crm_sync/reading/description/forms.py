"""What a description says, as values: the form behind the YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from crm_sync.domain.stages import Stage
from crm_sync.reading.reach import Pattern

FACTS = (
    "external_id", "company", "company_domain", "job_title", "job_url", "location", "contact_name",
    "contact_title", "contact_email", "contact_phone", "salary", "source", "notes",
)  # fmt: skip
DAYS = ("applied_on", "next_action_on")
SIDES = ("seeker", "recruiter")
READINGS = ("fields", "spreadsheet")
EVIDENCE = ("vendor", "third-party", "experimental")
HALVES = ("company", "job_title")
PICKS = ("first", "last", "all", "least", "greatest")


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold of a record: what stands at *path*.

    ``words`` are folded texts of which it must be one (yes and no in any spelling), ``like`` a pattern that
    its text must hold, ``filled`` whether it must say something; ``negated`` turns the whole around.
    """

    path: str
    words: tuple[str, ...] = ()
    like: Pattern | None = None
    filled: bool | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Take:
    """One way to a value: from the first filled path, a join of parts, or always the same.

    ``cut`` is taken out of the text; ``half`` is which of company and job title is wanted of a text that
    holds both. ``unless`` are stages at which it does not count (days only).
    ``look_up`` are side tables asked one after the other, ``take`` the path that each of them gives.
    """

    paths: tuple[str, ...] = ()
    always: str | None = None
    join: tuple[tuple[Take, ...], ...] = ()
    glue: str = ", "
    when: tuple[Condition, ...] = ()
    find: tuple[Pattern, ...] = ()
    translate: Mapping[str, str] = field(default_factory=dict)
    look_up: tuple[str, ...] = ()
    take: tuple[str, ...] = ()
    pick: str = "first"
    each: str | None = None
    json: str | None = None
    html: bool = False
    cut: tuple[Pattern, ...] = ()
    half: str | None = None
    parts: str | None = None
    flag: str | None = None
    unless: tuple[Stage, ...] = ()
    optional: bool = False


Rule = tuple[Take, ...]
"""Alternatives in order: the first that gives a value counts."""


def _paths_of(rule: Rule) -> Iterator[str]:
    for take in rule:
        yield from take.paths
        for part in take.join:
            yield from _paths_of(part)


@dataclass(frozen=True, slots=True)
class Words:
    """Status words of a product: folded words and patterns, each with its stage."""

    known: Mapping[str, Stage] = field(default_factory=dict)
    patterns: tuple[tuple[Pattern, Stage], ...] = ()

    @property
    def told(self) -> bool:
        """Say whether there is any."""
        return bool(self.known or self.patterns)


@dataclass(frozen=True, slots=True)
class StageRule:
    """One sign of the stage; the rules are asked in order, and the first that knows it decides.

    ``means``: a filled *value* (or held conditions) is that stage. ``ends``: the same, but an application
    that the rules below know to have ended, or to be an offer, keeps its stage. Else the value is a status
    word: looked up in *words*, then in the table's own, then (unless *only*) in the general vocabulary.
    """

    value: Rule = ()
    when: tuple[Condition, ...] = ()
    means: Stage | None = None
    ends: Stage | None = None
    words: Words = field(default_factory=Words)
    only: bool = False


@dataclass(frozen=True, slots=True)
class Skip:
    """Records that are no application of their own, and why."""

    when: tuple[Condition, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Signature:
    """By what a table is recognised: columns or paths that must be there, that strengthen, that exclude.

    ``exact``: the header holds nothing but these columns. Where no column is always there, one of the
    ``marks`` in a cell (by what a person calls them) is enough, or a member with a name such as ``files``.
    """

    all: tuple[Condition, ...] = ()
    more: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()
    exact: bool = False
    marks: Mapping[str, Pattern] = field(default_factory=dict)
    files: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """A table beside the records, looked up by *key*: in other members, or under a path of the same file."""

    members: tuple[str, ...]
    records: tuple[str, ...]
    key: str
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Dates:
    """How days are written: formats of ``strptime`` first; ``order`` "column", "day first", "month first".

    ``zone`` None takes the day as it is written; else moments with an offset are put into that zone.
    """

    formats: tuple[str, ...] = ()
    order: str = "column"
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class TableForm:
    """One kind of table of a product, and how its records become applications.

    ``columns`` are values under a name of their own, for rules and conditions to ask. ``refuse`` says why
    a table of this kind holds no applications, and what to import instead.
    ``needs`` are side tables without one of which the records hold nothing but ids. ``replaces``: of two
    members whose names differ only in their ends, the one with the first of a pair stands for both.
    ``cells`` is cut out of every cell of a table that is read as a spreadsheet.
    """

    name: str
    members: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    records: tuple[str, ...] = ("$",)
    signature: Signature = field(default_factory=Signature)
    fields: Mapping[str, Rule] = field(default_factory=dict)
    stage: tuple[StageRule, ...] = ()
    otherwise: Stage = Stage.APPLIED
    words: Words = field(default_factory=Words)
    dates: Dates = field(default_factory=Dates)
    skip: tuple[Skip, ...] = ()
    own: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    sides: Mapping[str, Side] = field(default_factory=dict)
    partial: tuple[Condition, ...] = ()
    columns: Mapping[str, Rule] = field(default_factory=dict)
    refuse: str = ""
    needs: tuple[str, ...] = ()
    replaces: Mapping[str, str] = field(default_factory=dict)
    cells: tuple[Pattern, ...] = ()

    def looks_around(self) -> bool:
        """Say whether the object around a record tells something of it."""
        signs = (sign.path for sign in (*self.signature.all, *self.signature.more))
        paths = (path for rule in self.rules() for path in _paths_of(rule))
        return any(path.startswith("^.") for path in (*signs, *paths))

    def rules(self) -> Iterator[Rule]:
        """Yield all rules by which values are taken."""
        yield from self.columns.values()
        yield from self.fields.values()
        yield from (rule.value for rule in self.stage)


@dataclass(frozen=True, slots=True)
class Description:
    """One product's exports: what they are, how they are recognised, and how they are read.

    ``reading`` is "fields", or "spreadsheet" for products whose users name the columns.
    """

    name: str
    title: str
    version: str
    side: str
    evidence: str
    about: str
    how: str
    notes: tuple[str, ...]
    tables: tuple[TableForm, ...]
    reading: str = "fields"
    origin: str = ""
    digest: str = ""

    @property
    def recruiter(self) -> bool:
        """Say whether the records are candidates of one employer."""
        return self.side == "recruiter"
