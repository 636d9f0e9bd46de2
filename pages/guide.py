"""User guide: what each page of one's role is for, and how what it tells is computed."""

from __future__ import annotations

from core.access import Action
from pages.ui import guide_view
from pages.ui.kit.auth import guard

who = guard(Action.MANAGE_OWN_ACCOUNT)
guide_view.show(who)
