"""Changing something from a page: opened forms, one transaction, a message, a fresh page.

Each form makes one record, however often Save is pressed. It has a name, such as "course_new", and
its token, made of the person, the name and how often the person stored it, is the same in all of
the person's tabs. It stands in the keys of the form and its fields, so that storing closes or
empties the form, and a click that was on its way to the stored one finds nothing; and it goes to
`once` with what was entered, so that a click that is faster, or one in another tab, still makes
nothing more.

What is chosen is kept as it is chosen (`db.store.open_forms`), words are kept by the browser
(`typed_words`): a reload and another page go on with both. So that each choice reaches the portal
at once, such a form is `opened`, and no `st.form`, which sends nothing until it is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NotRequired, TypedDict

import streamlit as st

from core.access import Identity
from core.errors import PortalError
from db.store import open_forms
from db.store.claims import once
from db.store.session import Session
from pages.ui.kit import typed_words, wiring
from pages.ui.kit.auth import current_user
from pages.ui.kit.days import page_zone
from pages.ui.kit.messages import _, errors_shown, flash, moment, show_error
from pages.ui.kit.widget_state import begin_with

_OPEN = "_form_{form}"
_DAY, _SHOWN = "day", "shown"


@dataclass(frozen=True)
class _Open:
    """A form as this tab opened it; `who` is nobody while signed out."""

    who: Identity | None
    number: int
    token: str
    values: Mapping[str, Any]
    kept_at: datetime | None


class Kept(TypedDict):
    """What makes a widget keep its choice: passed to it as `**`, instead of its value."""

    key: str
    on_change: Callable[..., None]
    args: tuple[str, str, str]


class KeptOption(Kept):
    """The same for a list of which one is chosen; `index` where its options have None."""

    index: NotRequired[int]


class KeptAmount(Kept):
    """The same for a number, with what its field begins with."""

    value: Any


def key(form: str) -> str:
    """The key of the form, or of a widget that closes as the form is stored."""
    return f"{form}__{_open(form).token}"


def field(form: str, name: str) -> str:
    """The key of a field of the open form whose words the browser keeps."""
    return typed_words.field_key(form, name, _open(form).token)


def choice(form: str, name: str, value: object, options: Sequence[object] | None = None) -> Kept:
    """For a field of the open form in which something is chosen: what was chosen, else `value`.

    Args:
        form: as it is opened.
        name: of the field, unique in the form.
        value: where nothing was chosen yet: one of the options, a list of them; without options a
            truth value, a day, a tuple of two.
        options: those of the widget; what is none of them any more is not chosen again.

    Raises:
        ValueError: None is one of the options: see `option`.
    """
    if options is not None and None in options:
        raise ValueError(f"{form} {name}: None is an option")
    return _kept(form, name, _choice_key(form, name), value, options)


def option(form: str, name: str, value: object, options: Sequence[object]) -> KeptOption:
    """As `choice`, for a list whose options may have None.

    A state of None means to Streamlit that nothing is chosen, so that the place of what was chosen
    is given instead.
    """
    widget = _choice_key(form, name)
    kept = KeptOption(key=widget, on_change=_keep, args=(form, name, widget))
    if None in options:
        kept["index"] = options.index(_kept_value(form, name, value, options))
    else:
        choice(form, name, value, options)
    return kept


def switch(form: str, *, value: bool) -> Kept:
    """For the toggle that shows the form, so that a reload shows it too."""
    return choice(form, _SHOWN, value)


def amount(
    form: str, name: str, value: float | None, bounds: tuple[float, float] | None = None
) -> KeptAmount:
    """For a field with a number, which is kept while it is typed too; None is an empty one.

    What was kept is given as the field's own default. Given as its state, the field would begin at
    the least that it takes, and now and then stay there.

    Args:
        form: as it is opened.
        name: of the field, unique in the form.
        value: where nothing was typed yet, of the type of the field's bounds.
        bounds: those of the field where they may have changed since; what lies outside is not
            given again.
    """
    widget = field(form, name)
    kept = _kept_value(form, name, value, None)
    if isinstance(kept, int | float) and isinstance(value, int | float):
        kept = type(value)(kept)
        if bounds is not None and not bounds[0] <= kept <= bounds[1]:
            kept = value
    return KeptAmount(key=widget, on_change=_keep, args=(form, name, widget), value=kept)


@contextmanager
def opened(form: str, *, border: bool = True) -> Iterator[None]:
    """The frame of a form whose choices are kept; says so where it goes on with earlier ones."""
    with st.container(border=border, key=f"{key(form)}_form"):
        kept_at = _open(form).kept_at
        if kept_at is not None:
            with st.container(horizontal=True, vertical_alignment="center"):
                time = moment(kept_at, page_zone())
                st.caption(_("Goes on with what you chose by {time} and did not save.", time=time))
                st.button(
                    _("Start afresh"),
                    type="tertiary",
                    key=f"{key(form)}_afresh",
                    on_click=_give_up,
                    args=(form,),
                )
        yield


def kept_note(form: str, name: str) -> Any:  # noqa: ANN401  any JSON value
    """What is kept of a field that is no widget of its own, as `keep_note` was given it."""
    return _open(form).values.get(name)


def keep_note(form: str, name: str, value: object) -> None:
    """Keep this JSON value; words of people stand under `note` in it."""
    _store(form, {name: value})


def made(
    session: Session, who: Identity, form: str, make: Callable[[], int], *, entered: object
) -> int:
    """The id of the record the open form makes, within the caller's transaction.

    `entered` is what it is made of: from another tab, something else makes another record.
    """
    opening, now = _open(form), wiring.now()
    content = sha256(repr(entered).encode()).hexdigest()[:16]
    record_id = once(session, make, who=who, token=f"{opening.token}-{content}", now=now)
    stored(session, form)
    return record_id


def stored(session: Session, form: str) -> None:
    """Note within the caller's transaction that the open form is stored; `close` comes after it."""
    opening = _open(form)
    if opening.who is not None:
        who, number = opening.who, opening.number
        open_forms.forget(session, who=who, form=form, number=number, now=wiring.now())


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
            if form:
                stored(session, form)
    except PortalError as error:
        show_error(error)
        return
    if form:
        close(form)
    flash(done)
    st.rerun()


def _open(form: str) -> _Open:
    """The form that is open under this name, with what was kept of it as it was opened."""
    name = _OPEN.format(form=form)
    if name not in st.session_state:
        who, kept = current_user(), open_forms.KeptForm()
        if who is not None:
            with wiring.reading() as session:
                kept = open_forms.kept_form(session, who, form, now=wiring.now())
        owner = who.user_id if who else None
        token = wiring.keys().digest("open form", f"{owner} {form} {kept.number}")[:32]
        kept_at = kept.kept_at if set(kept.values) - {_SHOWN} else None
        st.session_state[name] = _Open(who, kept.number, token, kept.values, kept_at)
    opening: _Open = st.session_state[name]
    return opening


def _choice_key(form: str, name: str) -> str:
    return f"{form}-{name}__{_open(form).token}"


def _kept(
    form: str, name: str, widget: str, value: object, options: Sequence[object] | None
) -> Kept:
    begin_with(widget, _kept_value(form, name, value, options))
    return Kept(key=widget, on_change=_keep, args=(form, name, widget))


def _kept_value(form: str, name: str, value: object, options: Sequence[object] | None) -> object:
    values = _open(form).values
    return _read(values[name], options, value) if name in values else value


def _keep(form: str, name: str, widget: str) -> None:
    """Keep what was just chosen; where that fails, the page still has it."""
    _store(form, {name: _written(st.session_state.get(widget))})


def _store(form: str, values: Mapping[str, object]) -> None:
    who, opening = current_user(), _open(form)
    if who is None or opening.who is None or who.user_id != opening.who.user_id:
        return
    number, now = opening.number, wiring.now()
    merged = {**opening.values, **values}
    st.session_state[_OPEN.format(form=form)] = replace(opening, values=merged)
    with errors_shown(), wiring.transaction() as session:
        open_forms.keep(session, who=who, form=form, number=number, values=values, now=now)


def _give_up(form: str) -> None:
    with errors_shown():
        with wiring.transaction() as session:
            stored(session, form)
        close(form)


def _written(value: object) -> object:
    """As JSON: days by their date, options by their text, numbers and truth values as they are."""
    if isinstance(value, list | tuple):
        return [_written(each) for each in value]
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _read(written: Any, options: Sequence[object] | None, value: object) -> object:  # noqa: ANN401  any JSON value
    """What was kept, as the widget has it; `value` where it does not fit any more."""
    if options is None:
        if isinstance(written, list):
            return tuple(_read(each, None, None) for each in written)
        if isinstance(written, dict):
            return date.fromisoformat(written[_DAY])
        return written
    by_writing = {repr(_written(option)): option for option in options}
    if isinstance(written, list):
        return [by_writing[repr(each)] for each in written if repr(each) in by_writing]
    return by_writing.get(repr(written), value)
