"""An attempt item by item: answers beside the reference, overlooked critical ones first."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from db.teaching.queries.practice_attempts import AnswerPair
from pages.ui.kit.answers import answer_text, item_name
from pages.ui.kit.messages import _, number
from pages.ui.kit.tables import show_table


def pairs_table(pairs: Iterable[AnswerPair], whose: str, *, reference: bool) -> None:
    """The answers of an attempt beside those they are compared with.

    Args:
        whose: the heading of the answers.
        reference: whether the answers of the reference are told.
    """
    ordered = sorted(pairs, key=lambda pair: not (reference and pair.overlooked))
    rows = [
        {
            _("Case"): number(pair.position, 0),
            _("Item"): f"{pair.item.key} {item_name(pair.item)}",
            _("Alike"): _sign(pair, has_reference=reference),
            whose: answer_text(pair.item, pair.own),
            **({_("Reference"): _reference(pair)} if reference else {}),
        }
        for pair in ordered
    ]
    show_table(pd.DataFrame(rows), alt=_("Item by item"))


def _sign(pair: AnswerPair, *, has_reference: bool) -> str:
    if pair.overlooked and has_reference:
        return f"✗ {_('critical')}"
    return "✓" if pair.agrees else "✗"


def _reference(pair: AnswerPair) -> str:
    note = pair.reference.note if pair.reference else ""
    answer = answer_text(pair.item, pair.reference)
    return f"{answer} — {note}" if note else answer
