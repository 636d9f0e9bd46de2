"""The script every visit runs: language, navigation by role, then the page."""

from __future__ import annotations

from pages.ui import frame
from pages.ui.auth import current_user, guard
from pages.ui.messages import show_flash

who = current_user()
frame.begin(who)
who = guard()
page = frame.navigation(who)
frame.account(who)
show_flash()
page.run()
