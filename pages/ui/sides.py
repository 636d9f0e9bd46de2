"""Above, below, or not to be told apart: the one comparison every chart speaks of."""

from __future__ import annotations

from enum import StrEnum

from core.figures import Gap
from pages.ui.messages import _


class Side(StrEnum):
    ABOVE = "above"
    UNCLEAR = "unclear"
    BELOW = "below"

    @classmethod
    def of(cls, difference: Gap | None) -> Side:
        if difference is None or not difference.is_clear:
            return cls.UNCLEAR
        return cls.ABOVE if difference.value > 0 else cls.BELOW


def side_word(side: Side) -> str:
    return {
        Side.ABOVE: _("above"),
        Side.UNCLEAR: _("cannot be told"),
        Side.BELOW: _("below"),
    }[side]
