"""One result as it is printed: every item with answer and evidence, two decimals, the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.access import Identity
from core.inspection.states import InspectionState
from core.scoring import ItemScore, SectionScore
from db.cases.queries.case import CaseView
from db.inspection.queries.pins import PinView
from pages.ui.encounters import case_view
from pages.ui.encounters.reading.panes import clock_time, facts, note_of, photo_data, quote, when
from pages.ui.inspection.ledger import floors_line, ledger_lines
from pages.ui.kit.answers import answer_text, item_name
from pages.ui.kit.messages import _, moment, number, text_of, zone_name
from pages.ui.kit.terms import band_name, channel_name, effect_name, no_consent

Data = dict[str, Any]


def result_page(who: Identity, view: CaseView, now: datetime) -> Data:
    """What the template of a printed result needs."""
    printed = moment(now, view.timezone)
    return {
        "title": f"{view.case_no} {text_of(view.checklist.title)}",
        "case_no": view.case_no,
        "headline": case_view.headline(view),
        "notice": _notice(view),
        "facts": [{"name": name, "value": value} for name, value in _facts(view) if value],
        "figures": [{"name": name, "value": value} for name, value in _figures(view)],
        "sections": [_section(view, section) for section in view.sheet.sections],
        "note": view.note,
        "history": case_view.history_lines(view),
        "ledger": ledger_lines(view.checklist, view.sheet),
        "footer": _("Printed {moment} by {name}", moment=printed, name=who.name),
        "texts": _texts(),
    }


def _notice(view: CaseView) -> str:
    state_notice = {
        InspectionState.VOID: _("This inspection was voided. It counts nowhere."),
        InspectionState.AMENDED: _(
            "This inspection was amended. What follows is the older version."
        ),
    }.get(view.state, "")
    return " ".join(
        phrase for phrase in (state_notice, no_consent() if view.closed else "") if phrase
    )


def _facts(view: CaseView) -> list[tuple[str, str]]:
    return [
        (_("Station"), f"{view.station_code} {text_of(view.station_names)}"),
        (_("Time of the encounter"), moment(view.occurred_at, view.timezone)),
        (_("Time zone"), zone_name(view.timezone)),
        (_("Channel"), channel_name(view.channel)),
        (_("Duration"), clock_time(view.duration_seconds)),
        (_("Checklist"), case_view.checklist_name(view)),
        (_("Staff"), "" if view.own else view.staff),
        (_("Inspector"), view.inspector),
        (_("Inspected"), moment(view.submitted_at, view.timezone)),
        *facts(view),
    ]


def _figures(view: CaseView) -> list[tuple[str, str]]:
    sheet, mark = view.sheet, view.checklist.pass_mark
    figures = [
        (_("Score"), number(sheet.score, 2)),
        (_("Before critical effects"), number(sheet.score_before_critical, 2)),
        (_("Band"), band_name(sheet.band)),
    ]
    if mark is not None:
        figures.append((_("Pass mark {mark}", mark=number(mark, 0)), case_view.passed(sheet)))
    if sheet.floors:
        figures.append((_("Floor"), floors_line(sheet)))
    return figures


def _section(view: CaseView, section: SectionScore) -> Data:
    items = [
        item for item in view.sheet.items if item.section == section.key and item.status != "hidden"
    ]
    return {
        "title": text_of(section.title) or section.key,
        "score": number(section.score, 2),
        "items": [_item(view, item) for item in items],
    }


def _item(view: CaseView, score: ItemScore) -> Data:
    item, answer = view.checklist.by_key[score.key], view.answers.get(score.key)
    pins = [pin for pin in view.pins if pin.item_key == score.key]
    return {
        "key": score.key,
        "name": item_name(item),
        "answer": answer_text(item, answer),
        "note": answer.note if answer else "",
        "effect": effect_name(score.effect),
        "weight": number(score.weight, 2) if score.points_lost is not None else "—",
        "lost": number(score.points_lost, 2),
        "has_lost": bool(score.points_lost),
        "quotes": [
            {
                "where": _where(view, pin),
                "text": " ".join(text for text in (quote(view, pin), note_of(pin)) if text),
                "photo": photo_data(pin),
            }
            for pin in pins
        ],
    }


def _where(view: CaseView, pin: PinView) -> str:
    if pin.turn_position is None:
        return when(pin, view.timezone)
    return _("turn {number}", number=pin.turn_position)


def _texts() -> dict[str, str]:
    return {
        "heading": _("Inspection result"),
        "print": _("Print"),
        "answers": _("Answers"),
        "item": _("Item"),
        "answer": _("Answer"),
        "weight": _("Weight"),
        "lost": _("Lost"),
        "note": _("Inspector's note"),
        "form_note": _("Note on the whole encounter"),
        "history": _("History"),
        "ledger": _("Ledger: how the score came about"),
        "of": _("Of"),
        "step": _("Step"),
        "calculation": _("Calculation"),
        "result": _("Result"),
    }
