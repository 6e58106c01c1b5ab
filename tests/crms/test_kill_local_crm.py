"""Killed between any two statements, the local CRM holds all of a batch or nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crm_sync.crms.local import LocalCrm
from crm_sync.domain.keys import Kind
from crm_sync.testing.crm_samples import COMPANY_ITEM, OTHER_DEAL_ITEM, TASK_ITEM, done, numbered_deal

BATCH = 300

VICTIM = f"""
import os, signal, sys
from dataclasses import replace
from sqlalchemy import Engine, event
from crm_sync.crms.local import LocalCrm
from crm_sync.testing.crm_samples import COMPANY, COMPANY_ITEM, numbered_deal

crm = LocalCrm(sys.argv[1])
crm.batch_size = {BATCH}
company, = crm.create([COMPANY_ITEM], {{}})
statements_left = int(sys.argv[2])

def count(*_):
    global statements_left
    statements_left -= 1
    if statements_left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "before_cursor_execute", count)
event.listen(Engine, "after_cursor_execute", count)
event.listen(Engine, "commit", count)
items = [replace(numbered_deal(n), parents=(COMPANY,)) for n in range(3 * {BATCH})]
for outcome in crm.create(items, {{COMPANY: company.remote.id}}):
    print(outcome.key, flush=True)
"""


@pytest.mark.parametrize("moment", [1, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 21, 30])
def test_a_kill_leaves_all_or_nothing_of_a_batch(tmp_path: Path, moment: int) -> None:
    url = f"sqlite:///{tmp_path / 'crm.db'}"
    victim = subprocess.run(
        [sys.executable, "-c", VICTIM, url, str(moment)], capture_output=True, text=True, check=False
    )
    assert victim.returncode == -signal.SIGKILL, victim.stderr
    answered = victim.stdout.splitlines()
    crm = LocalCrm(url)
    made = list(crm.records(Kind.DEAL))
    assert len(made) % BATCH == 0
    assert {str(remote.key) for remote in made} >= set(answered)
    assert all(len(remote.relations) == 1 for remote in made)
    again = done(crm.create([numbered_deal(n) for n in range(3 * BATCH)], {}))
    assert len({remote.id for remote in again}) == 3 * BATCH == len(list(crm.records(Kind.DEAL)))
    assert len(done(crm.create([COMPANY_ITEM, OTHER_DEAL_ITEM, TASK_ITEM], {}))) == 3
    crm.close()
