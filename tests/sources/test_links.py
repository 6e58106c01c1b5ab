"""What a pasted link is taken for, and by which name it is known."""

from __future__ import annotations

import pytest

from crm_sync.errors import SourceError
from crm_sync.sources import source_of
from crm_sync.sources.links import is_link, parsed
from crm_sync.sources.shares import download_form

SHEET = "1AbCdEfGh1JkLmNoPqRsTuVwXyZ0123456789abcdef"
PUBLISHED = "2PACX-1vQabcDEF123ghiJKL456mnoPQR789"
EXPORT = f"https://docs.google.com/spreadsheets/d/{SHEET}/export"
PUB = f"https://docs.google.com/spreadsheets/d/e/{PUBLISHED}/pub"


@pytest.mark.parametrize(
    ("pasted", "fetched"),
    [
        (f"https://docs.google.com/spreadsheets/d/{SHEET}/edit#gid=7", f"{EXPORT}?format=csv&gid=7"),
        (f"https://docs.google.com/spreadsheets/d/{SHEET}/edit?gid=0#gid=0", f"{EXPORT}?format=csv&gid=0"),
        (f"https://docs.google.com/spreadsheets/d/{SHEET}/edit?usp=sharing", f"{EXPORT}?format=xlsx"),
        (f"https://docs.google.com/spreadsheets/d/{SHEET}", f"{EXPORT}?format=xlsx"),
        (f"https://docs.google.com/spreadsheets/u/1/d/{SHEET}/view", f"{EXPORT}?format=xlsx"),
        (f"https://docs.google.com/a/firm.example/spreadsheets/d/{SHEET}/edit", f"{EXPORT}?format=xlsx"),
        (f"{EXPORT}?format=ods", f"{EXPORT}?format=ods"),
        (f"{EXPORT}?format=pdf&gid=3", f"{EXPORT}?format=csv&gid=3"),
        (f"{PUB}html?gid=5&single=true", f"{PUB}?output=csv&gid=5&single=true"),
        (f"{PUB}html", f"{PUB}?output=xlsx"),
        (f"{PUB}?output=tsv", f"{PUB}?output=tsv"),
        (
            f"https://docs.google.com/spreadsheets/d/{SHEET}/gviz/tq?tqx=out:csv&sheet=Jobs",
            f"https://docs.google.com/spreadsheets/d/{SHEET}/gviz/tq?tqx=out:csv&sheet=Jobs",
        ),
        (
            f"https://drive.google.com/file/d/{SHEET}/view?usp=sharing&resourcekey=0-x",
            f"https://drive.google.com/uc?export=download&id={SHEET}&resourcekey=0-x",
        ),
        (
            f"https://drive.google.com/open?id={SHEET}",
            f"https://drive.google.com/uc?export=download&id={SHEET}",
        ),
        (
            "https://www.dropbox.com/scl/fi/abc/jobs.csv?rlkey=k&dl=0",
            "https://www.dropbox.com/scl/fi/abc/jobs.csv?rlkey=k&dl=1",
        ),
        ("https://www.dropbox.com/s/abc/jobs.csv", "https://www.dropbox.com/s/abc/jobs.csv?dl=1"),
        ("https://1drv.ms/x/c/12/Eabc?e=x", "https://1drv.ms/x/c/12/Eabc?e=x&download=1"),
        (
            "https://onedrive.live.com/edit.aspx?resid=A%2112&authkey=%21k&ithint=file",
            "https://onedrive.live.com/download?resid=A%2112&authkey=%21k",
        ),
        (
            "https://firm.sharepoint.com/:x:/g/personal/me/Eabc?e=x",
            "https://firm.sharepoint.com/:x:/g/personal/me/Eabc?e=x&download=1",
        ),
        ("https://jobs.example/list.csv?week=5", "https://jobs.example/list.csv?week=5"),
    ],
)
def test_a_share_link_becomes_the_link_that_gives_the_file(pasted: str, fetched: str) -> None:
    assert download_form(parsed(pasted)).geturl() == fetched


def test_every_form_of_a_sheets_link_is_one_source_and_its_sheets_are_several() -> None:
    address = f"https://docs.google.com/spreadsheets/d/{SHEET}"
    same = {source_of(f"{address}/edit#gid=7"), source_of(f"{EXPORT}?gid=7&format=csv")}
    others = {source_of(f"{address}/edit#gid=8"), source_of(f"{address}/edit")}
    assert len(same) == 1
    assert len(same | others) == 3


def test_a_plain_link_is_its_own_name() -> None:
    assert source_of("HTTPS://Jobs.Example:443/my-applications-2027.csv") == (
        "https://jobs.example/my-applications-2027.csv"
    )


@pytest.mark.parametrize(
    "secret",
    [
        f"https://docs.google.com/spreadsheets/d/{SHEET}/edit#gid=7",
        f"https://hooks.example/feed/{SHEET}/list.csv",
        f"https://jobs.example/list.csv?token={SHEET}",
        f"https://jobs.example/list.csv?{SHEET}",
        f"https://bucket.example/list.csv?X-Amz-Signature={SHEET}&X-Amz-Date=20270201",
        f"https://www.dropbox.com/scl/fi/x1/jobs.csv?rlkey={SHEET}",
    ],
)
def test_the_name_of_a_link_holds_no_secret(secret: str) -> None:
    assert SHEET[:10] not in source_of(secret)


def test_a_link_that_is_signed_anew_is_the_same_source() -> None:
    week = "https://bucket.example/list.csv?X-Amz-Date={0}&X-Amz-Signature=a{0}"
    blob = "https://jobs.blob.example/list.csv?sv=2024&se={0}&sig=b{0}"
    assert source_of(week.format(1)) == source_of(week.format(2)) == "https://bucket.example/list.csv"
    assert source_of(blob.format(1)) == source_of(blob.format(2))


@pytest.mark.parametrize("name", ["token", "id", "e", "st", "se", "download", "expires"])
def test_two_links_that_differ_in_what_is_no_known_signature_are_two_sources(name: str) -> None:
    assert source_of(f"https://jobs.example/list?{name}=1") != source_of(
        f"https://jobs.example/list?{name}=2"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("https://", "no complete link"),
        ("https:///list.csv", "no complete link"),
        ("https://jobs.example:port/list.csv", "no complete link"),
        ("https://[::1/list.csv", "no complete link"),
        ("https://jobs.example/a list.csv", "no complete link"),
        ("ftp://jobs.example/list.csv", "ftp:// links are not read"),
        ("file:///etc/passwd", "no complete link"),
        ("https://me:secret@jobs.example/list.csv", "holds a user name or password"),
    ],
)
def test_what_is_no_link_is_refused_without_being_repeated(text: str, why: str) -> None:
    assert is_link(text)
    with pytest.raises(SourceError, match=why) as refused:
        parsed(text)
    assert "secret" not in refused.value.message + refused.value.hint


@pytest.mark.parametrize("text", ["list.csv", "C:/list.csv", "./https/list.csv", "-", "~/a:b//c.csv"])
def test_a_path_is_no_link(text: str) -> None:
    assert not is_link(text)
