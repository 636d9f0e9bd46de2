"""Names for the kinds, states and settings of checklists, and their rules as short phrases."""

from __future__ import annotations

from collections.abc import Mapping

from core.checklist import Checklist, Compare, Condition, Effect, Item, Joined, Option
from core.checklist.model import SectionFloor
from core.drafting import Content
from db.checklists.queries.versions import ShownState
from pages.ui.kit.messages import _, number, text_of
from pages.ui.kit.terms import band_name, effect_name, usual_answer


def kind_name(kind: str) -> str:
    return {
        "yes_no": _("Yes or no"),
        "graded": _("Levels"),
        "single": _("One choice"),
        "multi": _("Several choices"),
        "number": _("Number"),
        "clock": _("Clock"),
        "text": _("Free text"),
        "date": _("Date"),
    }.get(kind, kind)


def state_name(state: ShownState) -> str:
    return {
        ShownState.DRAFT: _("Draft"),
        ShownState.ACTIVE: _("In force"),
        ShownState.UPCOMING: _("In force later"),
        ShownState.PILOT: _("Pilot"),
        ShownState.RETIRED: _("Retired"),
    }[state]


def weights_name(weights: str) -> str:
    return {
        "section_weights": _("Sections share 100"),
        "item_weights": _("Items share 100"),
        "points": _("Points"),
    }[weights]


def evidence_name(rule: str) -> str:
    return {
        "off": _("not asked for"),
        "ask": _("asked for while scoring"),
        "require": _("needed to submit"),
    }[rule]


def na_policy_name(policy: str) -> str:
    return {
        "redistribute": _("goes to all other items"),
        "within_section": _("stays in its section"),
        "skip": _("is lost"),
    }[policy]


def option_name(item: Item, option: Option) -> str:
    text = text_of(option.text) or usual_answer(option.key)
    return f"{option.key} {text}" if item.kind == "graded" and option.text else text


def effect_words(effect: Effect) -> str:
    if effect.kind == "cap":
        return _("at most {cap}", cap=number(effect.cap, 0))
    name = effect_name(effect.kind)
    return f"{name}: {', '.join(effect.sections)}" if effect.sections else name


def critical_words(item: Item) -> str:
    """Which answers have which effect; empty when none has."""
    phrases = [
        f"{option_name(item, option)} → {effect_words(option.effect)}"
        for option in item.options
        if option.effect
    ]
    phrases += [
        f"{score_range.low:g}–{score_range.high:g} → {effect_words(score_range.effect)}"
        for score_range in item.ranges
        if score_range.effect
    ]
    return "; ".join(phrases)


def condition_words(condition: Condition, checklist: Checklist) -> str:
    if isinstance(condition, Joined):
        phrases = [condition_words(inner, checklist) for inner in condition.parts]
        if condition.kind == "not":
            return _("not ({condition})", condition=phrases[0] if phrases else "")
        joint = _(" and ") if condition.kind == "all" else _(" or ")
        return joint.join(
            f"({phrase})" if joint.strip() in phrase else phrase for phrase in phrases
        )
    item = checklist.by_key.get(condition.item)
    if isinstance(condition, Compare):
        return f"{condition.item} {condition.operator} {condition.value:g}"
    names = [
        option_name(item, item.by_option[key]) if item and key in item.by_option else key
        for key in condition.keys
    ]
    return f"{condition.item} {operator_name(condition.operator)} {', '.join(names)}"


def operator_name(operator: str) -> str:
    return {
        "equals": _("is"),
        "in": _("is one of"),
        "not_in": _("is none of"),
        "all_of": _("includes"),
        "compare": _("compares with"),
    }[operator]


def text_here(texts: Mapping[str, str] | None, fallback: str = "") -> str:
    """A text in the reader's language, or the fallback."""
    return text_of(texts) if texts else fallback


def item_label(item: Content) -> str:
    """An item of a draft in a few words."""
    name = text_here(item.get("term")) or text_here(item.get("text")) or _("(no text yet)")
    return f"{item.get('key', '')} {name if len(name) <= 44 else name[:43] + '…'}"


def section_label(section: Content) -> str:
    return text_here(section.get("title")) or section.get("key") or _("(no title yet)")


def floor_words(floor: SectionFloor) -> str:
    """What a section that fails does to the band."""
    return _(
        "A score below {below} in this section keeps the band at {band} at best, and is no pass.",
        below=number(floor.below, 0),
        band=band_name(floor.band),
    )
