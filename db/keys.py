"""The portal's secret, kept in a file outside the database, and what is derived from it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy.orm import Session

_PSEUDONYM = 32
IN_SESSION = "keys"
"""Where a session holds what gives the keys."""


@dataclass(frozen=True)
class Keys:
    """Purpose-bound keys derived from one secret, so that none can stand in for another.

    `former` are the secrets before it, newest first: they still read what they once encrypted or
    sealed, and nothing new is made with them.
    """

    secret: bytes
    former: tuple[bytes, ...] = ()

    def derive(self, purpose: str) -> bytes:
        return _derived(self.secret, purpose)

    def derived_ever(self, purpose: str) -> tuple[bytes, ...]:
        """The keys for a purpose, today's first."""
        return tuple(_derived(secret, purpose) for secret in (self.secret, *self.former))

    def digest(self, purpose: str, value: str) -> str:
        """A keyed digest: the same value gives the same text, which nobody can turn back."""
        return hmac.new(self.derive(purpose), value.encode(), hashlib.sha256).hexdigest()

    def digests_ever(self, purpose: str, value: str) -> tuple[str, ...]:
        """The digest under each secret, today's first."""
        return tuple(
            hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
            for key in self.derived_ever(purpose)
        )

    def pseudonym(self, value: str) -> str:
        return self.pseudonyms_ever(value)[0]

    def pseudonyms_ever(self, value: str) -> tuple[str, ...]:
        """The pseudonym under each secret, today's first."""
        return tuple(digest[:_PSEUDONYM] for digest in self.digests_ever("customer", value))

    def encrypt(self, text: str) -> bytes:
        return self._box.encrypt(text.encode())

    def decrypt(self, cipher: bytes) -> str:
        return self._box.decrypt(cipher).decode()

    @cached_property
    def _box(self) -> MultiFernet:
        keys = self.derived_ever("clear spans")
        return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def keys_of(session: Session) -> Keys:
    """The portal's keys, for queries; those of this process alone where nobody gave any."""
    keys: Callable[[], Keys] | None = session.info.get(IN_SESSION)
    return _OF_PROCESS if keys is None else keys()


def load_keys(var_dir: Path) -> Keys:
    """The keys of this portal; the secret file is made with the first start."""
    path = key_file(var_dir)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        secret, *former = (bytes.fromhex(line) for line in path.read_text().split())
        return Keys(secret, tuple(former))
    _write(handle, Keys(secrets.token_bytes(32)))
    return load_keys(var_dir)


def add_secret(var_dir: Path) -> Keys:
    """Put a new secret in front of the others; the file is replaced in one step."""
    before = load_keys(var_dir)
    path, part = key_file(var_dir), key_file(var_dir).with_suffix(".part")
    after = Keys(secrets.token_bytes(32), (before.secret, *before.former))
    part.unlink(missing_ok=True)
    _write(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), after)
    part.replace(path)
    return after


def key_file(var_dir: Path) -> Path:
    """Where the secrets stand, newest first, one a line."""
    return var_dir / "keys" / "portal.key"


def _write(handle: int, keys: Keys) -> None:
    with os.fdopen(handle, "w") as file:
        file.write("".join(f"{secret.hex()}\n" for secret in (keys.secret, *keys.former)))
        file.flush()
        os.fsync(file.fileno())


def _derived(secret: bytes, purpose: str) -> bytes:
    return hmac.new(secret, purpose.encode(), hashlib.sha256).digest()


_OF_PROCESS = Keys(secrets.token_bytes(32))
