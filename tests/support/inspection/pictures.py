"""Photos as cameras make them."""

from __future__ import annotations

import io

from PIL import Image

RED, BLUE = (200, 30, 30), (30, 30, 200)
ORIENTATION, MODEL = 0x0112, 0x0110
TURNED = 6  # the camera was held a quarter turn to the left


def photo(kind="JPEG", size=(60, 30), *, turned=False, camera="", mode="RGB"):
    """Red on the left, blue on the right; a turned one shows red above blue when upright."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    exif = Image.Exif()
    if turned:
        exif[ORIENTATION] = TURNED
    if camera:
        exif[MODEL] = camera
    file = io.BytesIO()
    image.convert(mode).save(file, kind, exif=exif)
    return file.getvalue()


BADGE = {"name": "badge.png", "mimeType": "image/png", "buffer": photo("PNG", (600, 300))}
"""As a person chooses it in the browser."""


def opened(data):
    return Image.open(io.BytesIO(data))
