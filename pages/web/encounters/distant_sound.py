"""Recordings of other hosts, fetched piece by piece: allowed ones only, none within the network.

A name is looked up once and the connection goes to the addresses that were looked at, so that no
later answer leads elsewhere; each redirect is looked at like the first address.
"""

from __future__ import annotations

import mimetypes
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection

from core.encounters.sound import HEAD, sound_kind
from core.encounters.sound_addresses import SoundAddress, SoundHosts, is_public
from core.errors import InvalidInput, NotFound, Unavailable

_PATIENCE = 10.0
"""Seconds for a connection, and between two pieces of what is sent."""
_REDIRECTS = 3
_PIECE = 64 * 1024
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")
_SIZE = re.compile(r"bytes \*/(\d{1,15})")
_OUTSIDE = 416


@dataclass(frozen=True)
class Extent:
    """Bytes from `start` up to `stop`, not included, of a recording of `size` bytes."""

    start: int
    stop: int
    size: int


class DistantSound:
    """What another host answers: a piece of a recording, to be read once and closed.

    `extent` is None where the host does not say how long the recording is, and all of it comes.
    """

    def __init__(
        self, connection: HTTPConnection, answer: HTTPResponse, span: tuple[int, int | None]
    ) -> None:
        self._connection, self._answer = connection, answer
        self._skip = 0
        self.extent = self._extent(span)
        self._head = b""
        self.kind = ""

    def look(self, address: SoundAddress) -> None:
        """Tell by its first bytes what is sent, or by its name where it comes from further on.

        Raises:
            NotFound: it begins like no sound.
            Unavailable: the host breaks off, or sends nothing.
        """
        if self.extent is None or not self.extent.start:
            try:
                self._head = self._answer.read(HEAD)
            except (HTTPException, OSError):
                raise _silent(address) from None
            kind = sound_kind(self._head)
            if kind is None:
                raise NotFound("What {host} sends is no sound.", host=address.netloc)
            self.kind = mimetypes.guess_type(f"sound.{kind}")[0] or ""
        else:
            self.kind = mimetypes.guess_type(address.target.partition("?")[0])[0] or ""

    def pieces(self) -> Iterator[bytes]:
        """The bytes; the connection is closed at the end or when nobody reads on."""
        try:
            left = None if self.extent is None else self.extent.stop - self.extent.start
            while self._skip and (passed := self._answer.read(min(_PIECE, self._skip))):
                self._skip -= len(passed)
            while left is None or left > 0:
                most = _PIECE if left is None else min(_PIECE, left)
                sent = self._head[:most] or self._answer.read(most)
                self._head = self._head[most:]
                if not sent:
                    return
                left = None if left is None else left - len(sent)
                yield sent
        except (HTTPException, OSError):
            return  # the browser sees that less came than was said, and asks again
        finally:
            self.close()

    def close(self) -> None:
        self._connection.close()

    def _extent(self, span: tuple[int, int | None]) -> Extent | None:
        match = _RANGE.fullmatch(self._answer.getheader("content-range", ""))
        if self._answer.status == 206 and match:
            first, last, size = map(int, match.groups())
            return Extent(start=first, stop=last + 1, size=size)
        if self._answer.length is None:
            return None
        start, stop = span
        size = self._answer.length
        if start < 0:
            start, stop = max(0, size + start), size
        self._skip = start
        return Extent(start=start, stop=size if stop is None else min(stop, size), size=size)


def fetched(hosts: SoundHosts, written: str, span: tuple[int, int | None]) -> DistantSound:
    """Ask the host of an address for a piece of its recording.

    Args:
        written: the address as it is stored.
        span: first byte, negative counted from the end, and the byte behind the last one.

    Raises:
        NotFound: the host is not allowed, lies within the network, leads elsewhere, has no such
            recording, or sends no sound.
        Unavailable: it does not answer.
    """
    try:
        address = SoundAddress.read(written)
        for _ in range(_REDIRECTS + 1):
            hosts.check(address)
            connection = _connected(address, is_inside=hosts.may_be_inside(address))
            answer = _asked(connection, address, span)
            if answer is None:
                connection.close()
                raise _silent(address)
            target = answer.getheader("location")
            if not (300 <= answer.status < 400 and target):
                return _sound(connection, answer, address, span)
            connection.close()
            address = address.led_to(target)
    except InvalidInput as error:
        raise NotFound(error.sentence, **error.values) from None
    raise NotFound("{host} leads from one address to the next.", host=address.netloc)


def _sound(
    connection: HTTPConnection,
    answer: HTTPResponse,
    address: SoundAddress,
    span: tuple[int, int | None],
) -> DistantSound:
    try:
        _refuse_other(answer, address)
        sound = DistantSound(connection, answer, span)
        if answer.status == _OUTSIDE:
            sound.extent = Extent(start=0, stop=0, size=_size_said(answer))
        elif sound.extent is None or sound.extent.stop > sound.extent.start:
            sound.look(address)
    except BaseException:
        connection.close()
        raise
    return sound


def _refuse_other(answer: HTTPResponse, address: SoundAddress) -> None:
    is_piece = answer.status == 206 and _RANGE.fullmatch(answer.getheader("content-range", ""))
    if not is_piece and answer.status not in (200, _OUTSIDE):
        raise NotFound(
            "{host} does not give this recording out; it answers {status}.",
            host=address.netloc,
            status=answer.status,
        )


def _size_said(answer: HTTPResponse) -> int:
    match = _SIZE.fullmatch(answer.getheader("content-range", ""))
    return int(match[1]) if match else 0


def _asked(
    connection: HTTPConnection, address: SoundAddress, span: tuple[int, int | None]
) -> HTTPResponse | None:
    start, stop = span
    last = "" if stop is None else stop - 1
    headers = {"Accept-Encoding": "identity"}
    if span != (0, None):
        headers["Range"] = f"bytes={start}" if start < 0 else f"bytes={start}-{last}"
    with suppress(HTTPException, OSError):
        connection.request("GET", address.target, headers=headers)
        return connection.getresponse()
    return None


def _connected(address: SoundAddress, *, is_inside: bool) -> HTTPConnection:
    """A connection to one of the addresses that the name has now.

    Raises:
        NotFound: one of them lies within the network, and it is not allowed to.
        Unavailable: nobody answers there.
    """
    try:
        there = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _silent(address) from None
    ips = list(dict.fromkeys(str(sockaddr[0]) for *_kind, sockaddr in there))
    if not is_inside and not all(map(is_public, ips)):
        raise NotFound("{host} lies within the portal's own network.", host=address.netloc)
    for ip in ips:
        with suppress(OSError):
            return _opened(address, ip)
    raise _silent(address)


def _opened(address: SoundAddress, ip: str) -> HTTPConnection:
    plain = socket.create_connection((ip, address.port), timeout=_PATIENCE)
    if address.scheme == "http":
        connection = HTTPConnection(address.host, address.port, timeout=_PATIENCE)
        connection.sock = plain
        return connection
    try:
        safe = HTTPSConnection(address.host, address.port, timeout=_PATIENCE, context=_tls())
        safe.sock = _tls().wrap_socket(plain, server_hostname=address.host)
    except OSError:
        plain.close()
        raise
    return safe


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _silent(address: SoundAddress) -> Unavailable:
    return Unavailable("{host} does not answer. Try again later.", host=address.netloc)
