"""The headers of every answer that limit what the browser may do with it, and keep of it."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import streamlit
from starlette.types import Message, Send

from pages.ui.kit import wiring

_INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def named(text: str) -> str:
    """A script or style that stands in a page, as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _scripts_of(page: Path) -> str:
    return " ".join(named(script) for script in _INLINE.findall(page.read_text(encoding="utf-8")))


# blob: page components are modules that Streamlit makes from a text; a script that is put into
# the page's HTML cannot make one.
_DIRECTIVES = (
    "default-src 'self'",
    f"script-src 'self' blob: 'wasm-unsafe-eval' {_scripts_of(_INDEX)}",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "media-src 'self' blob:",
    "worker-src 'self' blob:",
    "frame-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
_HEADERS = {
    "content-security-policy": "; ".join(_DIRECTIVES),
    # Of what says nothing itself, as downloads do; what may be kept says so.
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
}
_HTTPS_FOR_A_YEAR = {"strict-transport-security": "max-age=31536000"}


def with_headers(send: Send) -> Send:
    """Add the headers that an answer does not set by itself."""
    headers = _HEADERS | (_HTTPS_FOR_A_YEAR if wiring.settings().secure_cookies else {})

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _value in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *(
                    (name.encode(), value.encode())
                    for name, value in headers.items()
                    if name.encode() not in present
                ),
            ]
        await send(message)

    return wrapped
