"""Where a webhook may go: never inside (SSRF). Plain Python; the caller resolves names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

MAX_URL = 500
_PLAIN = re.compile(r"[\x21-\x7e]+")
_NAME = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?"
)
_INSIDE_NAMES = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa")
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Global by the registries' letter, but they carry or reach other addresses.
_CARRIERS = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24",  # protocol assignments (RFC 6890)
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "64:ff9b::/96",  # NAT64 (RFC 6052)
        "64:ff9b:1::/48",  # local NAT64 (RFC 8215)
        "2001::/23",  # Teredo and other protocol assignments
        "2002::/16",  # 6to4
    )
)
_UNICAST_V6 = ip_network("2000::/3")


class AddressRefused(ValueError):
    """We do not send there; the message is a short code, for example `not_global`."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL. `is_loopback` only in the sandbox: a receiver on this machine."""

    host: str
    port: int
    is_loopback: bool


def check_url(url: str, *, sandbox: bool) -> Target:
    """The target of a webhook URL: https, no userinfo, port 443 or from 1024, outside.

    In the sandbox `http://127.0.0.1:<port>` (or localhost, ::1) is allowed too. Names are not
    resolved here: `check_addresses` judges what they resolve to, at each connection.
    Raises AddressRefused.
    """
    if len(url) > MAX_URL or not _PLAIN.fullmatch(url) or "\\" in url:
        raise AddressRefused("malformed")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressRefused("malformed") from error
    if "@" in parts.netloc or "%" in parts.netloc or parts.fragment or url.endswith("#"):
        raise AddressRefused("malformed")
    if "[" in parts.netloc and ":" not in host:  # an IP address of the future (RFC 3986)
        raise AddressRefused("host")
    if sandbox and parts.scheme == "http" and host in _LOOPBACK:
        return Target(host, _port(port, default=80, lowest=1024), is_loopback=True)
    if parts.scheme != "https":
        raise AddressRefused("not_https")
    _check_host(host)
    return Target(host, _port(port, default=443, lowest=1024), is_loopback=False)


def check_addresses(target: Target, found: Iterable[str]) -> list[str]:
    """The addresses that a name resolved to, if every one of them is outside (or loopback).

    One bad address refuses all: a name that points inside and outside is an attack or broken.
    Raises AddressRefused.
    """
    addresses = [ip_address(text) for text in found]
    good = _is_loopback if target.is_loopback else is_outside
    if not addresses or not all(good(address) for address in addresses):
        raise AddressRefused("not_global")
    return [str(address) for address in addresses]


def is_outside(address: IPv4Address | IPv6Address) -> bool:
    """A global unicast address that neither carries nor translates to another one."""
    if any(address in network for network in _CARRIERS if network.version == address.version):
        return False
    if address.version == 6 and address not in _UNICAST_V6:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_loopback(address: IPv4Address | IPv6Address) -> bool:
    return address.is_loopback


def _port(port: int | None, *, default: int, lowest: int) -> int:
    if port is None:
        return default
    if port not in {443, default} and port < lowest:
        raise AddressRefused("port")
    return port


def _check_host(host: str) -> None:
    """A strict address, or a plain ASCII name whose last label is no number."""
    try:
        address = ip_address(host)
    except ValueError:
        if not _NAME.fullmatch(host) or host.endswith(_INSIDE_NAMES):
            raise AddressRefused("host") from None
        return
    if not is_outside(address):
        raise AddressRefused("not_global")
