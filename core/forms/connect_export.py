"""A checklist as an Amazon Connect evaluation form, and what Connect cannot express of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.checklist import (
    Checklist,
    Compare,
    Condition,
    Effect,
    Item,
    Joined,
    Match,
    Option,
    Problem,
    Section,
    Texts,
    text_in,
)
from core.checklist.conditions import COMPARISONS
from core.checklist.worth import Worth
from core.drafting.weight_shares import Shares, shares
from core.forms.form_node import FormNode, Repairs

_TITLE, _QUESTION, _OPTION, _HELP = 128, 350, 128, 1024
_TOP, _MOST_RANGES = 10, 10
_TYPES = {"text": "TEXT", "date": "DATETIME", "multi": "MULTISELECT", "number": "NUMERIC"}
_ANSWERS = {
    "yes": "Yes",
    "no": "No",
    "no_with_loss": "No, with loss or harm",
    "met": "In time",
    "late": "Too late",
}
_NOT_A_REF = re.compile(r"[^A-Za-z0-9._-]+")
Data = dict[str, Any]
_COMPARATORS = {"in": "IN", "not_in": "NOT_IN", "all_of": "ALL_IN", "equals": "EXACT"}


@dataclass(frozen=True)
class ConnectForm:
    """The properties of an AWS::Connect::EvaluationForm, and what was lost, by item key."""

    data: Data
    losses: tuple[Problem, ...]


def to_connect(checklist: Checklist, *, language: str, instance_arn: str) -> ConnectForm:
    """The checklist in Connect's question weights: each item with its share of 100.

    Scores are whole tenths of an option's full marks, texts have Connect's lengths.
    """
    writer = _Writer(checklist, language, shares(checklist), Repairs())
    items = [writer.section(section) for section in checklist.sections if section.items]
    writer.note_form()
    data = {
        "Title": writer.cut(checklist.title, _TITLE, checklist.key, "form"),
        "InstanceArn": instance_arn,
        "Status": "DRAFT",
        "ScoringStrategy": {"Mode": "QUESTION_ONLY", "Status": "ENABLED"},
        "Items": items,
    }
    return ConnectForm(data, tuple(writer.lost.problems))


class _Writer:
    def __init__(self, checklist: Checklist, language: str, weighed: Shares, lost: Repairs) -> None:
        self.checklist, self.language, self.weighed, self.lost = (
            checklist,
            language,
            weighed,
            lost,
        )
        self.refs = _refs(checklist)

    def note_form(self) -> None:
        if self.checklist.settings.na_policy != "redistribute":
            self.lost.add("form", "Connect shares the weight of N/A out over all items.")
        if self.checklist.bands:
            self.lost.add("form", "Bands are left out.")

    def section(self, section: Section) -> Data:
        if section.when is not None:
            self.lost.add(section.key, "The condition moved from the section to its items.")
        return {
            "Section": {
                "Title": self.cut(section.title, _TITLE, section.key, section.key),
                "RefId": self.refs[section.key],
                "Items": [{"Question": self.question(section, item)} for item in section.items],
            }
        }

    def question(self, section: Section, item: Item) -> Data:
        kind = _TYPES.get(item.kind, "SINGLESELECT")
        whole_ranges = [
            range_.low == int(range_.low) and range_.high == int(range_.high)
            for range_ in item.ranges
        ]
        if item.kind == "number" and not (item.ranges and all(whole_ranges)):
            kind = "TEXT"
            self.lost.add(item.key, "Only whole numbers within ranges are scored; asked as text.")
        if item.kind in {"single", "multi"} and len(item.options) < 2:
            kind = "TEXT"
            self.lost.add(item.key, "A choice needs two options; asked as text.")
        question: Data = {
            "Title": self.cut(item.text or item.term, _QUESTION, item.key, item.key),
            "RefId": self.refs[item.key],
            "QuestionType": kind,
            "NotApplicableEnabled": item.na_allowed,
            "Weight": min(100.0, round(self.weighed.items[item.key], 4)),
        }
        if item.guidance:
            question["Instructions"] = self.cut(item.guidance, _HELP, "-", item.key)
        if not item.scored or kind == "TEXT":
            question["ScoringConfiguration"] = {"IsExcludedFromScoring": True}
        properties = self._properties(item, kind)
        if properties:
            question["QuestionTypeProperties"] = properties
        when = enablement(section, item, self.checklist, self.refs, self.lost)
        return question | ({"Enablement": when} if when else {})

    def cut(self, texts: Texts, longest: int, fallback: str, key: str) -> str:
        text = text_in(texts, self.language) or fallback
        if len(text) > longest:
            self.lost.add(key, "The text was cut to {count} characters.", count=longest)
        return text[:longest]

    def _properties(self, item: Item, kind: str) -> Data:
        worth = self.checklist.worths[item.key]
        if kind == "NUMERIC":
            return {"Numeric": self._numeric(item, worth)}
        if kind in {"TEXT", "DATETIME"}:
            return {}
        name = "MultiSelect" if kind == "MULTISELECT" else "SingleSelect"
        return {name: {"Options": list(self._options(item, worth))}}

    def _options(self, item: Item, worth: Worth) -> Iterator[Data]:
        taken = Repairs(keys=set())
        for option in item.options[:256]:
            text = text_in(option.text, self.language) or _ANSWERS.get(option.key, option.key)
            yield {
                "RefId": FormNode(None, "", taken).key(option.key, "option")[:40],
                "Text": text[:_OPTION],
                "Score": self._score(item, option, worth),
                **self._fail(item, option.effect),
            }

    def _numeric(self, item: Item, worth: Worth) -> Data:
        ranges = item.ranges[:_MOST_RANGES]
        if len(item.ranges) > _MOST_RANGES:
            self.lost.add(item.key, "Only {count} ranges are possible.", count=_MOST_RANGES)
        return {
            "MinValue": int(ranges[0].low),
            "MaxValue": int(ranges[-1].high),
            "Options": [
                {
                    "MinValue": int(range_.low),
                    "MaxValue": int(range_.high),
                    "Score": _tenths(range_.points, worth),
                    **self._fail(item, range_.effect),
                }
                for range_ in ranges
            ],
        }

    def _score(self, item: Item, option: Option, worth: Worth) -> int:
        points = option.points - worth.floor
        score = _tenths(points, worth)
        if worth.possible and abs(score / _TOP - points / worth.possible) > 1e-9:
            self.lost.add(item.key, "The points of {option} were rounded.", option=option.key)
        return score

    def _fail(self, item: Item, effect: Effect | None) -> Data:
        if effect is None:
            return {}
        if effect.kind == "form_zero":
            return {"AutomaticFail": True}
        if effect.kind == "section_zero":
            target = effect.sections[0] if effect.sections else self._home(item)
            ref = {"TargetSection": self.refs[target]}
            return {"AutomaticFail": True, "AutomaticFailConfiguration": ref}
        self.lost.add(item.key, "A cap or a flag is left out.")
        return {}

    def _home(self, item: Item) -> str:
        return next(s.key for s in self.checklist.sections if item in s.items)


def _tenths(points: float, worth: Worth) -> int:
    share = points / worth.possible if worth.possible else 0.0
    return min(_TOP, max(0, int(share * _TOP + 0.5)))


def _refs(checklist: Checklist) -> Mapping[str, str]:
    """A RefId for each key: at most 40 plain characters, none twice."""
    refs: dict[str, str] = {}
    taken: set[str] = set()
    keys = [section.key for section in checklist.sections]
    for key in [*keys, *checklist.by_key]:
        base = _NOT_A_REF.sub("-", key)[:36] or "ref"
        ref, number = base, 1
        while ref in taken:
            number += 1
            ref = f"{base}-{number}"
        refs[key] = ref
        taken.add(ref)
    return refs


def enablement(
    section: Section, item: Item, checklist: Checklist, refs: Mapping[str, str], lost: Repairs
) -> Data | None:
    """When a question is asked: its own condition and its section's, both."""
    whens = [when for when in (section.when, item.when) if when is not None]
    if not whens:
        return None
    try:
        operator, leaves = _flat(whens)
        operands = [_operand(leaf, checklist, refs) for leaf in leaves]
    except _Inexpressible:
        lost.add(item.key, "Its condition cannot be expressed; it is always asked.")
        return None
    condition = {"Operator": operator, "Operands": operands}
    return {"Condition": condition, "Action": "ENABLE", "DefaultAction": "DISABLE"}


class _Inexpressible(Exception):
    """Connect has no such condition."""


def _flat(whens: Sequence[Condition]) -> tuple[str, list[Match | Compare]]:
    """One list of comparisons under one operator: Connect has no inner groups."""
    if len(whens) == 1 and isinstance(whens[0], Joined) and whens[0].kind == "any":
        return "OR", [_leaf(inner) for inner in whens[0].parts]
    comparisons: list[Match | Compare] = []
    for when in whens:
        parts = when.parts if isinstance(when, Joined) and when.kind == "all" else (when,)
        comparisons += [_leaf(inner) for inner in parts]
    return "AND", comparisons


def _leaf(when: Condition) -> Match | Compare:
    if isinstance(when, Joined):
        raise _Inexpressible
    return when


def _operand(when: Match | Compare, checklist: Checklist, refs: Mapping[str, str]) -> Data:
    match = when if isinstance(when, Match) else _levels(when, checklist.by_key[when.item])
    values = [{"Type": "OPTION_REF_ID", "RefId": key} for key in match.keys]
    if not values:
        raise _Inexpressible
    return {
        "Expression": {
            "Source": {"Type": "QUESTION_REF_ID", "RefId": refs[match.item]},
            "Comparator": _COMPARATORS[match.operator],
            "Values": values,
        }
    }


def _levels(when: Compare, item: Item) -> Match:
    """A comparison of levels as the levels that satisfy it."""
    if item.kind != "graded":
        raise _Inexpressible
    holds = COMPARISONS[when.operator]
    keys = tuple(
        key
        for key in item.by_option
        if key.removeprefix("-").isdecimal() and holds(float(key), when.value)
    )
    return Match(item.key, "in", keys)
