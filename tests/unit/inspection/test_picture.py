"""Photos from outside."""

from __future__ import annotations

import io
import random
import struct
import zlib
from contextlib import suppress

import pytest
from PIL import Image, ImageOps

from core.errors import InvalidInput
from core.inspection.picture import LONGEST_SIDE, read_picture
from tests.support.inspection.pictures import BLUE, ORIENTATION, RED, opened, photo


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_what_is_a_photo_becomes_a_jpeg(kind, mode):
    picture = read_picture(photo(kind, mode=mode))
    made = opened(picture.data)
    assert (made.format, made.size) == ("JPEG", (60, 30))
    assert (picture.width, picture.height) == (60, 30)


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "P"), ("PNG", "RGBA"), ("JPEG", "CMYK")])
def test_other_ways_to_hold_colours_are_read_too(kind, mode):
    near(opened(read_picture(photo(kind, mode=mode)).data).getpixel((5, 15)), RED, within=60)


def test_a_photo_is_turned_upright_and_nothing_of_the_camera_stays():
    taken = photo(turned=True, camera="Spy 3000")
    assert b"Spy 3000" in taken
    picture = read_picture(taken)
    assert (picture.width, picture.height) == (30, 60)
    made = opened(picture.data)
    near(made.getpixel((15, 5)), RED)
    near(made.getpixel((15, 55)), BLUE)
    assert not dict(made.getexif())
    assert b"Spy 3000" not in picture.data


@pytest.mark.parametrize("orientation", range(10))
def test_every_way_to_hold_a_camera_is_known(orientation):
    """As Pillow's own turning has it."""
    image = opened(photo())
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif)
    wanted = ImageOps.exif_transpose(opened(file.getvalue())).convert("RGB")
    made = opened(read_picture(file.getvalue()).data)
    assert made.size == wanted.size
    for place in ((5, 5), (made.width - 5, made.height - 5), (5, made.height - 5)):
        near(made.getpixel(place), wanted.getpixel(place))


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow tells what it skips
def test_what_the_camera_noted_wrongly_does_no_harm():
    """Bytes of what an upright-held phone noted are changed; the picture itself is whole."""
    taken = photo(turned=True, camera="Spy 3000")
    start = taken.index(b"Exif") + 6
    rng = random.Random(5)
    for _ in range(2000):
        data = bytearray(taken)
        for _ in range(rng.randint(1, 3)):
            data[start + rng.randrange(40)] = rng.randrange(256)
        with suppress(InvalidInput):
            read_picture(bytes(data))


def test_a_large_photo_is_made_smaller_in_its_shape():
    picture = read_picture(photo(size=(LONGEST_SIDE * 2, 800)))
    assert (picture.width, picture.height) == (LONGEST_SIDE, 400)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no photo",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        photo("GIF"),
        photo("TIFF"),
        photo()[:200],
        photo("PNG")[:60],
        b"\xff\xd8\xff" + bytes(100),
    ],
)
def test_what_is_no_photo_is_refused_whatever_it_is_called(data):
    with pytest.raises(InvalidInput, match="no photo that can be read"):
        read_picture(data)


@pytest.mark.parametrize("side", [8_000, 30_000])
def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused_unread(side):
    with pytest.raises(InvalidInput, match="megapixels"):
        read_picture(claiming(side, side))


def claiming(width, height):
    """A PNG whose head promises a size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 10_000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def near(colour, wanted, within=30):
    assert max(abs(a - b) for a, b in zip(colour, wanted, strict=True)) <= within
