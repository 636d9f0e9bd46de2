"""Addresses of recordings that other hosts keep: read strictly, and allowed host by host."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Self
from urllib.parse import quote, urljoin, urlsplit

from core.errors import InvalidInput

_PORTS = {"http": 80, "https": 443}
_UNFIT = re.compile(r"[\x00-\x20\x7f\\]")
_AS_WRITTEN = "/%:@!$&'()*+,;=?"
_NAT64 = int(IPv6Address("64:ff9b::"))


@dataclass(frozen=True)
class SoundAddress:
    """An address by http or https; `target` is its path with the query.

    `host` is in small letters, in ASCII and without a full stop or brackets around it.
    """

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def read(cls, text: str) -> Self:
        """An address as it was written.

        Raises:
            InvalidInput: it is none, names a user or holds what does not belong into one.
        """
        try:
            parts = urlsplit(text)
            scheme, host = parts.scheme.lower(), _ascii(parts.hostname or "")
            port = parts.port or _PORTS[scheme]
        except (KeyError, ValueError):
            raise _no_address() from None
        is_whole = bool(host) and "@" not in parts.netloc and not _UNFIT.search(text)
        if not is_whole:
            raise _no_address()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(scheme=scheme, host=host, port=port, target=quote(target, safe=_AS_WRITTEN))

    def led_to(self, target: str) -> Self:
        """The address to which a redirect leads from here.

        Args:
            target: as the host writes it, whole or seen from this address.

        Raises:
            InvalidInput: as in `read`.
        """
        try:
            whole = urljoin(f"{self.scheme}://{self.netloc}{self.target}", target)
        except ValueError:
            raise _no_address() from None
        return self.read(whole)

    @property
    def netloc(self) -> str:
        """Host and port, the latter where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True)
class SoundHosts:
    """The hosts from which recordings are played: `inside` may lie in the portal's own network.

    Each is a name or an IP address, with its port where that is not the usual one.
    """

    outside: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()

    def check(self, address: SoundAddress) -> None:
        """Let an allowed address pass.

        Raises:
            InvalidInput: its host is not allowed, or is to be asked without encryption.
        """
        if self.may_be_inside(address):
            return
        if address.netloc not in self.outside:
            raise InvalidInput(
                "Recordings are not played from {host}: whoever runs the portal allows hosts in"
                " RECORDING_HOSTS.",
                host=address.netloc,
            )
        if address.scheme != "https":
            raise InvalidInput(
                "Recordings are played from {host} by https only.", host=address.netloc
            )

    def check_written(self, text: str) -> None:
        """The same for what is stored of a recording; the name of a file passes.

        Raises:
            InvalidInput: as in `check`, or it is an address that cannot be read.
        """
        if is_address(text):
            self.check(SoundAddress.read(text))

    def may_be_inside(self, address: SoundAddress) -> bool:
        """Whether its host may be one of the portal's own network."""
        return address.netloc in self.inside


NO_HOSTS = SoundHosts()


def sound_hosts(outside: str, inside: str) -> SoundHosts:
    """The hosts of the settings RECORDING_HOSTS and RECORDING_HOSTS_INSIDE.

    Args:
        outside, inside: names or IP addresses with or without a port, parted by commas.

    Raises:
        ValueError: one of them is no host.
    """
    return SoundHosts(outside=_hosts(outside), inside=_hosts(inside))


def is_address(text: str) -> bool:
    """Whether a recording is named by an address and not by a file of the portal."""
    return "://" in text


def is_public(address: str) -> bool:
    """Whether an IP address lies in no private, loopback, link-local or otherwise kept network.

    An IPv4 address within an IPv6 one counts as itself.
    """
    ip = ip_address(address.partition("%")[0])
    embedded = _embedded(ip) if isinstance(ip, IPv6Address) else None
    ip = embedded or ip
    is_site_local = isinstance(ip, IPv6Address) and ip.is_site_local
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or is_site_local)


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    if int(ip) >> 32 == _NAT64 >> 32:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def _hosts(written: str) -> frozenset[str]:
    return frozenset(_host(entry.strip()) for entry in written.split(",") if entry.strip())


def _host(entry: str) -> str:
    try:
        address = SoundAddress.read(f"https://{entry}")
    except InvalidInput:
        address = None
    if address is None or address.target != "/" or entry.endswith(("/", "#", "?")):
        msg = f"{entry} is no host such as sounds.example.com or pbx.example.com:8443"
        raise ValueError(msg)
    return address.netloc


def _ascii(host: str) -> str:
    """Raises ValueError where a name cannot be one."""
    return host.rstrip(".").encode("idna").decode().lower() if ":" not in host else host.lower()


def _no_address() -> InvalidInput:
    return InvalidInput(
        "This is no address of a recording by http or https, without a user's name in it."
    )
