"""The portal's secret, kept in a file outside the database, and what is derived from it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.fernet import Fernet


@dataclass(frozen=True)
class Keys:
    """Purpose-bound keys derived from one secret, so that none can stand in for another."""

    secret: bytes

    def derive(self, purpose: str) -> bytes:
        return hmac.new(self.secret, purpose.encode(), hashlib.sha256).digest()

    def digest(self, purpose: str, value: str) -> str:
        """A keyed digest: the same value gives the same text, which nobody can turn back."""
        return hmac.new(self.derive(purpose), value.encode(), hashlib.sha256).hexdigest()

    def pseudonym(self, value: str) -> str:
        return self.digest("customer", value)[:32]

    def encrypt(self, text: str) -> bytes:
        return self._box.encrypt(text.encode())

    def decrypt(self, cipher: bytes) -> str:
        return self._box.decrypt(cipher).decode()

    @cached_property
    def _box(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self.derive("clear spans")))


def load_keys(var_dir: Path) -> Keys:
    """The keys of this portal; the secret file is made with the first start."""
    path = var_dir / "keys" / "portal.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Keys(bytes.fromhex(path.read_text().strip()))
    secret = secrets.token_bytes(32)
    with os.fdopen(handle, "w") as file:
        file.write(secret.hex())
    return Keys(secret)
