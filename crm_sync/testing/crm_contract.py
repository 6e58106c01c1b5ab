"""What every CRM promises, as tests: inherit ``CrmContract``, say how to make one, run pytest.

    class TestMyCrm(CrmContract):
        def make_crm(self) -> CRM:
            return MyCrm(...)

The contract is that of ``crm_sync.ports.CRM``. It asks for nothing that HubSpot cannot give: an answer may
differ from what was told (texts are rewritten), ``changes`` may repeat itself and tell of our own writes,
a task is found by its key through its deal, and a contact always has an address.
"""

from __future__ import annotations

from crm_sync.testing.crm_hearing import HearingPromises
from crm_sync.testing.crm_writing import WritingPromises


class CrmContract(WritingPromises, HearingPromises):
    """The promises of a CRM; every test begins with an empty account. Hooks: see ``CrmHooks``."""
