"""What a form leaves unchosen is refused with a sentence, not stored as the first of a list."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from core.errors import InvalidInput
from core.periods import Period
from db.inspection.services.assignments import hand_over
from db.people.models import Staff
from db.people.services.people import save_staff
from db.people.staff_fields import StaffData
from db.training.models import TrainingRun
from db.training.services.courses import LineData, RunData, save_line, save_run
from tests.support.clock import NOW

DAY = date(2026, 4, 6)


def refused(seeded, service, who, match, **values):
    with pytest.raises(InvalidInput, match=match), seeded.transaction() as session:
        service(session, who=who, now=NOW, **values)


def test_a_new_member_of_staff_works_at_a_station_that_was_chosen(seeded):
    data = StaffData("S-9", "Nine", None)
    refused(seeded, save_staff, seeded.administrator, "station", staff_id=None, data=data)
    refused(seeded, save_staff, seeded.administrator, "station", staff_id=1, data=data)
    with seeded.reading() as session:
        assert session.scalar(select(func.count(Staff.id))) == 1


def test_work_is_handed_over_of_somebody_who_was_chosen(seeded):
    refused(seeded, hand_over, seeded.bob, "whose work", inspector_id=None, reason="ill")


def test_a_run_and_a_line_of_the_plan_are_of_a_course_that_was_chosen(seeded):
    run = RunData(None, "internal", "", DAY, DAY, Period(202601, 202602))
    line = LineData(None, "", "internal", DAY, DAY, 8)
    refused(seeded, save_run, seeded.administrator, "course", run_id=None, data=run)
    refused(seeded, save_line, seeded.administrator, "course", line_id=None, data=line)
    with seeded.reading() as session:
        assert session.scalar(select(func.count(TrainingRun.id))) == 0
