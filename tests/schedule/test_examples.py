"""The scheduled examples are understood by cron, systemd, a cluster and a workflow, and run what there is."""

from __future__ import annotations

import re
import shlex
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from crm_sync.schedule.crontab import next_by_cron
from crm_sync.schedule.units import next_by_systemd, values_of
from tests.cli.test_docs import options_that_exist
from tests.schedule.test_times import NEEDS_SYSTEMD

EXAMPLES = Path(__file__).parents[2] / "examples" / "scheduled"
NOW = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)


def text(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def check_words(words: list[str]) -> None:
    """Fail where a command line names a command or an option that there is not."""
    told = options_that_exist()
    assert Path(words[0]).name == "crm-sync"
    general, rest = [], words[1:]
    while rest and rest[0].startswith("--"):
        general.append(rest.pop(0))
        if general[-1] == "--config":
            rest.pop(0)
    two = " ".join(rest[:2])
    command = two if two in told else rest[0]
    options = [word for word in rest if word.startswith("--")]
    assert set(general) <= told[""], words
    assert set(options) <= told[command], words


def rules() -> list[list[str]]:
    lines = text("crontab").splitlines()
    return [line.split(None, 5) for line in lines if re.match(r"[\d*]", line)]


def test_the_crontab_names_rules_that_come_and_commands_that_there_are() -> None:
    assert len(rules()) == 2
    for rule in rules():
        assert next_by_cron(" ".join(rule[:5]), NOW) > NOW
        assert not re.search(r"(?<!\\)%", rule[5])
        check_words([word for word in shlex.split(rule[5]) if "=" not in word])
    for line in text("crontab").splitlines():
        assert line == "" or re.match(r"#|[A-Z]+=|[\d*]", line), line


@NEEDS_SYSTEMD
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    program = tmp_path / "crm-sync"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    for name in ("crm-sync.service", "crm-sync.timer"):
        unit = text(name).replace("/opt/crm-sync/bin/crm-sync", str(program))
        (tmp_path / name).write_text(unit, encoding="utf-8")
    words = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.glob("*.[st]*")))]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    (calendar,) = values_of(text("crm-sync.timer"), "OnCalendar")
    assert next_by_systemd(f"{calendar} UTC", NOW) == datetime(2027, 2, 1, 9, 15, tzinfo=UTC)


def test_the_service_runs_a_command_that_there_is() -> None:
    (command,) = values_of(text("crm-sync.service"), "ExecStart")
    check_words(shlex.split(command))


def loaded(name: str) -> Any:
    return yaml.safe_load(text(name))


def test_the_cronjob_has_what_a_cluster_asks_for_and_runs_a_command_that_there_is() -> None:
    job = loaded("kubernetes-cronjob.yaml")
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "CronJob")
    assert next_by_cron(job["spec"]["schedule"], NOW) > NOW
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["restartPolicy"] == "Never"
    (container,) = pod["containers"]
    check_words(container["command"])
    mounts = {mount["name"] for mount in container["volumeMounts"]}
    assert mounts == {volume["name"] for volume in pod["volumes"]}
    plain = [variable for variable in container["env"] if "value" in variable]
    assert [variable["name"] for variable in plain] == ["CRM_SYNC_HOME"]


def test_the_workflow_comes_and_runs_commands_that_there_are() -> None:
    workflow = loaded("github-actions.yaml")
    on = workflow.get("on", workflow.get(True))
    assert next_by_cron(on["schedule"][0]["cron"], NOW) > NOW
    steps = workflow["jobs"]["sync"]["steps"]
    commands = [step["run"] for step in steps if step.get("run", "").startswith("crm-sync")]
    assert len(commands) == 2
    for command in commands:
        check_words(shlex.split(command))
    for step in steps:
        assert all(re.fullmatch(r"\$\{\{ secrets\.\w+ \}\}", value) for value in step.get("env", {}).values())


@pytest.mark.parametrize("name", ["kubernetes-cronjob.yaml", "github-actions.yaml"])
def test_the_extras_that_are_installed_there_exist(name: str) -> None:
    project = (EXAMPLES.parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    named = re.findall(r"crm-sync\[([\w,]+)\]", text(name))
    assert named
    for extra in named[0].split(","):
        assert re.search(rf"^{extra} = \[", project, re.M), extra
