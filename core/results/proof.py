"""A result that proves itself: who holds the file recomputes its score and checks who issued it.

The file holds what was answered, the checklist it was answered with and what came of it, under an
Ed25519 signature (RFC 8032) of the portal. What it says is signed in one canonical form: JSON with
sorted keys, without spaces, UTF-8.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from core.checklist import Checklist, parse_checklist, to_data
from core.errors import InvalidInput, PortalError
from core.scoring import ScoreSheet, parse_answers, score

FORMAT = "service quality result 1"
_SIGNATURE = "signature"
_MOST_DIFFERENCES = 20
_PEM = re.compile(b"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)


@dataclass(frozen=True)
class Verdict:
    """What checking a result came to.

    Attributes:
        score: the score that the file states.
        differences: paths of its sheet that do not follow from its answers, the first twenty.
        unaltered: the signature is that of its contents under the key that it names.
        key: the fingerprint of that key, to be compared with the portal's.
        trusted: whether that key is one of those given; None when none were given.
    """

    score: float | None
    differences: tuple[str, ...]
    unaltered: bool
    key: str
    trusted: bool | None

    @property
    def holds(self) -> bool:
        """The score follows, nothing was changed, and no stranger signed."""
        return not self.differences and self.unaltered and self.trusted is not False

    def to_data(self) -> dict[str, Any]:
        return {
            "holds": self.holds,
            "score": self.score,
            "differences": list(self.differences),
            "unaltered": self.unaltered,
            "key": self.key,
            "trusted": self.trusted,
        }


def issue(
    about: Mapping[str, Any],
    checklist: Checklist,
    answers: Mapping[str, Any],
    sheet: ScoreSheet,
    key: Ed25519PrivateKey,
) -> dict[str, Any]:
    """A result as it is handed out.

    Args:
        about: plain values that say which result this is, such as its number and its moment.
        answers: as they are stored, {item key: answer}.
        sheet: what they score with the checklist.
        key: the portal's own.
    """
    contents = {
        "format": FORMAT,
        "about": dict(about),
        "checklist": to_data(checklist),
        "answers": dict(answers),
        "sheet": sheet.to_data(),
    }
    public_key = key.public_key().public_bytes_raw()
    return contents | {
        _SIGNATURE: {
            "key": _text_of(public_key),
            "value": _text_of(key.sign(_canonical(contents))),
        }
    }


def check(result: object, keys: Sequence[Ed25519PublicKey] = ()) -> Verdict:
    """Score the answers of a result again and check its signature.

    Args:
        result: what `issue` gave, read from its JSON.
        keys: those of the portal that is trusted; without any the fingerprint is left to compare.

    Raises:
        InvalidInput: it is no such result, or its checklist or answers cannot be read.
    """
    if not isinstance(result, Mapping) or result.get("format") != FORMAT:
        raise InvalidInput("The file is not a result of this portal.")
    contents = {name: value for name, value in result.items() if name != _SIGNATURE}
    stated = contents.get("sheet")
    if not isinstance(stated, Mapping):
        raise InvalidInput("The file is not a result of this portal.")
    signature = result.get(_SIGNATURE)
    public_key, value = _signature_of(signature if isinstance(signature, Mapping) else {})
    return Verdict(
        score=stated.get("score"),
        differences=tuple(_differences("sheet", stated, _scored_again(contents)))[
            :_MOST_DIFFERENCES
        ],
        unaltered=_is_signed(contents, public_key, value),
        key=fingerprint(public_key),
        trusted=public_key in [key.public_bytes_raw() for key in keys] if keys else None,
    )


def fingerprint(public_key: bytes) -> str:
    """SHA-256 of a raw public key, in hexadecimal digits by fours, short enough to read out."""
    digits = hashlib.sha256(public_key).hexdigest()[:32]
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def written_keys(keys: Sequence[Ed25519PrivateKey]) -> str:
    """The public halves as PEM, each with its fingerprint in a line before it."""
    lines = []
    for key in keys:
        public_key = key.public_key()
        pem = public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        lines.append(f"# {fingerprint(public_key.public_bytes_raw())}\n{pem}")
    return "".join(lines)


def read_keys(pem: bytes) -> list[Ed25519PublicKey]:
    """The public keys of a PEM file, one after the other.

    Raises:
        InvalidInput: it holds none, or one of another kind.
    """
    try:
        keys = [load_pem_public_key(block) for block in _PEM.findall(pem)]
    except (ValueError, UnsupportedAlgorithm):
        keys = []
    ours = [key for key in keys if isinstance(key, Ed25519PublicKey)]
    if not ours or len(ours) < len(keys):
        raise InvalidInput("The file holds no public key of a portal.")
    return ours


def _scored_again(contents: Mapping[str, Any]) -> dict[str, Any]:
    """What the answers score with the rules of this program, as it looks once read from JSON."""
    try:
        checklist = parse_checklist(contents["checklist"])
        sheet = score(checklist, parse_answers(checklist, contents["answers"]))
    except (KeyError, PortalError) as error:
        raise InvalidInput("Its checklist or its answers cannot be read.") from error
    again: dict[str, Any] = json.loads(json.dumps(sheet.to_data()))
    return again


def _differences(path: str, stated: object, again: object) -> list[str]:
    """Where two JSON values are not the same; numbers count as floats on both sides."""
    if isinstance(stated, Mapping) and isinstance(again, Mapping):
        names = sorted({*stated, *again})
        pairs = [(f"{path}.{name}", stated.get(name), again.get(name)) for name in names]
    elif isinstance(stated, list) and isinstance(again, list) and len(stated) == len(again):
        pairs = [
            (f"{path}[{position}]", *values)
            for position, values in enumerate(zip(stated, again, strict=True))
        ]
    else:
        return [] if stated == again else [path]
    return [where for pair in pairs for where in _differences(*pair)]


def _is_signed(contents: Mapping[str, Any], public_key: bytes, value: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(value, _canonical(contents))
    except (InvalidSignature, ValueError):
        return False
    return True


def _signature_of(signature: Mapping[str, Any]) -> tuple[bytes, bytes]:
    try:
        public_key, value = (
            base64.b64decode(str(signature[name]), validate=True) for name in ("key", "value")
        )
    except (KeyError, ValueError):
        raise InvalidInput("The file carries no signature.") from None
    return public_key, value


def _canonical(contents: Mapping[str, Any]) -> bytes:
    """Read back from JSON it is the same, byte for byte."""
    text = json.dumps(
        contents, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def _text_of(value: bytes) -> str:
    return base64.b64encode(value).decode()
