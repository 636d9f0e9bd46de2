"""The README's screenshots, taken from the real portal with the whole demo: make screenshots."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page

from core.settings import Settings
from db.checklists.services.standards import sync_standards
from db.demo import load as demo
from db.migrations import migrate
from db.store.session import make_engine, transaction
from tests.support.house.chromium import chromium, known
from tests.support.house.portal import Portal, serving
from tests.support.requirements import ROOT

FOLDER = ROOT / "docs/screenshots"
LARGEST = 300_000


class Shot(NamedTuple):
    """A picture: its file, who is signed in, their browser's locale, the way to what it shows."""

    name: str
    username: str
    locale: str
    walk: Callable[[Page], None]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        _portal(Path(folder)) as portal,
        chromium() as browser,
    ):
        for shot in SHOTS:
            path = FOLDER / f"{shot.name}.png"
            path.write_bytes(_small(_taken(browser, portal, shot)))
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")


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


def _taken(browser: Browser, portal: Portal, shot: Shot) -> bytes:
    context = browser.new_context(
        base_url=portal.url,
        locale=shot.locale,
        viewport={"width": 1360, "height": 850},
        device_scale_factor=1.5,
    )
    known(context, portal.url)
    page = context.new_page()
    page.goto("/login")
    page.fill("#username", shot.username)
    page.fill("#password", "demo")
    page.click("button[type=submit]")
    page.wait_for_selector("[data-testid=stSidebar]")
    shot.walk(page)
    _settle(page)
    picture = page.screenshot()
    context.close()
    return picture


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


SHOTS = (
    Shot("stations", "trainer.en", "en", _stations),
    Shot("score", "ins01", "zh-TW", _score),
    Shot("case", "trainer.cn", "zh-CN", _case),
)

if __name__ == "__main__":
    main()
