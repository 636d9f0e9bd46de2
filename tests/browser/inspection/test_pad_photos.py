"""Photos with a marked region, and moments, pinned from the pad by mouse and by key."""

from __future__ import annotations

import pytest

from core.inspection.picture import MOST_BYTES
from db.people.models import User
from db.store.session import transaction
from tests.support.inspection.inspector import Pad, forty
from tests.support.inspection.pictures import photo

EVENTS = [{"name": "Bag tagged", "at": "2026-03-15T01:30:00+00:00", "source": "system"}]


LARGEST = MOST_BYTES
NO_PHOTO = {
    "en": "This is no photo that can be read. Use JPEG, PNG or WebP.",
    "zh-TW": "無法讀取這張照片。請使用 JPEG、PNG 或 WebP。",
    "zh-CN": "无法读取这张照片。请使用 JPEG、PNG 或 WebP。",
}


def sized(size):
    """A photo that weighs so many bytes; what follows a JPEG's end is not read."""
    return photo().ljust(size, b"\0")


PHOTOS = {
    "a dot.png": photo("PNG", (1, 1)),
    "small.webp": photo("WEBP"),
    "shrunk by a messenger.jpg": sized(29_876),
    "59999.jpg": sized(59_999),
    "60000.jpg": sized(60_000),
    "60001.jpg": sized(60_001),
    "65537.jpg": sized(65_537),
    "照片 111 kB.jpg": sized(111_000),
    "largest.jpg": sized(LARGEST),
}
NO_PHOTOS = {
    "empty.jpg": b"",
    "one byte.jpg": b"\xff",
    "text.jpg": b"hello world",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    "page.png": b"<!doctype html><title>x</title><script>alert(1)</script>",
    "moving.png": photo("GIF"),
    "cut off.jpg": photo()[:200],
    "70 kB of text.jpg": b"hello world " * 6_000,
}


@pytest.fixture
def pad(page, sign_in, inspector, choosers, tmp_path):
    return opened(page, sign_in, inspector, choosers, tmp_path)


def opened(page, sign_in, inspector, choosers, folder):
    sign_in(page, inspector.who.username)
    pad = Pad(page, inspector.assigned(forty(), turns=(), channel="counter", events=EVENTS))
    pad.choosers, pad.folder, pad.sent = choosers, folder, []
    page.on("request", lambda request: "/photo?" in request.url and pad.sent.append(request))
    return pad


def choose(pad, press, name="badge.png", data=None):
    """A file on the disk: a browser handles it otherwise than what a script has made."""
    path = pad.folder / name
    path.write_bytes(photo("PNG", (600, 300)) if data is None else data)
    press()
    assert pad.until(lambda: pad.choosers)
    pad.choosers.pop().set_files(path)
    return path


def framed(pad, press):
    choose(pad, press)
    pad.page.wait_for_selector("dialog.photo[open] .area img")


def region(pad):
    """What the draft holds, in percent."""
    pad.saved()
    state = pad.page.evaluate(
        "fetch(location.href.replace(/.*assignment=/, '/api/pad/') + '/state').then(r => r.json())"
    )
    pin = state["draft"]["evidence"][-1]
    names = ("region_left", "region_top", "region_width", "region_height")
    return [None if pin[name] is None else round(100 * pin[name]) for name in names]


def test_a_photo_is_taken_by_key_and_its_region_marked_by_mouse(pad):
    framed(pad, lambda: pad.press("t"))
    box = pad.page.locator("dialog.photo .area .shot").bounding_box()
    at = lambda x, y: (box["x"] + x * box["width"], box["y"] + y * box["height"])  # noqa: E731
    pad.page.mouse.move(*at(0.75, 0.8))
    pad.page.mouse.down()
    pad.page.mouse.move(*at(0.5, 0.5))
    pad.page.mouse.move(*at(0.25, 0.2))
    pad.page.mouse.up()
    pad.page.locator("dialog.photo").get_by_role("button", name="Done").click()
    assert region(pad) == pytest.approx([25, 20, 50, 60], abs=1)
    assert pad.page.locator(".record .gallery .region").count() == 1
    assert pad.item(pad.focused()).locator(".pin-line .shot").count() == 1


def test_a_region_is_marked_without_a_mouse(pad):
    framed(pad, lambda: pad.item("Q00").get_by_role("button", name="Photo").click())
    # 30, 30, 40, 40 comes first; 3 steps of 2 to the right, 1 up, 2 wider, 5 lower in height
    pad.press("ArrowRight", *["ArrowRight"] * 3, "ArrowUp")
    pad.press(*["Shift+ArrowRight"] * 2, *["Shift+ArrowUp"] * 5)
    spoken = pad.page.locator("dialog.photo [role=status]").inner_text()
    assert spoken == "Frame: 36 % from the left, 28 % from the top, 44 % wide, 30 % high"
    pad.press("Enter")
    assert region(pad) == [36, 28, 44, 30]
    assert pad.focused() == "Q00"
    pad.page.locator(".gallery .thumb").click()
    pad.press("Backspace", "Enter")
    pad.page.wait_for_selector(".gallery .thumb")
    pad.press("m")
    pad.page.keyboard.type("badge hidden")
    assert region(pad) == [None] * 4


def test_a_photo_can_be_taken_away_again(pad, inspector):
    framed(pad, lambda: pad.press("t"))
    pad.page.locator("dialog.photo").get_by_role("button", name="Remove photo").click()
    pad.saved()
    assert pad.page.locator(".gallery .thumb").count() == 0


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", PHOTOS)
def test_a_photo_arrives_whatever_it_weighs(pad, name):
    choose(pad, lambda: pad.press("t"), name, PHOTOS[name])
    pad.page.wait_for_selector("dialog.photo[open] .area img")
    assert len(pad.sent) == 1


def test_the_camera_of_a_telephone_sends_as_the_folder_does(pad):
    """`t` asks for the camera where fingers point; here the same is asked for by script."""
    pad.press("t")
    assert pad.until(lambda: pad.choosers)
    pad.choosers.pop()  # nothing chosen
    choose(
        pad,
        lambda: pad.page.locator("input[capture]").evaluate("camera => camera.click()"),
        "IMG_0001.jpg",
        sized(40_000),
    )
    pad.page.wait_for_selector("dialog.photo[open] .area img")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", NO_PHOTOS)
def test_what_is_no_photo_is_told_so_once_and_scoring_goes_on(pad, name):
    choose(pad, lambda: pad.press("t"), name, NO_PHOTOS[name])
    assert pad.banner().splitlines()[0] == NO_PHOTO["en"]
    refused(pad)
    assert len(pad.sent) == 1


@pytest.mark.parametrize("more", [1, 11_000_000])
def test_what_is_too_large_is_told_so_and_not_sent(pad, more):
    choose(pad, lambda: pad.press("t"), "too large.jpg", sized(LARGEST + more))
    assert pad.banner().splitlines()[0] == "The photo is larger than 20 MB."
    refused(pad)
    assert not pad.sent


def test_a_proxy_that_takes_less_is_not_called_an_outage(pad):
    page = "<html><h1>413 Request Entity Too Large</h1></html>"
    pad.page.route("**/photo?*", lambda route: route.fulfill(status=413, body=page))
    choose(pad, lambda: pad.press("t"), "2 MB.jpg", sized(2_000_000))
    assert pad.banner().splitlines()[0] == "The photo is too large to be sent to the portal."
    refused(pad)


def refused(pad):
    """What will never be taken is not offered to be sent again; the message can be put away."""
    assert pad.status() == "photo not sent"
    assert pad.page.locator(".banner button").all_inner_texts() == ["Close"]
    pad.page.locator(".banner button").click()
    assert pad.page.locator(".banner:visible").count() == 0
    pad.press("1")
    assert pad.chosen("Q00") == ["1"]


@pytest.mark.parametrize("locale", ["zh-TW", "zh-CN"])
def test_it_is_told_in_the_language_of_the_page(open_page, sign_in, inspector, tmp_path, locale):
    """Who has chosen no language has that of the browser."""
    with transaction(inspector.engine) as session:
        session.get_one(User, inspector.who.user_id).language = None
    page, choosers = open_page(locale=locale), []
    page.on("filechooser", lambda chooser: choosers.append(chooser))  # noqa: PLW0108  no builtin works
    pad = opened(page, sign_in, inspector, choosers, tmp_path)
    choose(pad, lambda: pad.press("t"), "text.jpg", b"hello world")
    assert pad.banner().splitlines()[0] == NO_PHOTO[locale]


def test_a_photo_is_sent_again_although_its_file_has_gone(pad):
    """Gone meanwhile, as with a telephone's pictures that lie elsewhere."""
    pad.page.route("**/photo?*", lambda route: route.abort())
    path = choose(pad, lambda: pad.press("t"), "here today.jpg", sized(70_000))
    assert "cannot be reached" in pad.banner()
    pad.page.unroute("**/photo?*")
    path.unlink()
    pad.page.locator(".banner").get_by_role("button", name="Try again").click()
    pad.page.wait_for_selector("dialog.photo[open] .area img")
    assert pad.page.locator(".banner:visible").count() == 0


def test_no_upload_is_to_outlive_its_page(pad):
    """Chromium refuses a chosen file with `keepalive`; what a script made passes, and may stay."""
    pad.page.evaluate(
        """() => {
            const real = window.fetch;
            window.asked = [];
            window.fetch = (url, options) => {
                const { body, keepalive } = options ?? {};
                window.asked.push([body instanceof Blob && String(url), keepalive]);
                return real(url, options);
            };
        }"""
    )
    framed(pad, lambda: pad.press("t"))
    pad.saved()
    asked = pad.page.evaluate("window.asked")
    kept = {url.split("?")[0].rsplit("/", 1)[1]: keepalive for url, keepalive in asked if url}
    assert kept == {"photo": False, "save": True}


def test_times_are_pinned_as_recorded_or_as_typed(pad, inspector):
    pad.press("T")
    pad.page.locator(".moments .chip").click()
    pad.press("T")
    pad.page.keyboard.press("Enter")
    pad.saved()
    lines = pad.item("Q00").locator(".pin-line").all_inner_texts()
    assert [line.split(", ")[-1].split(" · ")[0] for line in lines] == [
        "recorded by the system",
        "entered by hand",
    ]


def test_removing_a_pin_shows_at_once(pad):
    pad.press("T", "Enter")
    pad.item("Q00").get_by_role("button", name="Remove this pin").click()
    assert pad.item("Q00").locator(".pin-line").count() == 0


def test_long_notes_are_saved_however_much_they_weigh(pad):
    """Browsers refuse large requests that are to outlive their page."""
    for _ in range(6):  # 6 x 3,900 x 3 bytes = 70 kB
        pad.press("m")
        pad.page.keyboard.insert_text("長" * 3900)
        pad.press("Enter", "j")
    pad.saved()
