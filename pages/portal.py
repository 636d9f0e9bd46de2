"""The script every visit runs: language, navigation by role, then the page."""

from __future__ import annotations

from pages.ui import frame, introduction, notices
from pages.ui.kit.address import unmet_said
from pages.ui.kit.auth import guard, one_run
from pages.ui.kit.days import zone_said
from pages.ui.kit.downloads import unnamed
from pages.ui.kit.messages import outage_shown, show_flash
from pages.ui.kit.widget_state import keep_whole

keep_whole()
with outage_shown(), one_run() as visitor:
    frame.begin(visitor)
    who = guard()
    page = frame.navigation(who)
    frame.account(who)
    show_flash()
    notices.show(who, page.url_path)
    introduction.show(who, page.url_path)
    with unmet_said(page.url_path), unnamed(), zone_said():
        page.run()
