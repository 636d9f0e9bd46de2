"""The reading panes of a case: what they show, as JSON in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from core.checklist import Item
from core.scoring import ItemScore
from core.text.search_query import query_of
from core.text.words import Word, spans
from db.cases.queries.case import CaseView, TurnView
from db.inspection.queries.pins import PinView
from pages.ui.kit.answers import answer_text, item_name
from pages.ui.kit.messages import _, moment, number, text_of
from pages.ui.kit.modules import entry
from pages.ui.kit.terms import (
    effect_name,
    event_name,
    fact_name,
    fact_value,
    no_consent,
    speaker_name,
)

Data = dict[str, Any]
_HERE = Path(__file__).parent
_panes = st.components.v2.component(
    "case_reading",
    js=entry("encounters/reading/reading.js"),
    css=(_HERE / "reading.css").read_text(encoding="utf-8"),
)


def contents(view: CaseView, *, losses: bool = True, words: str = "") -> Data:
    """The panes of a case; without `losses` only the encounter.

    Args:
        words: the words that were searched for, to be marked in every turn.
    """
    looked_for = query_of(words).wanted
    lost = {score.key for score in lost_items(view)}
    return {
        "case": view.inspection_id,
        "turns": [_turn(view, turn, lost, looked_for) for turn in view.turns],
        "facts": [{"name": name, "value": value} for name, value in facts(view)],
        "sections": _sections(view) if losses else [],
        "losses": losses,
        "note": view.note,
        "texts": _texts()
        | ({"no_transcript": no_consent(), "no_evidence": ""} if view.closed else {}),
    }


def lost_items(view: CaseView) -> list[ItemScore]:
    """Items that lost points or raised an effect, in the checklist's order."""
    return [item for item in view.sheet.items if item.points_lost or item.effect]


def facts(view: CaseView) -> list[tuple[str, str]]:
    """The record's own fields, and what the portal noted of the encounter."""
    return [
        (fact_name(key), json_text(fact_value(key, value))) for key, value in view.facts.items()
    ]


def json_text(value: object) -> str:
    """A record's field as a reader writes it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(json_text(inner) for inner in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {json_text(inner)}" for key, inner in value.items())
    return "—" if value is None else str(value)


def quote(view: CaseView, pin: PinView) -> str:
    """The marked words of a pin, or its whole turn."""
    turn = next((turn for turn in view.turns if turn.position == pin.turn_position), None)
    return turn.text[pin.start_offset : pin.end_offset] if turn else ""


def clock_time(seconds: float | None) -> str:
    return "" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def when(pin: PinView, zone: str) -> str:
    """The seconds of the recording or the moment that a pin names; empty where it names none."""
    if pin.photo == "":
        return _("A photo that is not shown to you")
    if pin.moment is not None:
        time = moment(pin.moment, zone)
        return moment_words(time, pin.moment_kind)
    ends = (clock_time(pin.start_second), clock_time(pin.end_second))
    return "–".join(end for end in ends if end)


def note_of(pin: PinView) -> str:
    """The note of a pin; for an event that a system recorded, the event's name."""
    return event_name(pin.note) if pin.moment_kind == "system" else pin.note


def moment_words(time: str, kind: str | None) -> str:
    if kind == "system":
        return _("{time}, recorded by the system", time=time)
    return _("{time}, entered by hand", time=time)


def photo_data(pin: PinView) -> Data | None:
    """The address of a pin's photo, and the region pinned on it, in percent."""
    if not pin.photo:
        return None
    region = (
        {name: 100 * share for name, share in pin.region._asdict().items()} if pin.region else None
    )
    return {"src": f"/api/photo/{pin.photo}", "region": region}


def _pin(view: CaseView, pin: PinView) -> Data:
    return {
        "turn": pin.turn_position,
        "quote": quote(view, pin),
        "note": note_of(pin),
        "time": when(pin, view.timezone),
        "photo": photo_data(pin),
    }


def _turn(view: CaseView, turn: TurnView, lost: set[str], words: Sequence[Word]) -> Data:
    pins = [pin for pin in view.pins if pin.turn_position == turn.position]
    keys = list(dict.fromkeys(pin.item_key for pin in pins))
    return {
        "position": turn.position,
        "speaker": turn.speaker,
        "name": speaker_name(turn.speaker),
        "time": clock_time(turn.start_seconds),
        "text": turn.text,
        "hits": [span for word in words for span in spans(word, turn.text)],
        "marks": [
            {"from": pin.start_offset, "to": pin.end_offset, "lost": pin.item_key in lost}
            for pin in pins
            if pin.start_offset is not None
        ],
        "pins": [
            {"key": key, "name": item_name(view.checklist.by_key[key]), "lost": key in lost}
            for key in keys
        ],
    }


def _sections(view: CaseView) -> list[Data]:
    """The sections that lost something, in order."""
    lost = lost_items(view)
    return [
        {
            "title": text_of(section.title) or section.key,
            "score": number(section.score),
            "items": [_item(view, score) for score in lost if score.section == section.key],
        }
        for section in view.sheet.sections
        if any(score.section == section.key for score in lost)
    ]


def _item(view: CaseView, score: ItemScore) -> Data:
    item: Item = view.checklist.by_key[score.key]
    answer = view.answers.get(score.key)
    return {
        "key": score.key,
        "name": item_name(item),
        "text": text_of(item.text) if item.term else "",
        "answer": answer_text(item, answer),
        "lost": number(score.points_lost) if score.points_lost else "",
        "effect": effect_name(score.effect),
        "note": answer.note if answer else "",
        "guidance": text_of(item.guidance),
        "pins": [_pin(view, pin) for pin in view.pins if pin.item_key == score.key],
    }


def _texts() -> dict[str, str]:
    return {
        "transcript": _("Transcript"),
        "record": _("Record"),
        "lost": _("Lost points"),
        "nothing_lost": _("Nothing was lost: every item that applies was met."),
        "no_transcript": _("There is no transcript of this encounter."),
        "answer": _("Answer"),
        "note": _("Inspector's note"),
        "form_note": _("Note on the whole encounter"),
        "guidance": _("What the standard says"),
        "turn": _("turn {number}"),
        "show_turn": _("Show turn {number}"),
        "show_item": _("Show what was lost at {item}"),
        "photo_of": _("Photo: {item}"),
        "no_evidence": _("No place in the encounter was pinned."),
    }


def reading_panes(key: str, contents: Data) -> None:
    """Show an encounter and what it lost: side by side where there is room, else in two tabs."""
    _panes(key=key, data=contents)
