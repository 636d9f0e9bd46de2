"""A case set as it is handed out or shown to a class, for pages.web.teaching.handouts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from core.access import Identity
from core.scoring import ItemScore
from db.cases.queries.case import CaseView, TurnView
from db.teaching.queries.case_sets import Member
from db.teaching.services.handouts import Handout
from pages.ui.encounters import case_view
from pages.ui.encounters.reading.panes import json_text, lost_items, quote
from pages.ui.kit.answers import answer_text, item_name
from pages.ui.kit.messages import _, number, text_of
from pages.ui.kit.terms import effect_name, left_reason, speaker_name

Data = dict[str, Any]


def handout_page(
    who: Identity, handout: Handout, printed: str, *, answers: bool, items: Collection[str] = ()
) -> Data:
    """What both templates need; without `answers` nothing gives them away.

    Args:
        printed: when, as the reader writes it.
        items: the keys of those that are taught, whose losses alone are told; none: all are.
    """
    view = handout.view
    return {
        "title": view.title,
        "purpose": view.purpose,
        "version": _("version {number}", number=view.number),
        "draft": _("Draft, not issued") if view.issued_at is None else "",
        "answers": answers,
        "cases": [_case(handout, member, items, answers=answers) for member in view.members],
        "footer": _("Printed {moment} by {name}", moment=printed, name=who.name),
        "texts": _texts(),
    }


def _case(handout: Handout, member: Member, items: Collection[str], *, answers: bool) -> Data:
    heading = _("Case {number}", number=member.position)
    if member.inspection_id is None:
        return {"heading": heading, "left": left_reason(member.left_reason)}
    view = handout.cases[member.inspection_id]
    return {
        "heading": heading,
        "left": "",
        "facts": " · ".join(_facts(view)),
        "record": [{"name": key, "value": json_text(value)} for key, value in view.facts.items()],
        "turns": [_turn(turn, marks) for turn, marks in _turns_with_marks(view, member)],
        "whole": not member.marked,
        "question": member.question,
        "answer": member.answer if answers else "",
        "note": member.note if answers else "",
        "score": number(view.sheet.score) if answers else "",
        "headline": case_view.headline(view) if answers and not items else "",
        "losses": [
            _loss(view, item)
            for item in (lost_items(view) if answers else ())
            if not items or item.key in items
        ],
    }


def _facts(view: CaseView) -> list[str]:
    """What a class may know: no case number, no names, nobody's score."""
    hidden = {case_view.facts(view)[1]}
    own = {_("inspected by {name}", name=view.inspector), _("staff {name}", name=view.staff)}
    return [fact for fact in case_view.facts(view) if fact not in hidden | own]


def _turns_with_marks(
    view: CaseView, member: Member
) -> list[tuple[TurnView, list[Mapping[str, Any]]]]:
    """The marked turns, or all of them where none is marked."""
    marks: dict[int, list[Mapping[str, Any]]] = {}
    for mark in member.marked:
        marks.setdefault(mark["turn"], []).append(mark)
    return [
        (turn, marks.get(turn.position, []))
        for turn in view.turns
        if not marks or turn.position in marks
    ]


def _turn(turn: TurnView, marks: list[Mapping[str, Any]]) -> Data:
    return {
        "position": turn.position,
        "speaker": turn.speaker,
        "name": speaker_name(turn.speaker),
        "parts": _parts(turn.text, [mark for mark in marks if "start" in mark]),
    }


def _parts(text: str, marks: list[Mapping[str, Any]]) -> list[Data]:
    """The text cut where marked words begin and end."""
    fragments, end = [], 0
    for mark in marks:
        fragments.append({"text": text[end : mark["start"]], "marked": False})
        fragments.append({"text": text[mark["start"] : mark["end"]], "marked": True})
        end = mark["end"]
    fragments.append({"text": text[end:], "marked": False})
    return [fragment for fragment in fragments if fragment["text"]]


def _loss(view: CaseView, score: ItemScore) -> Data:
    item, answer = view.checklist.by_key[score.key], view.answers.get(score.key)
    pins = [pin for pin in view.pins if pin.item_key == score.key]
    return {
        "key": score.key,
        "name": item_name(item),
        "standard": text_of(item.text),
        "answer": answer_text(item, answer),
        "note": answer.note if answer else "",
        "lost": number(score.points_lost) if score.points_lost else "",
        "effect": effect_name(score.effect),
        "quotes": [
            {"where": _("turn {number}", number=pin.turn_position), "text": quote(view, pin)}
            for pin in pins
            if pin.turn_position is not None
        ],
    }


def _texts() -> dict[str, str]:
    return {
        "print": _("Print or save as PDF"),
        "download": _("Download as HTML"),
        "question": _("Question for the class"),
        "answer": _("Answer"),
        "note": _("Teaching note"),
        "score": _("Score"),
        "lost": _("Lost points"),
        "inspector_note": _("Inspector's note"),
        "part": _("Parts of the encounter"),
        "no_transcript": _("There is no transcript of this encounter."),
        "key_list": _("→ next, ← back, Space shows the answer, F full screen, Esc ends"),
        "previous": _("Back"),
        "next": _("Next"),
        "reveal": _("Show the answer"),
        "full": _("Full screen"),
    }
