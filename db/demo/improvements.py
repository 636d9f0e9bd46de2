"""The demo's actions: one of each ending, judged by what its encounters really came to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import Identity
from core.clock.days import wall_time
from core.improvements.judging import JudgingPlan
from core.improvements.terms import ActionKind, Cause, Subject
from core.measures.change import Verdict
from core.periods import Period, first_day, month_of, shift
from db.demo.training import ZONE
from db.improvements.services.carrying_out import begin_improvement, carry_out_improvement
from db.improvements.services.judging import close_improvement, judge_improvement
from db.improvements.services.proposing import (
    Proposal,
    agree_improvement,
    propose_improvement,
    withdraw_improvement,
)
from db.measures.queries import Sides, Spans, effect_between, figure_of
from db.people.models import Station, User
from db.people.services.identities import identity_of
from db.store.days import portal_day

_MEASURES = ("key_moment", "score", "pass_rate", "critical_rate")
_AT = time(10)
_KINDS = ("airport", "phone_desk")


@dataclass(frozen=True)
class _Tried:
    """A station and a measure that an action of the demo is about, with the stations beside it."""

    station: Station
    control: tuple[int, ...]
    measure: str

    @property
    def sides(self) -> Sides:
        return Sides(own=(self.station.id,), control=self.control)


def load_improvements(session: Session, *, now: datetime) -> None:
    """Five actions through the services; none where there are too few encounters to judge by."""
    running = month_of(portal_day(session, now))
    plan = JudgingPlan(
        finding=_months(running, -4, -4), before=_months(running, -5, -5), wait=0, length=3
    )
    people = {user.username: user for user in session.scalars(select(User).filter_by(is_demo=True))}
    manager, quality = (identity_of(session, people[name]) for name in ("manager", "quality"))
    demo = _Demo(session, manager, quality, now, running)
    tried = [each for each in demo.tried() if demo.has_figures(each, plan.before)]
    endings = {demo.verdict(each, plan): each for each in reversed(tried)}
    for verdict in (Verdict.EFFECTIVE, Verdict.NOT_SHOWN):
        if verdict in endings:
            demo.closed(endings[verdict], plan, verdict)
    if tried:
        first, last = tried[0], tried[-1]
        demo.waiting(last)
        demo.overdue(first)
        demo.withdrawn(last)


class _Demo:
    """Who does it, and when it is."""

    def __init__(
        self, session: Session, manager: Identity, quality: Identity, now: datetime, running: int
    ) -> None:
        self._session, self._manager, self._quality = session, manager, quality
        self._now, self._running = now, running

    def tried(self) -> Iterator[_Tried]:
        """Stations of two kinds, each beside the others of its kind, by each measure."""
        stations = self._session.scalars(select(Station).order_by(Station.code)).all()
        for measure in _MEASURES:
            for kind in _KINDS:
                same = [station for station in stations if station.kind == kind]
                for station in same:
                    control = tuple(each.id for each in same if each is not station)
                    yield _Tried(station, control, measure)

    def has_figures(self, tried: _Tried, period: Period) -> bool:
        return all(
            figure_of(self._session, tried.measure, period, ids, now=self._now).value is not None
            for ids in tried.sides
        )

    def verdict(self, tried: _Tried, plan: JudgingPlan) -> Verdict:
        """What it would be judged, had it been due in the month it was found by."""
        spans = Spans(plan.before, plan.after(first_day(plan.finding.last)))
        key, now = tried.measure, self._now
        return effect_between(self._session, key, spans, tried.sides, now=now).verdict

    def closed(self, tried: _Tried, plan: JudgingPlan, verdict: Verdict) -> None:
        """Carried out four months ago and judged now; accepted where it was not shown to help."""
        month = first_day(plan.finding.last)
        action_id = self._agreed(tried, plan, day=month.replace(day=15), due=month.replace(day=28))
        self._carry_out(action_id, month.replace(day=22))
        common: dict[str, Any] = {
            "who": self._manager,
            "improvement_id": action_id,
            "now": self._now,
        }
        judge_improvement(self._session, **common)
        reason = "" if verdict is Verdict.EFFECTIVE else _ACCEPTED
        close_improvement(self._session, reason=reason, **common)

    def waiting(self, tried: _Tried) -> None:
        """Carried out last month; its months are not over."""
        month = first_day(shift(self._running, -1))
        plan = self._recent()
        action_id = self._agreed(tried, plan, day=month.replace(day=5), due=month.replace(day=25))
        self._carry_out(action_id, month.replace(day=20))

    def overdue(self, tried: _Tried) -> None:
        """Begun last month and not done since."""
        month = first_day(shift(self._running, -1))
        plan = self._recent()
        action_id = self._agreed(tried, plan, day=month.replace(day=3), due=month.replace(day=12))
        begin_improvement(
            self._session,
            who=self._manager,
            improvement_id=action_id,
            now=_moment(month.replace(day=6)),
        )

    def withdrawn(self, tried: _Tried) -> None:
        month = first_day(shift(self._running, -1))
        plan = self._recent()
        action_id = self._agreed(tried, plan, day=month.replace(day=8), due=month.replace(day=28))
        withdraw_improvement(
            self._session,
            who=self._quality,
            improvement_id=action_id,
            reason=_WITHDRAWN,
            now=_moment(month.replace(day=18)),
        )

    def _recent(self) -> JudgingPlan:
        return JudgingPlan(
            finding=_months(self._running, -2, -2),
            before=_months(self._running, -5, -3),
            wait=0,
            length=3,
        )

    def _agreed(self, tried: _Tried, plan: JudgingPlan, *, day: date, due: date) -> int:
        """Proposed by the quality manager on a day, agreed by the manager on the next."""
        proposal = Proposal(
            station_ids=(tried.station.id,),
            control_ids=tried.control,
            subject=Subject.STATION,
            subject_key="",
            finding=_FINDING.format(station=tried.station.name_zh_tw),
            cause=Cause.PROCESS,
            kind=ActionKind.PROCESS,
            doing=_DOING[tried.measure],
            measure=tried.measure,
            target=None,
            judging=plan,
            owner_id=self._manager.user_id,
            due_on=due,
        )
        action_id = propose_improvement(
            self._session, who=self._quality, proposal=proposal, now=_moment(day)
        )
        agree_improvement(
            self._session,
            who=self._manager,
            improvement_id=action_id,
            now=_moment(day + timedelta(days=1)),
        )
        return action_id

    def _carry_out(self, action_id: int, day: date) -> None:
        carry_out_improvement(
            self._session,
            who=self._manager,
            improvement_id=action_id,
            proof=_EVIDENCE,
            done_on=day,
            now=_moment(day),
        )


def _months(running: int, first: int, last: int) -> Period:
    return Period(shift(running, first), shift(running, last))


def _moment(day: date) -> datetime:
    return wall_time(datetime.combine(day, _AT), ZONE)


_FINDING = "督導巡查時看到，{station}在尖峰時段常略過同一段流程。"
_DOING = {
    "key_moment": "交接班時由值班督導帶讀前一天的關鍵時刻，並在櫃檯貼出三句提示。",
    "score": "每週抽三通紀錄由值班督導與同仁一起重看，找出當週要改的一件事。",
    "pass_rate": "開班前十分鐘逐項演練檢查表中最常失分的三項。",
    "critical_rate": "改票與退票前增加一次覆誦確認，由系統提示後才能送出。",
}
_EVIDENCE = "已在三個班別執行，值班日誌有每日紀錄。"
_ACCEPTED = "三個月看不出差別，但做法不費時，保留並改看其他原因。"
_WITHDRAWN = "該流程下個月改由系統處理，這項措施不再需要。"
