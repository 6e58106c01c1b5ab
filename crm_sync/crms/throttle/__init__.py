"""One rate limit for everybody who uses an account: all threads, processes and machines."""

from crm_sync.crms.throttle.account import ASSOCIATIONS, BURST, SEARCH, Throttle, limits_for
from crm_sync.crms.throttle.slots import Limit

__all__ = ["ASSOCIATIONS", "BURST", "SEARCH", "Limit", "Throttle", "limits_for"]
