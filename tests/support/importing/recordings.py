"""Archives of recordings."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt told apart"


def archive_of(parts):
    """The bytes of a ZIP archive with these files."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()
