"""Every mistake is told with file, line and what to write instead, and all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from crm_sync.config.configuration import Configuration, load_configuration
from crm_sync.config.documents import MOST_BORROWED, MOST_BYTES
from crm_sync.errors import ConfigError
from tests.config.conftest import Write

Mistakes = Callable[[str], list[tuple[str, str]]]
Loaded = Callable[[str], Configuration]

SECRET = "pat-na1-12345678-aaaa-bbbb"
# fmt: off
EACH = [  # a table reads best in lines
    ("usrs: {}", "1:1: usrs: there is no such key", "Did you mean users?"),
    ("users:\n  jane:\n    timezone: UTC", "3:5: users.jane.timezone: there is no such key", "time_zone"),
    (
        "users: {jane: {zzz: 1}}",
        "users.jane.zzz: there is no such key",
        "The keys here are: owner",
    ),
    ("users: {jane: {time_zone: Mars/Base}}", 'time_zone: "Mars/Base" is no time zone', "Europe/Berlin"),
    ("users: {jane: {owner: jane}}", 'owner: "jane" is no e-mail address', "owner: jane@roe.example"),
    ("users: {jane: {country: Atlantis}}", "users.jane.country: no country is called", "country: DE"),
    ("users: {jane: {country: DE, subdivision: ZZ}}", "subdivision: no region of DE", "subdivision: BY"),
    ("users: {jane: {subdivision: BY}}", "a part of a country needs the country", "country: beside it"),
    ("users: {jane: {locale: klingon-1}}", 'locale: "klingon-1" is no locale', "locale: de-DE"),
    ("users: {jane: {calls_per_day: 0}}", 'calls_per_day: "0" is no count of calls', "calls_per_day: 8"),
    ("users: {jane: {calls_per_day: true}}", "is no count of calls", "calls_per_day: 8"),
    ("users: {jane: {days_off: [2027-02-30]}}", 'days_off: "2027-02-30" is no day', "days_off: ["),
    (
        "users: {jane: {days_off: 2027-02-09..2027-02-08}}",
        "ends before it begins, or is longer than 400 days",
        "days_off: [",
    ),
    (
        "users: {jane: {cadence: furious}}",
        'there is no cadence "furious"',
        "steady, gentle, once.",
    ),
    (
        "users: {jane: {cadence: {gap_min: 9}}}",
        "gap_min (9) is more than gap_max (4)",
        "Change one",
    ),
    ("users: {jane: {crm: agency}}", 'there is no CRM "agency"', "There are: local, hubspot."),
    (
        "users: {jane: {sources: list.csv}}",
        'sources: "list.csv" is no list',
        "sources: [",
    ),
    ("users: {jane: {sources: [{pth: a}]}}", "users.jane.sources.1.pth: there is no such key", "path?"),
    (
        "users: {jane: {sources: [{}]}}",
        "sources.1: a source has either a path or a url",
        "my-applications.xlsx",
    ),
    ("users: {jane: {sources: [{url: ftp://a.example/b}]}}", "is not written as it should be", "https://"),
    ("users: {jane: {sources: [{path: a, day_first: 1}]}}", '"1" is neither true nor false', "true"),
    ("users: [jane]", "1:1: users: this is no set of keys with values", "users: {jane: {}}"),
    (
        "users:\n  - name: jane\n    sources: [jane.csv]\n  - {name: bob, country: DE}\n  - {name: zoe}",
        "1:1: users: this is no set of keys with values",
        "A user's name is the key, not a value: "
        "write users: {jane: {sources: [jane.csv]}, bob: {country: DE}} and so on",
    ),
    ("users: [jane: {country: DE}]", "users: this is no set of keys", "users: {jane: {country: DE}}"),
    ("users: [{}]", "users: this is no set of keys with values", "users: {jane: {sources"),
    ("users: {../x: {}}", '"../x" is no name', "letters"),
    ("crms: {a: {kind: salesforce}}", 'crms.a.kind: "salesforce" is no kind of CRM', "kind: local"),
    ("crms: {a: {tier: free}}", "crms.a.kind: is missing", "kind: local"),
    ("crms: {a: {kind: hubspot}}", "crms.a.token: is missing", "token: {env: HUBSPOT_ACCESS_TOKEN}"),
    (
        "crms: {a: {kind: hubspot, token: {}}}",
        "exactly one of env, file and keyring says where a secret is kept",
        "{env: NAME}",
    ),
    ("crms: {a: {kind: hubspot, token: {env: A, file: B}}}", "exactly one of env, file and keyring", "{env"),
    ("crms: {a: {kind: hubspot, token: {env: A}, portal: x}}", 'portal: "x" is no portal id', "12345678"),
    ("crms: {a: {kind: hubspot, token: {env: A}, tier: gold}}", "tier: \"gold\" is none of 'free'", "tier: "),
    (
        "crms: {a: {kind: hubspot, token: {env: A}, base_url: http://x.example}}",
        "is no https address without a password",
        "https",
    ),
    ("crms: {a: {kind: hubspot, token: {env: A}, api_version: v9}}", "not written as it should", "v3"),
    ("crms: {a: {kind: local}, b: {kind: local}}", '"a" and "b" are the same account', "Keep one entry"),
    ("cadences: {own: {slots: [25:00]}}", "slots.1: a time of day is written like 16:30", "- '10:00'"),
    ("cadences: {own: {slots: []}}", "slots: is empty", "slots: ["),
    ("cadences: {own: {max_calls: -1}}", 'max_calls: "-1" is less than 0', "max_calls: 4"),
    ("cadences: {own: {max_calls: many}}", 'max_calls: "many" is no whole number', "max_calls: 4"),
    ("cadences: {own: {like: nobody}}", 'there is no cadence "nobody"', "steady"),
    ("cadences: {steady: {}}", "steady is there already", "another name"),
    ("notify: {digest: [7]}", 'digest: "[7]" is no time of day', "digest: 07:30"),
    ("notify: {digest: soon}", "a time of day is written like 16:30", "digest: 07:30"),
    ("state: {home: ''}", "state.home: is empty", "home: ~/.local"),
    ("include: nothing.yaml", 'include: there is no "nothing.yaml"', "Make it"),
    ("include: nothing.d/*.yaml", 'there is no "nothing.d/*.yaml"', "Make it"),
    ("users: {}\nusers: {}", "2:1: users: stands here twice, first in line 1", "Keep one"),
    ("users: {jane: !secret x}", 'the tag "!secret" means nothing here', "{env: NAME}"),
    ("users: {jane: {", "is no YAML: ", "Indent with spaces"),
    ("users: {jane: {days_off: {a: b}}}", "days off are a list of dates", "days_off: ["),
    ("users: {jane: {time_zone: [UTC]}}", "time_zone: this is no time zone", "Europe/Berlin"),
    ("users: {jane: {owner: [a]}}", "owner: this is no text", "owner: jane@roe.example"),
    ("include: {a: b}", "include: include names files", "include: "),
    (
        "notify: {webhook: 'ftp://hooks.acme.example'}",
        "this is no http address without a password",
        "{env: NAME}",
    ),
    (
        "state: {database: 'postgresql://me:pw@db.example/x'}",
        "a database's address with a password never stands in this file",
        "Write {env: NAME} or {file: PATH}.",
    ),
    (
        f"crms: {{a: {{kind: hubspot, token: {{env: {SECRET}}}}}}}",
        "this looks like the secret itself, not like its place",
        "make a new one",
    ),
    (
        "crms: {a: {kind: hubspot, token: {env: my-token}}}",
        "what stands behind env: is no name of a variable",
        "{env: NAME}",
    ),
    ("users: {jane: {<<: 1}}", "<< brings in something without keys", "Name a mapping."),
    ("- a", "holds no keys", "users:"),
    ("users: &a\n  jane: *a", "an anchor holds itself", "Write the value out"),
    ("? [a]\n: b", "a key is a list or a mapping", "Write a word"),
]
# fmt: on


@pytest.mark.parametrize(("text", "what", "hint"), EACH, ids=[what[:50] for _, what, _ in EACH])
def test_a_mistake_is_told_with_its_line_and_what_to_write(
    text: str, what: str, hint: str, mistakes: Mistakes
) -> None:
    ((message, told),) = mistakes(text)
    assert message.startswith("crm-sync.yaml:")
    assert what in message
    assert hint in told


def test_users_in_a_list_are_shown_rewritten_without_what_could_be_a_secret(mistakes: Mistakes) -> None:
    secret = "https://hooks.acme.example/s3cr3t"
    ((message, told),) = mistakes(
        f"users:\n  - {{name: jane, country: DE, sources: ['{secret}'], notify: {{webhook: '{secret}'}}}}\n"
    )
    assert "write users: {jane: {country: DE}}" in told
    assert "s3cr3t" not in message + told


def test_all_mistakes_are_told_at_once_in_the_order_of_lines(mistakes: Mistakes) -> None:
    found = mistakes(
        "usrs: 1\nusers:\n  jane:\n    owner: x\n    calls_per_day: 0\n  bob:\n    crm: x\n"
        "  bob: {}\nlinks: {x: 1}"
    )
    assert [message.split(":")[1] for message, _ in found] == ["1", "4", "5", "7", "8", "9"]


def test_mistakes_of_included_files_are_told_with_their_own_lines(write: Write, mistakes: Mistakes) -> None:
    write("users:\n  ana:\n    crm: nowhere\n", "users.d/ana.yaml")
    write("users:\n  jane: {}\nstate: {home: x}\n", "users.d/bob.yaml")
    write("users: {", "users.d/cleo.yaml")
    found = [message for message, _ in mistakes("include: users.d/*.yaml\nusers:\n  jane: {}\n")]
    assert found[0].startswith('users.d/ana.yaml:3:5: users.ana.crm: there is no CRM "nowhere"')
    assert found[1].startswith("users.d/bob.yaml:2:3: users.jane: is there already, in ")
    assert found[2].startswith("users.d/bob.yaml:3:1: state: does not belong into an included file")
    assert found[3].startswith("users.d/cleo.yaml:")
    assert len(found) == 4


def test_an_included_file_holds_names_with_values(write: Write, mistakes: Mistakes) -> None:
    write("users: [jane]\n", "users.d/ana.yaml")
    ((message, hint),) = mistakes("include: users.d\n")
    assert message == "users.d/ana.yaml:1:1: users: is no set of names with values"
    assert hint == "Write names below users:."


@pytest.mark.parametrize(
    ("content", "told", "hint"),
    [
        (b"users: \xe4", "is not UTF-8", "Save it as UTF-8."),
        (b"#" * (MOST_BYTES + 1), "is larger than 20 MB", "Spread it over files with include:."),
    ],
    ids=["latin", "large"],
)
def test_a_file_that_is_no_text_or_too_much_is_told(
    content: bytes, told: str, hint: str, tmp_path: Path
) -> None:
    path = tmp_path / "crm-sync.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_configuration(path)
    assert (caught.value.message, caught.value.hint) == (f"{path} {told}", hint)


def test_what_is_nested_too_deep_is_told_where_it_is(mistakes: Mistakes) -> None:
    found = dict(mistakes("users: " + "[" * 42 + "]" * 42))
    ((place, hint),) = [told for told in found.items() if "is nested deeper than 40 levels" in told[0]]
    assert place.startswith("crm-sync.yaml:1:48: users.1.1.1")
    assert hint == "Write it flatter."


def test_a_part_that_cannot_be_read_is_told(write: Write, mistakes: Mistakes, tmp_path: Path) -> None:
    (tmp_path / "users.d" / "ana.yaml").mkdir(parents=True)
    found = mistakes("include: users.d/*.yaml\nusers: {jane: {}}\n")
    assert found == [("users.d/ana.yaml cannot be read: is a directory", "Check path and permissions.")]


@pytest.mark.parametrize(
    "text",
    [
        f"crms: {{a: {{kind: hubspot, token: {SECRET}}}}}",
        f"crms: {{a: {{kind: hubspot, token: {{{SECRET}: }}}}}}",
        f"crms: {{a: {{kind: hubspot, token: {{env: A}}, portal: {SECRET}}}}}",
        f"crms: {{a: {{kind: {SECRET}}}}}",
        f"crms: {{a: {{kind: hubspot, token: {{env: A}}, base_url: 'https://x:{SECRET}@a.example'}}}}",
        f"users: {{jane: {{crm: {SECRET}}}}}",
        f"{SECRET}: 1",
        f"state: {{database: 'postgresql://me:{SECRET}@db.example/x'}}",
        f"notify: {{slack: 'https://hooks.example/{SECRET}'}}",
        f"notify: {{webhook: 'https://x:{SECRET}@hooks.example'}}",
        f"crms: {{a: {{kind: hubspot, token: [{SECRET}]}}}}",
        f"crms: {{a: {{kind: hubspot, token: !x {SECRET}}}}}",
        f"crms: {{a: {{kind: hubspot, token: &{SECRET} x, portal: *{SECRET}x}}}}",
    ],
)
def test_a_secret_in_the_file_is_refused_and_never_repeated(text: str, mistakes: Mistakes) -> None:
    assert SECRET not in str(mistakes(text))


def test_a_literal_token_is_refused_with_the_way_out(mistakes: Mistakes) -> None:
    ((message, hint),) = mistakes(f"crms: {{a: {{kind: hubspot, token: {SECRET}}}}}")
    assert message.endswith("crms.a.token: a secret never stands in this file")
    assert hint.startswith("Write {env: NAME}, {file: PATH} or {keyring: service/name}.")


def test_yaml_is_read_as_its_version_1_2(loaded: Loaded) -> None:
    whole = loaded("users: {no: {country: NO}}\nnotify: {digest: 07:30}\n").whole
    assert whole.users["no"].country == "NO"
    assert whole.notify is not None
    assert whole.notify.digest == "07:30"


def test_anchors_and_merges_are_understood(loaded: Loaded) -> None:
    users = loaded(
        "users:\n  a: &a {country: DE, calls_per_day: 3}\n  b: {<<: *a, country: US}\n  c: *a\n"
    ).whole.users
    assert (users["b"].country, users["b"].calls_per_day) == ("US", 3)
    assert users["c"] == users["a"]


def test_a_bomb_of_anchors_is_defused(mistakes: Mistakes) -> None:
    text = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    found = mistakes(text)
    assert any("anchors repeat more than the file may hold" in message for message, _ in found)
    assert MOST_BORROWED <= 1_000_000


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"users: \x00", b"[" * 100_000, b"users: \xe4"])
def test_what_is_no_yaml_is_told_in_words(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "crm-sync.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_configuration(path)
    assert str(path) in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "# nothing\n", "users:\n", "users: {jane: }\n", "defaults:\nstate:\n"])
def test_what_is_left_empty_is_as_if_it_were_not_there(text: str, loaded: Loaded) -> None:
    assert loaded(text).users in ((), ("jane",))
