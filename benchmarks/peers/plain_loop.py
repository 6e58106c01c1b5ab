"""Create deals one by one with HubSpot's SDK: ``python plain_loop.py FILE``. Runs in its own environment."""

import csv
import os
import sys
from pathlib import Path

from hubspot import HubSpot
from hubspot.crm.deals import ApiException, SimplePublicObjectInputForCreate


def main() -> int:
    """Create a deal for each row; what is refused is printed and passed over."""
    client = HubSpot(access_token=os.environ["HUBSPOT_ACCESS_TOKEN"])
    client.config["base_url"] = client.config["host"] = os.environ["HUBSPOT_BASE_URL"]
    failed = 0
    with Path(sys.argv[1]).open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            deal = {
                "dealname": f"{row['Job Title']} at {row['Company']}",
                "dealstage": "appointmentscheduled",
                "pipeline": "default",
                "description": row["Date Applied"] and f"Applied on {row['Date Applied']}",
            }
            try:
                client.crm.deals.basic_api.create(SimplePublicObjectInputForCreate(properties=deal))
            except ApiException as refused:
                failed += 1
                print(f"{row['Company']}: {refused.status} {refused.body}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
