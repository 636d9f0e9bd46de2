"""The company's own words for the information sheet: a part at a time, in three languages."""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from core.i18n import LANGUAGES
from core.safekeeping.information import LONGEST_PART, InformationPart
from db.safekeeping.queries.information import Sheet, sheet_readers, sheet_to_change
from db.safekeeping.services.information import issue_sheet
from pages.ui.kit import forms, wiring
from pages.ui.kit.days import reader_zone
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, moment, number
from pages.ui.safekeeping import information_words

_HEIGHT = 160


def show(who: Identity) -> None:
    """The sheet in force, who has read it, and the form that changes a part of it."""
    with wiring.reading() as session:
        newest, readers = sheet_to_change(session, who), sheet_readers(session, who)
    st.caption(
        _("What scored people read under What is kept about me. An empty field: the portal's own.")
    )
    st.markdown(_state(newest))
    st.markdown(
        _(
            "**{readers} of {accounts}** scored people with an account have read it.",
            readers=number(readers.readers, 0),
            accounts=number(readers.accounts, 0),
        )
    )
    topic = st.segmented_control(
        _("Part"),
        list(InformationPart),
        default=InformationPart.PURPOSE,
        format_func=information_words.heading,
        required=True,
        key="information_part",
    )
    _form(who, newest, topic or InformationPart.PURPOSE)


def _state(newest: Sheet) -> str:
    if newest.issued_at is None:
        return _("In force: the portal's own words.")
    return _(
        "In force: version {number}, issued {moment}.",
        number=newest.number,
        moment=moment(newest.issued_at, reader_zone()),
    )


def _form(who: Identity, newest: Sheet, topic: InformationPart) -> None:
    form = f"information_{topic}_{newest.number}"
    here = newest.texts.get(topic, {})
    with forms.opened(form):
        texts = {
            language: st.text_area(
                name,
                here.get(language, ""),
                max_chars=LONGEST_PART,
                height=_HEIGHT,
                placeholder=information_words.own_words(topic, language),
                key=forms.field(form, language),
            )
            for language, name in LANGUAGES.items()
        }
        asks_again = st.checkbox(
            _("Ask everybody to read it, also who has read it before"),
            **forms.choice(form, "again", value=True),
        )
        if st.button(_("Issue"), type="primary", key=f"{forms.key(form)}_issue"):
            with change(_("Issued."), form) as session:
                issue_sheet(
                    session,
                    who=who,
                    seen=newest.number,
                    texts={**newest.texts, topic: texts},
                    asks_again=asks_again,
                    now=wiring.now(),
                )
