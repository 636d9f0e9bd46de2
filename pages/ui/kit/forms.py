"""Changing something from a page: opened forms, one transaction, a message, a fresh page.

Each form makes one record, however often Save is pressed. It has a name, such as "course_new".
From when it is drawn until it is stored it also has a random token: it stands in the keys of the
form and its fields, so that storing closes or empties the form, and a click that was on its way to
the stored one finds nothing; and it goes to `once`, so that a click that is faster still makes
nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import streamlit as st

from core.access import Identity
from core.errors import PortalError
from db.store.claims import once
from db.store.session import Session
from pages.ui.kit import typed_words, wiring
from pages.ui.kit.messages import flash, show_error

_OPEN = "_form_{form}"


def token(form: str) -> str:
    """The token of the form that is open under this name."""
    return str(st.session_state.setdefault(_OPEN.format(form=form), uuid4().hex))


def key(form: str) -> str:
    """The key of the form, or of a widget that closes as the form is stored."""
    return f"{form}__{token(form)}"


def field(form: str, name: str) -> str:
    """The key of a field of the open form whose words the browser keeps."""
    return typed_words.field_key(form, name, token(form))


def made(session: Session, who: Identity, form: str, make: Callable[[], int]) -> int:
    """The id of the record the open form makes, within the caller's transaction."""
    return once(session, make, who=who, token=token(form), now=wiring.now())


def close(form: str) -> None:
    """Close a stored form: the next time it is drawn it is another, and empty."""
    st.session_state.pop(_OPEN.format(form=form), None)
    typed_words.saved(form)


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
        close(form)
    flash(done)
    st.rerun()
