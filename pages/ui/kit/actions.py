"""Changing something from a page: one transaction, then a message, then a fresh page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import PortalError
from db.store.session import Session
from pages.ui.kit import forms, wiring
from pages.ui.kit.messages import flash, show_error


@contextmanager
def change(done: str, form: str = "") -> Iterator[Session]:
    """A transaction for one action; afterwards `done` is said on the rerun page.

    `form` is the name of the form that is stored by it, see pages.ui.kit.forms.

    A PortalError rolls back, is shown as one sentence, and what was typed stays. No `st.` call
    belongs inside the block.
    """
    try:
        with wiring.transaction() as session:
            yield session
    except PortalError as error:
        show_error(error)
        return
    if form:
        forms.close(form)
    flash(done)
    st.rerun()
