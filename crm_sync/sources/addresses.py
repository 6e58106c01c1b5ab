"""Which addresses a link may lead to: the whole internet, and nothing behind the user's own door."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence

from crm_sync.errors import SourceError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""From a host's name and a port to its addresses; raises OSError where there are none."""

ALLOW = "CRM_SYNC_ALLOW_PRIVATE_ADDRESSES=1"
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


def system_addresses(host: str, port: int) -> Sequence[str]:
    """Return the addresses that this machine knows for a name, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_addresses(
    host: str, port: int, resolve: Resolve, allowed: Callable[[str], bool]
) -> tuple[str, ...]:
    """Return the addresses of a host, every one of them checked, to be connected to as they are.

    A name is asked for once: what was checked is what is used, so a second answer (DNS rebinding) never
    matters. Raises SourceError where one of them is not *allowed* or there is none.
    """
    try:
        found = tuple(resolve(host, port))
    except (OSError, UnicodeError):
        found = ()
    if not found:
        raise Unresolved(f"{host} is not known to this network", "Check the link, and that you are online.")
    if not all(map(allowed, found)):
        raise SourceError(
            f"{host} lies in a private network, which links must not lead to",
            f"If it is your own server, allow it with {ALLOW}.",
        )
    return found


class Unresolved(SourceError):
    """A name has no address, for now or for ever."""


def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine itself."""
    return _inner(ipaddress.ip_address(address.partition("%")[0])).is_loopback


def is_public(address: str) -> bool:
    """Tell whether an address is reachable from anywhere (IANA's registries), however it is wrapped."""
    inner = _inner(ipaddress.ip_address(address.partition("%")[0]))
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _inner(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for (mapped, 6to4, Teredo, NAT64), else itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.teredo:
        return address.teredo[1]
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
