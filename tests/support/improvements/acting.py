"""Actions as a test proposes them and leads them on, at two stations with known figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import select

from core.access import Role
from core.improvements.judging import JudgingPlan
from core.improvements.terms import ActionKind, Cause, Subject
from core.periods import Period
from db.improvements.models import Improvement, ImprovementStation
from db.improvements.services.carrying_out import carry_out_improvement
from db.improvements.services.judging import (
    close_improvement,
    judge_improvement,
    reopen_improvement,
)
from db.improvements.services.proposing import (
    Proposal,
    agree_improvement,
    propose_improvement,
)
from db.results.models import StationMonth
from db.store.models import Notice
from tests.factories import identity, make_station, make_user
from tests.support.clock import NOW

DUE = date(2026, 3, 31)
DONE = date(2026, 3, 20)
LOOK = datetime(2026, 7, 1, 4, tzinfo=UTC)
"""Noon in Taipei on the first day after April to June, which count."""
AGAIN = datetime(2026, 10, 1, 4, tzinfo=UTC)
BACK, BACK_DUE = datetime(2026, 8, 20, 4, tzinfo=UTC), date(2026, 8, 31)
WHY = "Tried with everybody at the desk."
COUNTS = {
    "D1": {202512: (18, 120), 202605: (7, 130)},
    "D2": {202512: (15, 118), 202605: (14, 125)},
}
"""Critical failures of inspections: 15.0 to 5.4 % at D1, 12.7 to 11.2 % at D2."""


class Acting:
    """bob manages quality, manny and hanna D1, norma D2, which D1 is compared with; tina trains."""

    def __init__(self, seeded):
        self.seeded, self.bob = seeded, seeded.bob
        with seeded.transaction() as session:
            self.here, self.there = (make_station(session, code=code).id for code in ("D1", "D2"))
            ids = {"D1": self.here, "D2": self.there}
            for code, months in COUNTS.items():
                for month, (critical, n) in months.items():
                    session.add(of_month(ids[code], month, critical, n))
            make_user(session, "manny", Role.STATION_MANAGER, station_id=self.here)
            make_user(session, "hanna", Role.CASE_HANDLER, station_id=self.here)
            make_user(session, "norma", Role.STATION_MANAGER, station_id=self.there)
            make_user(session, "tina", Role.TRAINER)
        with seeded.reading() as session:
            self.manny, self.hanna = identity(session, "manny"), identity(session, "hanna")
            self.norma, self.tina = identity(session, "norma"), identity(session, "tina")

    def do(self, service, who, *, now=NOW, **values):
        with self.seeded.transaction() as session:
            return service(session, who=who, now=now, **values)

    def read(self, query, *arguments, **values):
        with self.seeded.reading() as session:
            return query(session, *arguments, **values)

    def proposal(self, **changed):
        values = Proposal(
            station_ids=(self.here,),
            control_ids=(self.there,),
            subject=Subject.STATION,
            subject_key="",
            finding="First answers came late in January and February.",
            cause=Cause.PROCESS,
            kind=ActionKind.PROCESS,
            doing="Whoever opens the desk answers the night's complaints first.",
            measure="critical_rate",
            target=8.0,
            judging=JudgingPlan(
                finding=Period(202601, 202602), before=Period(202512, 202512), wait=0, length=3
            ),
            owner_id=self.hanna.user_id,
            due_on=DUE,
        )
        return replace(values, **changed)

    def proposed(self, who=None, **changed):
        proposal = self.proposal(**changed)
        return self.do(propose_improvement, who or self.bob, proposal=proposal)

    def agreed(self, **changed):
        improvement_id = self.proposed(**changed)
        self.do(agree_improvement, self.manny, improvement_id=improvement_id)
        return improvement_id

    def carried_out(self, **changed):
        """By hanna, a week before it was due."""
        improvement_id = self.agreed(**changed)
        self.do(
            carry_out_improvement,
            self.hanna,
            improvement_id=improvement_id,
            proof=WHY,
            done_on=DONE,
            now=datetime(2026, 3, 20, 4, tzinfo=UTC),
        )
        return improvement_id

    def judged(self, **changed):
        improvement_id = self.carried_out(**changed)
        self.do(judge_improvement, self.bob, improvement_id=improvement_id, now=LOOK)
        return improvement_id

    def opened_again(self):
        """Judged without others and closed on 1 July, back on 20 August, due on the 31st."""
        improvement_id = self.judged(control_ids=())
        self.do(close_improvement, self.bob, improvement_id=improvement_id, now=LOOK)
        self.open_again(improvement_id, self.bob)
        return improvement_id

    def open_again(self, improvement_id, who, *, now=BACK, due_on=BACK_DUE):
        self.do(
            reopen_improvement,
            who,
            improvement_id=improvement_id,
            reason="Late again since the shift changed.",
            due_on=due_on,
            now=now,
        )

    def row(self, improvement_id):
        with self.seeded.reading() as session:
            return session.get_one(Improvement, improvement_id)

    def notices(self):
        """(deed, user) of all that was told."""
        with self.seeded.reading() as session:
            return {tuple(row) for row in session.execute(select(Notice.deed, Notice.user_id))}


def of_month(station_id, month, critical, n):
    """What a month of random phone calls comes to."""
    return StationMonth(
        checklist_version_id=1,
        channel="phone",
        sample_class="random",
        station_id=station_id,
        month=month,
        critical=critical,
        n=n,
    )


def stored_action(session, *, station_id, owner_id, **changed):
    """A training that is proposed, with words in every field, past the services; its id."""
    values = {
        "station_id": station_id,
        "subject": Subject.STATION,
        "finding": "found",
        "cause": Cause.PERSON,
        "kind": ActionKind.TRAINING,
        "doing": "done",
        "measure": "score",
        "finding_first": 202601,
        "finding_last": 202601,
        "before_first": 202510,
        "before_last": 202512,
        "waits": 0,
        "lasts": 3,
        "owner_id": owner_id,
        "due_on": DUE,
        "next_on": DUE,
        "proposed_by": owner_id,
        "proposed_at": NOW,
        "proof": "seen",
        "decision": "so",
    }
    row = Improvement(**values | changed)
    session.add(row)
    session.flush()
    session.add(ImprovementStation(improvement_id=row.id, station_id=station_id))
    return row.id
