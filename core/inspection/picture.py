"""Photos from outside: what they really are, without what the camera noted, of a sensible size."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image

from core.errors import InvalidInput

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 20_000_000
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2000
_QUALITY = 85
_TURNS = {  # by EXIF orientation; ImageOps.exif_transpose also writes EXIF anew, and may fail at it
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError)
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Picture:
    """A JPEG made anew."""

    data: bytes
    width: int
    height: int


def read_picture(data: bytes) -> Picture:
    """The photo turned upright and encoded anew, so that nothing but what it shows is kept.

    Raises:
        InvalidInput: it is no photo in one of FORMATS, or has more than MOST_PIXELS.
    """
    try:
        return _encoded(_upright(data))
    except _BOMB:
        raise _too_large() from None
    except _UNREADABLE:
        raise InvalidInput("This is no photo that can be read. Use JPEG, PNG or WebP.") from None


def _upright(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise _too_large()
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG need not be decoded in full size
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
        upright = image.copy() if turn is None else image.transpose(turn)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return upright


def _encoded(image: Image.Image) -> Picture:
    """On white, where it is transparent."""
    pixels = image.convert("RGBA")
    paper = Image.new("RGB", pixels.size, "white")
    paper.paste(pixels, mask=pixels)
    file = BytesIO()
    paper.save(file, "JPEG", quality=_QUALITY, optimize=True)
    return Picture(file.getvalue(), paper.width, paper.height)


def _too_large() -> InvalidInput:
    return InvalidInput("The photo has more than {count} megapixels.", count=MOST_PIXELS // 10**6)
