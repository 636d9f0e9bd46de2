"""The portal's secret, kept in a file outside the database, and what is derived from it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from core.errors import PortalError
from core.text.identifiers import normal_identifier

_PSEUDONYM = 32
_ID = 16
_PATIENCE_SECONDS = 5.0
IN_SESSION = "keys"
"""Where a session holds what gives the keys."""


class KeyUnusable(PortalError):
    """The key is missing, broken, or not the one that the database is written with."""


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

    @property
    def id(self) -> str:
        """Tells one secret from another and gives nothing of it away."""
        return self.ids_ever[0]

    @property
    def ids_ever(self) -> tuple[str, ...]:
        """The id of each secret, today's first."""
        return tuple(digest[:_ID] for digest in self.digests_ever("key id", ""))

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
        """The pseudonyms of a reference, today's first: one for all ways to write it.

        Those under former secrets follow, then those of a time when a reference had one for each
        way to write it.
        """
        forms = dict.fromkeys((normal_identifier(value), value))
        digests = [digest for form in forms for digest in self.digests_ever("customer", form)]
        return tuple(digest[:_PSEUDONYM] for digest in digests)

    def encrypt(self, text: str) -> bytes:
        return self._box.encrypt(text.encode())

    def decrypt(self, cipher: bytes) -> str:
        return self._box.decrypt(cipher).decode()

    def opens(self, cipher: bytes) -> bool:
        """Whether one of the secrets has encrypted this."""
        try:
            self._box.decrypt(cipher)
        except InvalidToken:
            return False
        return True

    def signing_keys_ever(self) -> tuple[Ed25519PrivateKey, ...]:
        """The keys that results are signed with, today's first."""
        return tuple(map(Ed25519PrivateKey.from_private_bytes, self.derived_ever("results")))

    @cached_property
    def _box(self) -> MultiFernet:
        keys = self.derived_ever("clear spans")
        return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def keys_of(session: Session) -> Keys:
    """The portal's keys, for queries; those of this process alone where nobody gave any."""
    keys: Callable[[], Keys] | None = session.info.get(IN_SESSION)
    return _OF_PROCESS if keys is None else keys()


def load_keys(var_dir: Path) -> Keys:
    """The keys of a folder; the secret file is made where there is none.

    A process with a database asks `db.safekeeping.database_key` instead, which makes none where
    the database is written with another.

    Raises:
        KeyUnusable: the file holds no secret.
    """
    if keys := stored_keys(var_dir):
        return keys
    path = key_file(var_dir)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        _write(unfinished, Keys(secrets.token_bytes(32)))
        _put(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return load_keys(var_dir)


def stored_keys(var_dir: Path) -> Keys | None:
    """The keys of a folder, None where there is no secret file; nothing is made.

    Raises:
        KeyUnusable: the file holds no secret.
    """
    path = key_file(var_dir)
    try:
        secret, *former = (bytes.fromhex(line) for line in _lines(path))
    except FileNotFoundError:
        return None
    except ValueError:
        raise KeyUnusable("{file} holds no key.", file=path.absolute()) from None
    except OSError as error:
        raise KeyUnusable(
            "{file} cannot be read: {problem}.", file=path.absolute(), problem=error.strerror
        ) from error
    return Keys(secret, tuple(former))


def add_secret(var_dir: Path) -> Keys:
    """Put a new secret in front of the others; the file is replaced in one step."""
    before = load_keys(var_dir)
    path, unfinished = key_file(var_dir), key_file(var_dir).with_suffix(".part")
    after = Keys(secrets.token_bytes(32), (before.secret, *before.former))
    unfinished.unlink(missing_ok=True)
    _write(unfinished, after)
    unfinished.replace(path)
    return after


def key_file(var_dir: Path) -> Path:
    """Where the secrets stand, newest first, one a line."""
    return var_dir / "keys" / "portal.key"


def _lines(path: Path) -> list[str]:
    """A file that is empty is about to be written by a process of a former version."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while not (text := path.read_text(encoding="ascii")):
        if time.monotonic() > give_up:
            break
        time.sleep(0.02)
    return text.split()


def _put(written: Path, path: Path) -> None:
    """Give a file that is whole its name, unless another process was first: it is never empty."""
    try:
        path.hardlink_to(written)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not path.exists():
            written.replace(path)


def _write(path: Path, keys: Keys) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write("".join(f"{secret.hex()}\n" for secret in (keys.secret, *keys.former)))
        file.flush()
        os.fsync(file.fileno())


def _derived(secret: bytes, purpose: str) -> bytes:
    return hmac.new(secret, purpose.encode(), hashlib.sha256).digest()


_OF_PROCESS = Keys(secrets.token_bytes(32))
