"""Options and arguments that several commands share, each spelled once."""

from __future__ import annotations

from typing import Annotated

import typer

User = Annotated[
    str | None,
    typer.Option("--user", metavar="NAME", help="Whose applications; needed where there are several."),
]
Crm = Annotated[
    str | None,
    typer.Option(
        "--crm", metavar="NAME", help="The CRM: local (embedded), hubspot, or an entry of the configuration."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Confirm without being asked.")]
Plan = Annotated[bool, typer.Option("--plan", help="Show what would be done and stop before writing.")]
AllowLoss = Annotated[
    bool, typer.Option("--allow-loss", help="Allow a plan that ends unusually many records.")
]
RetryFailed = Annotated[bool, typer.Option("--retry-failed", help="Try again what the CRM refused before.")]
Wait = Annotated[
    float, typer.Option("--wait", metavar="SECONDS", min=0, help="Wait that long for another run to end.")
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", metavar="N", min=1, help="Read the sources of so many users side by side."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Metrics = Annotated[
    str | None,
    typer.Option(
        "--metrics", metavar="FILE", help="Write figures for Prometheus there, with those of all users."
    ),
]
Key = Annotated[
    str, typer.Argument(metavar="KEY", help="Key of an application, or its first four characters.")
]
Connector = Annotated[
    str | None, typer.Option("--connector", metavar="NAME", help="Read the file with this connector.")
]
Sheet = Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="Read this sheet only.")]
DayFirst = Annotated[
    bool | None,
    typer.Option(
        "--day-first/--month-first", help="How to read dates such as 3/4/2027 (else the file decides)."
    ),
]
Columns = Annotated[
    list[str],
    typer.Option("--column", metavar="FIELD=HEADER", help="Read this field from that column; repeatable."),
]
Employer = Annotated[
    str | None,
    typer.Option("--employer", metavar="NAME", help="Whose candidates a recruiter's export holds."),
]
Day = Annotated[
    str, typer.Argument(metavar="DATE", help="2027-02-15, today, tomorrow, or the name of a weekday.")
]
