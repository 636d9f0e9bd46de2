"""What became of trainings, as it was computed last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from scipy import special
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Action, Identity, Scope, require
from core.effect import Estimate, Method, looked_at_together, told
from core.errors import NotAllowed
from core.periods import Period
from core.sampling import Interval
from core.text.sentence import Sentence
from core.training import Windows
from db.people.queries.shown_texts import HiddenNames
from db.training.models import TrainingCourse, TrainingEffect, TrainingRun

_COMPUTED_AT = 0.90
"""The level of the intervals that are kept."""
_MOST = 100


@dataclass(frozen=True)
class RunEffect:
    """The effect of a run.

    Attributes:
        windows: the months that were compared.
        trained: who came and was scored while people were picked; `scored` of them were since.
        unmeasured: who came without any score from the months people were picked by.
        estimate: None where nothing can be said; the sentence says why.
        level: of its interval, which is judged together with those of the other runs.
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
    level: float


def effects(session: Session, who: Identity) -> tuple[RunEffect, ...]:
    """The effects of the newest runs, newest first, judged together (`looked_at_together`).

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
        .limit(_MOST)
    )
    hide = HiddenNames(session, who).anywhere.hide
    found = [_effect(effect, run, hide(title)) for effect, run, title in rows]
    level, _compared, estimates = looked_at_together([row.estimate for row in found])
    return tuple(
        replace(_told(row, level), estimate=estimate)
        for row, estimate in zip(found, estimates, strict=True)
    )


def _told(row: RunEffect, level: float) -> RunEffect:
    if row.estimate is None:
        return replace(row, level=level)
    return replace(row, sentence=told(row.estimate.at(level), level), level=level)


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
        level=_COMPUTED_AT,
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
        error=data.get("error", _error(data)),
        freedom=data.get("freedom", _freedom(data)),
        spread=data["spread"],
    )


def _error(data: dict[str, Any]) -> float:
    """That of an estimate which was kept without it, from its interval."""
    half = float(data["upper"] - data["lower"]) / 2
    return half / float(special.stdtrit(_freedom(data), (1 + _COMPUTED_AT) / 2))


def _freedom(data: dict[str, Any]) -> int:
    """People less the coefficients of the line through pairs, or less their mean."""
    return int(data["people"]) - (2 if data["method"] == Method.MATCHED else 1)
