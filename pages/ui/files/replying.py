"""Writing down the reply that was sent to the customer, begun from a template of the file."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.clock.days import at_wall_clock
from core.files.replies import LONGEST_REPLY, REPLIED, reply_from_template
from core.files.steps import Step
from core.i18n import CONTENT_LANGUAGES, LANGUAGES, pick
from db.files.queries.one_file import FileView
from pages.ui.files.file_words import step_name
from pages.ui.kit import forms
from pages.ui.kit.messages import _, language, number

_HEIGHT = 220


def reply_field(form: str, view: FileView, steps: Sequence[Step]) -> dict[Step, str]:
    """The reply by the step that it was sent with; nothing where none was.

    Each step and language has a text of its own, so that choosing another loses none.
    """
    answering = [step for step in steps if step in REPLIED]
    if not answering or not st.toggle(
        _("A reply was sent to the customer"), **forms.choice(form, "replied", value=False)
    ):
        return {}
    with st.container(horizontal=True):
        step = st.selectbox(
            _("Reply with"),
            answering,
            format_func=step_name,
            **forms.choice(form, "reply_step", answering[0], answering),
        )
        written_in = st.selectbox(
            _("Language of the reply"),
            CONTENT_LANGUAGES,
            format_func=LANGUAGES.__getitem__,
            **forms.choice(form, "reply_language", _own_language(), CONTENT_LANGUAGES),
        )
    text = st.text_area(
        _("Reply, as it was sent"),
        reply_from_template(step, written_in, blanks(view, written_in)),
        max_chars=LONGEST_REPLY,
        height=_HEIGHT,
        help=_("Names and numbers are masked when it is stored. The portal sends nothing."),
        key=forms.field(form, f"reply_{step.value}_{written_in}"),
    )
    return {step: text}


def blanks(view: FileView, written_in: str) -> dict[str, str]:
    """What the templates are filled with; times are those of the station."""
    fields = view.fields
    promised = fields.promised_at
    paid = fields.compensation
    return {
        "number": view.number,
        "received": f"{at_wall_clock(view.received_at, view.timezone):%Y-%m-%d %H:%M}",
        "station": pick(view.station_names, written_in) or view.station,
        "promised": f"{at_wall_clock(promised, view.timezone):%Y-%m-%d %H:%M}" if promised else "",
        "compensation": number(paid, 0) if paid else "",
        "solution": fields.solution,
    }


def _own_language() -> str:
    own = language()
    return own if own in CONTENT_LANGUAGES else CONTENT_LANGUAGES[-1]
