"""What became of trainings, as it was computed last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Scope, require
from core.effect import Estimate, Method
from core.errors import NotAllowed
from core.periods import Period
from core.sampling import Interval
from core.text.sentence import Sentence
from core.training import Windows
from db.people.queries.shown_texts import HiddenNames
from db.training.models import TrainingCourse, TrainingEffect, TrainingRun


@dataclass(frozen=True)
class RunEffect:
    """The effect of a run.

    Attributes:
        windows: the months that were compared.
        trained: who came and was scored while people were picked; `scored` of them were since.
        unmeasured: who came without any score from the months people were picked by.
        estimate: None where nothing can be said; the sentence says why.
    """

    run_id: int
    course: str
    starts_on: date
    ends_on: date
    computed_at: datetime
    windows: Windows
    trained: int
    scored: int
    unmeasured: int
    estimate: Estimate | None
    sentence: Sentence


def effects(session: Session, who: Identity, *, limit: int = 100) -> tuple[RunEffect, ...]:
    """The effects known, newest runs first.

    They are about people of many stations, so who sees only a part of the tree sees none.

    Raises:
        NotAllowed: the role does not see the training of all stations.
    """
    if require(who, Action.SEE_TRAINING) is not Scope.ALL:
        raise NotAllowed(
            "Your role does not permit this.", user_id=who.user_id, subject=("training_run", "")
        )
    rows = session.execute(
        select(TrainingEffect, TrainingRun, TrainingCourse.title)
        .join(TrainingRun, TrainingRun.id == TrainingEffect.run_id)
        .join(TrainingCourse, TrainingCourse.id == TrainingRun.course_id)
        .order_by(TrainingRun.ends_on.desc(), TrainingRun.id.desc())
        .limit(limit)
    )
    hide = HiddenNames(session, who).anywhere.hide
    return tuple(_effect(effect, run, hide(title)) for effect, run, title in rows)


def _effect(effect: TrainingEffect, run: TrainingRun, title: str) -> RunEffect:
    payload = effect.payload
    template, values = payload["sentence"]
    selection, baseline, after = (
        Period(*window) if window else None for window in payload["windows"]
    )
    assert selection is not None
    return RunEffect(
        run_id=run.id,
        course=title,
        starts_on=run.starts_on,
        ends_on=run.ends_on,
        computed_at=effect.computed_at,
        windows=Windows(selection, baseline, after),
        trained=payload["trained"],
        scored=payload["scored"],
        unmeasured=payload["unmeasured"],
        estimate=_estimate(payload["estimate"]),
        sentence=Sentence(template, values),
    )


def _estimate(data: dict[str, Any] | None) -> Estimate | None:
    if data is None:
        return None
    return Estimate(
        method=Method(data["method"]),
        people=data["people"],
        rise=data["rise"],
        expected=data["expected"],
        effect=data["effect"],
        interval=Interval(data["lower"], data["upper"]),
        spread=data["spread"],
    )
