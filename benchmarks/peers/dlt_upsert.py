"""A dlt destination that upserts deals by a unique property: ``python dlt_upsert.py FILE``.

Written as its documentation shows a custom destination, in batches of 100. What HubSpot refuses as wrong
is final, everything else is tried again by dlt. Runs in its own environment.
"""

import csv
import os
import sys
from pathlib import Path

import dlt
import requests
from dlt.destinations.exceptions import DestinationTerminalException, DestinationTransientException

KEY = "application_key"


@dlt.destination(batch_size=100, name="hubspot_deals", naming_convention="direct")
def deals(items, table):
    """Upsert one batch."""
    inputs = [
        {
            "id": item[KEY],
            "idProperty": KEY,
            "properties": {
                KEY: item[KEY],
                "dealname": item["dealname"],
                "dealstage": "appointmentscheduled",
                "pipeline": "default",
                "description": item["description"],
            },
        }
        for item in items
    ]
    answer = requests.post(
        f"{os.environ['HUBSPOT_BASE_URL']}/crm/v3/objects/deals/batch/upsert",
        json={"inputs": inputs},
        headers={"Authorization": f"Bearer {os.environ['HUBSPOT_ACCESS_TOKEN']}"},
        timeout=30,
    )
    if answer.status_code in (400, 401, 403, 404):
        raise DestinationTerminalException(answer.text)
    if not answer.ok:
        raise DestinationTransientException(answer.text)


def rows(path):
    """Yield a deal for each row."""
    with Path(path).open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield {
                KEY: f"{row['Company']}/{row['Job Title']}",
                "dealname": f"{row['Job Title']} at {row['Company']}",
                "description": row["Date Applied"] and f"Applied on {row['Date Applied']}",
            }


if __name__ == "__main__":
    pipeline = dlt.pipeline("tracker", destination=deals, pipelines_dir=os.environ["DLT_HOME"])
    pipeline.run(dlt.resource(rows(sys.argv[1]), name="deals"))
