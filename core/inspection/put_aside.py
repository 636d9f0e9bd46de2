"""The usual reasons for putting an encounter aside; others are typed."""

from __future__ import annotations

from functools import cache

from core.i18n import LANGUAGES, N_, translations

PUT_ASIDE = (
    N_("There is nothing to read or hear."),
    N_("The recording cannot be understood."),
    N_("It is in a language that I do not master."),
    N_("The checklist does not fit this encounter."),
    N_("I know the person who is scored."),
)
OTHER = ""
"""What a reason that was typed counts as."""


def usual_reason(written: str) -> str:
    """The usual reason that was chosen, in English, whatever language it was chosen in.

    Returns:
        OTHER for one that was typed.
    """
    return _usual().get(written.strip(), OTHER)


@cache
def _usual() -> dict[str, str]:
    return {
        translations(language).gettext(reason): reason
        for language in LANGUAGES
        for reason in PUT_ASIDE
    }
