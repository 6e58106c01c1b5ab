"""Run crm-sync as `python -m crm_sync`."""

from crm_sync.cli.main import run

run()
