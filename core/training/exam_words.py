"""The words of exam questions: English texts that the catalogues translate."""

from __future__ import annotations

from core.checklist.model import Texts
from core.i18n import CONTENT_LANGUAGES, N_, translations

CONSEQUENCE_WORDS = {
    "points": N_("Its points are lost, nothing more"),
    "flag": N_("The case is flagged"),
    "cap": N_("The whole score is capped"),
    "section_zero": N_("Its section counts zero"),
    "form_zero": N_("The whole score is zero"),
}
FOLLOWS = N_("Missing one of these has, at worst, this consequence: {consequence}. Which one?")


def consequence_asked(effect: str) -> Texts:
    """The question which item has a consequence, in every language."""
    asked = {}
    for language in CONTENT_LANGUAGES:
        words = translations(language).gettext
        asked[language] = words(FOLLOWS).format(consequence=words(CONSEQUENCE_WORDS[effect]))
    return asked
