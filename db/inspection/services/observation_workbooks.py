"""Handing in an observation that was filled in as a workbook: the pad's own rules, once only."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.orm import Session

from core.access import Action, Identity, require
from core.checklist import Checklist
from core.clock.days import wall_time
from core.errors import InvalidInput
from core.inspection.na_answers import prefilled
from core.text.sentence import Sentence
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.encounters.queries.encounter import facts_of
from db.inspection.observation_workbook import Translate, answer_heads, encounter_heads
from db.inspection.observation_workbook_reading import Fault, FaultyWorkbook, Filled, Workbook
from db.inspection.services.drafts import Work
from db.inspection.services.observations import Observation, begin_observation, case_number
from db.inspection.services.submission import Unanswered, Unexplained, Unproven, submit
from db.inspection.tasks import ASSIGNED
from db.people.identifiers import staff_id, station_id
from db.people.models import Staff, Station


@dataclass(frozen=True)
class HandedIn:
    """The inspection a workbook became; `repeated` when it had been handed in before.

    `sheet_notes` is what a person should know of the sheets, such as hidden rows that were read.
    """

    case: str
    score: float | None
    repeated: bool
    sheet_notes: tuple[Sentence, ...] = ()


def hand_in(
    session: Session,
    *,
    who: Identity,
    data: bytes,
    speak: Callable[[str], Translate],
    now: datetime,
) -> HandedIn:
    """Turn a workbook into an inspection, as if it had been entered in the pad.

    Args:
        speak: gives the translation into the language a workbook was made in.

    Raises:
        Unreadable: it is no workbook for observations.
        FaultyWorkbook: names each cell that cannot be used.
        InvalidInput, NotAllowed, NotFound: as for an observation begun on site.
    """
    require(who, Action.SCORE)
    with TemporaryDirectory() as folder:
        workbook = Workbook(data, Path(folder))
        label = workbook.label()
        checklist = checklist_of(session, label.version_id)
        translate = speak(label.language)
        filled = workbook.filled(checklist, label.language, translate)
    staff, station = _staff(session, filled, label.people, translate)
    observation = Observation(
        label.key,
        staff_id=staff.id,
        checklist_version_id=label.version_id,
        occurred_at=wall_time(filled.occurred_at, station.timezone),
        situation=filled.situation,
        station_id=station.id,
    )
    assignment = begin_observation(session, who=who, observation=observation, now=now)
    interaction = session.get_one(Interaction, assignment.interaction_id)
    facts = facts_of(session, interaction.attributes, interaction.staff_id)
    if (interaction.staff_id, interaction.occurred_at) != (staff.id, observation.occurred_at):
        raise InvalidInput(
            "This workbook was handed in as {case}, and tells of another encounter now. Each "
            "download is one encounter: copy the cells into a new one.",
            case=interaction.external_id,
        )
    prefilled_answers = prefilled(checklist, facts, label.language)
    try:
        done = submit(
            session,
            who=who,
            task=ASSIGNED.task(assignment.id),
            version=0,
            work=_work(prefilled_answers, filled),
            now=now,
        )
    except (Unanswered, Unexplained, Unproven) as error:
        raise FaultyWorkbook(_lacking(error, filled, checklist, translate)) from None
    return HandedIn(case_number(label.key), done.score, done.repeated, filled.sheet_notes)


def _work(prefilled_answers: dict[str, Any], filled: Filled) -> Work:
    """A note without an answer joins the prefilled answer, or becomes a pin, as in the pad."""
    answers = prefilled_answers | filled.answers
    pins = []
    for key, note in filled.notes.items():
        if key in answers:
            answers[key] = answers[key] | {"note": note}
        else:
            pins.append({"item_key": key, "note": note})
    return Work(answers, pins)


def _staff(
    session: Session, filled: Filled, people: Collection[tuple[str, str]], translate: Translate
) -> tuple[Staff, Station]:
    """Who was watched and where: somebody who works there, or did when the workbook was made."""
    staff = session.get(Staff, staff_id(session, filled.staff_no) or 0)
    station = session.get(Station, station_id(session, filled.station) or 0)
    if staff is not None and staff.active and station is not None:
        was_there = (station.code, staff.staff_no) in people
        if was_there or staff.station_id == station.id:
            return staff, station
    head = encounter_heads(translate).staff
    sentence = "Nobody of this number works at that station."
    raise FaultyWorkbook(
        [Fault(translate("Encounter"), 2, column=head, sentence=sentence, values={})]
    )


def _lacking(
    error: Unanswered | Unexplained | Unproven,
    filled: Filled,
    checklist: Checklist,
    translate: Translate,
) -> list[Fault]:
    """Where an answer, or a reason for it, is missing."""
    heads, faults = answer_heads(translate), []
    for key in (item.key for item in checklist.items() if item.key in error.items):
        if isinstance(error, Unproven):
            column, sentence = heads.note, "This lost point needs a note."
        elif filled.answers.get(key, {}).get("na"):
            column, sentence = heads.reason, "Here N/A needs a reason."
        else:
            column, sentence = heads.answer, "This item needs an answer."
        row = filled.rows.get(key, 0)
        faults.append(
            Fault(translate("Answers"), row, column=column, sentence=sentence, values={"item": key})
        )
    return faults
