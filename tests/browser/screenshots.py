"""The screenshots of README and guide, of the real portal with the whole demo: make screenshots.

Beside them stands which of the portal's own texts each one shows, so that a test can tell when a
text is no longer said and the picture is out of date.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize
from playwright.sync_api import TimeoutError as NotThere

from core.i18n import CONTENT_LANGUAGES, LANGUAGES
from core.settings import Settings
from db.checklists.services.standards import sync_standards
from db.demo import load as demo
from db.migrations import migrate
from db.store.session import make_engine, transaction
from tests.support.house.chromium import chromium, known
from tests.support.house.portal import Portal, serving
from tests.support.house.texts import TRANSLATED, catalogue
from tests.support.requirements import ROOT

FOLDER = ROOT / "docs/screenshots"
TEXTS = FOLDER / "texts.json"
"""By picture the texts of the catalogue that it shows, in its language."""
LARGEST = 300_000
_TRIES = 5
_PATIENCE = 120_000
"""Milliseconds that a page may take where other work runs beside it."""
_USUAL: ViewportSize = {"width": 1360, "height": 850}
_SMALL: ViewportSize = {"width": 1120, "height": 700}


class Shot(NamedTuple):
    """A picture: its file, who is signed in, in which language, the way to what it shows."""

    name: str
    username: str
    language: str
    walk: Callable[[Page], None]
    size: ViewportSize = _USUAL
    scale: float = 1.5


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    texts: dict[str, list[str]] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        _portal(Path(folder)) as portal,
        chromium() as browser,
    ):
        for shot in SHOTS:
            path = FOLDER / f"{shot.name}.png"
            path.parent.mkdir(exist_ok=True)
            picture, texts[shot.name] = _taken(browser, portal, shot)
            path.write_bytes(_small(picture))
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB", flush=True)
    written = json.dumps(texts, ensure_ascii=False, indent=1, sort_keys=True)
    TEXTS.write_text(f"{written}\n", encoding="utf-8")


@contextmanager
def _portal(folder: Path) -> Iterator[Portal]:
    url, now = f"sqlite:///{folder}/portal.db", datetime.now(UTC)
    engine = make_engine(url)
    migrate.upgrade(engine)
    with transaction(engine) as session:
        sync_standards(session, now=now)
    demo.load(engine, Settings(var_dir=folder), now=now)
    engine.dispose()
    with serving(url, folder) as portal:
        yield portal


def said(language: str) -> set[str]:
    """The texts of the portal in a language, without those into which something is filled."""
    texts: set[str] = set()
    for message in catalogue(language if language in TRANSLATED else TRANSLATED[0]):
        text = message.string if language in TRANSLATED else message.id
        if isinstance(text, str) and "{" not in text:
            texts.add(text)
    return texts - {""}


def _taken(browser: Browser, portal: Portal, shot: Shot) -> tuple[bytes, list[str]]:
    context = browser.new_context(
        base_url=portal.url,
        locale=shot.language.replace("_", "-"),
        viewport=shot.size,
        device_scale_factor=shot.scale,
    )
    context.set_default_timeout(_PATIENCE)
    known(context, portal.url)
    page = context.new_page()
    page.goto("/login")
    page.fill("#username", shot.username)
    page.fill("#password", "demo")
    page.click("button[type=submit]")
    page.wait_for_selector("[data-testid=stSidebar]")
    _speak(page, shot.language)
    shot.walk(page)
    _settle(page)
    picture = page.screenshot()
    lines = {line.strip() for line in page.locator("body").inner_text().splitlines()}
    context.close()
    return picture, sorted(lines & said(shot.language))


def _speak(page: Page, language: str) -> None:
    """Choose the language at the foot of the menu, whichever the account has had."""
    field = page.get_by_test_id("stSidebar").get_by_test_id("stSelectbox")
    if field.get_by_text(LANGUAGES[language], exact=True).count():
        return
    option = page.get_by_role("option", name=LANGUAGES[language], exact=True)
    for _ in range(_TRIES):
        _settle(page)
        field.locator("input").click()
        try:
            option.click(timeout=3000)
        except NotThere:  # a rerun of the page has closed the list
            page.keyboard.press("Escape")
        else:
            break
    _settle(page)


def _settle(page: Page) -> None:
    """Wait until no script runs and the charts are drawn."""
    page.wait_for_selector("[data-testid=stStatusWidget]", state="detached")
    page.wait_for_timeout(2500)


def _small(picture: bytes) -> bytes:
    """The picture with as many colours as keep it under the limit."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (256, 128, 64):
        file = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        if file.tell() < LARGEST:
            break
    return file.getvalue()


def _stations(page: Page) -> None:
    page.goto("/stations")
    page.get_by_test_id("stVegaLiteChart").first.wait_for()


def _score(page: Page) -> None:
    page.goto("/score")
    page.locator(".st-key-pad").get_by_role("button").first.wait_for()


def _case(page: Page) -> None:
    page.goto("/cases")
    page.get_by_role("option").first.click()


def _page(address: str) -> Callable[[Page], None]:
    def walk(page: Page) -> None:
        page.goto(f"/{address}")
        page.get_by_role("heading", level=1).first.wait_for()

    return walk


_OF_THE_GUIDE: tuple[tuple[str, str, Callable[[Page], None]], ...] = (
    ("score", "ins01", _score),
    ("my_results", "staff", _page("my_results")),
    ("files", "handler", _page("files")),
    ("stations", "manager", _stations),
    ("this_week", "trainer", _page("this_week")),
    ("coverage", "quality", _page("coverage")),
    ("data_care", "admin", _page("data_care")),
    ("audit", "auditor", _page("audit")),
)
"""A page of each role, by its section of the guide."""


SHOTS = (
    Shot("stations", "trainer.en", "en", _stations),
    Shot("score", "ins01", "zh_TW", _score),
    Shot("case", "trainer.cn", "zh_CN", _case),
    *(
        Shot(f"guide/{key}.{language}", username, language, walk, _SMALL, 1)
        for key, username, walk in _OF_THE_GUIDE
        for language in CONTENT_LANGUAGES
    ),
)

if __name__ == "__main__":
    main()
