"""The information sheet in the portal's own words, which a company may replace part by part."""

from __future__ import annotations

from core.i18n import N_, translations
from core.safekeeping.information import InformationPart
from db.safekeeping.queries.information import Sheet
from pages.ui.kit.messages import _, language

_HEADINGS = {
    InformationPart.PURPOSE: N_("What is recorded and scored, and why"),
    InformationPart.SCORE: N_("How a score comes about"),
    InformationPart.RANKING: N_("How a ranking comes about"),
    InformationPart.CONTEST: N_("How to contest a result"),
    InformationPart.CONTACT: N_("Whom to ask"),
}
_OWN_WORDS = {
    InformationPart.PURPOSE: N_(
        "Your encounters with customers come into this portal from the company's systems, with what"
        " customers said about themselves masked. Some of them are drawn and scored against the"
        " service standards, so that service, training and the standards themselves get better."
        " Observations at the counter are begun by an inspector and stored as soon as they begin."
    ),
    InformationPart.SCORE: N_(
        "An inspector answers the questions of a checklist. Questions that did not apply are left"
        " out; the others give points by section, and the sections are weighted. A critical"
        " failure can limit the score or make it zero. Each result shows where every point went,"
        " and the evidence that was pinned."
    ),
    InformationPart.RANKING: N_(
        "Stations are ranked, people are not. A station's place follows from encounters drawn at"
        " random; what differs between inspectors and between kinds of encounters is taken out,"
        " and a difference that may be chance is not called one. Those who manage stations see the"
        " mean of your results beside its interval."
    ),
    InformationPart.CONTEST: N_(
        "Open a result and contest it, as a whole or point by point. Somebody who had no hand in"
        " the result decides and gives a reason; what was changed stays visible beside it."
    ),
    InformationPart.CONTACT: N_(
        "Ask whoever leads your station, or the person who answers for data protection in your"
        " company: also for a copy of what is stored about you, to have it put right, or erased."
    ),
}


def heading(topic: InformationPart) -> str:
    return _(_HEADINGS[topic])


def own_words(topic: InformationPart, in_language: str = "") -> str:
    """The portal's own text of a part, in the page's language unless another is given."""
    return translations(in_language or language()).gettext(_OWN_WORDS[topic])


def text(sheet: Sheet, topic: InformationPart) -> str:
    """What the company says of a part in the page's language, else what the portal says."""
    return sheet.texts.get(topic, {}).get(language()) or own_words(topic)
