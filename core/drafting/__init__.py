"""Building a checklist: changing its data step by step, what is wrong with it, what it weighs.

A draft is the data of a checklist file; it may be faulty while somebody works on it. Every change
returns new data and leaves the old as it was.
"""

from core.drafting.difference import Change, difference
from core.drafting.draft_content import (
    Content,
    DraftPosition,
    Examined,
    add_section,
    blank,
    examine,
    fill_chinese,
    insert,
    move,
    position_of,
    regroup,
    remove,
    value_at,
    with_value,
)
from core.drafting.draft_items import KIND_ORDER, library_item, new_item, with_kind
from core.drafting.weight_shares import Shares, shares, to_hundred

__all__ = [
    "KIND_ORDER",
    "Change",
    "Content",
    "DraftPosition",
    "Examined",
    "Shares",
    "add_section",
    "blank",
    "difference",
    "examine",
    "fill_chinese",
    "insert",
    "library_item",
    "move",
    "new_item",
    "position_of",
    "regroup",
    "remove",
    "shares",
    "to_hundred",
    "value_at",
    "with_kind",
    "with_value",
]
