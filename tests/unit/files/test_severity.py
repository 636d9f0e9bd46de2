"""How severe a file is, whether it repeats another, whether it is major."""

from __future__ import annotations

import pytest

from core.clock import Level
from core.errors import InvalidInput
from core.files.course import Course, FileFacts, Mark
from core.files.kinds import Kind
from core.files.severity import Assessment, Matter, marks_of, repeats
from core.files.steps import FileEvent, Step
from tests.support.clock_runs import HOUR, at

BEGIN = at("02T09:00")


@pytest.mark.parametrize(
    ("parts", "level"),
    [
        ((1, 1, 1), Level.ORDINARY),
        ((1, 2, 1), Level.IMPORTANT),
        ((1, 1, 3), Level.URGENT),
        ((3, 2, 1), Level.URGENT),
        ((1, 1, 1, True), Level.URGENT),
    ],
)
def test_the_highest_of_three_is_the_level_and_special_care_is_urgent(parts, level):
    assert Assessment(*parts).level is level


def test_other_numbers_are_refused():
    with pytest.raises(InvalidInput, match="1, 2 or 3"):
        Assessment(0, 1, 1)


def matter(file_id, days=0, ref="r1", topic="baggage"):
    return Matter(file_id, ref, topic, BEGIN + days * 24 * HOUR)


def test_repeated_is_the_same_customer_and_class_within_thirty_days():
    this = matter(9, 30)
    others = [
        *(matter(1, 0), matter(2, -1), matter(3, 5, ref="r2"), matter(4, 5, topic="seat")),
        *(matter(5, 12), matter(6, 31), this),
    ]
    assert repeats(this, others) == (1, 5)


def test_without_a_customer_or_a_class_nothing_repeats():
    assert repeats(matter(2, ref=None), [matter(1, ref=None)]) == ()
    assert repeats(matter(2, topic=""), [matter(1, topic="")]) == ()


@pytest.mark.parametrize(
    ("levels", "marks", "is_major"),
    [
        ([], set(), False),
        ([Level.IMPORTANT], set(), False),
        ([], {Mark.MEDIA}, True),
        ([Level.URGENT, Level.ORDINARY], set(), True),
    ],
)
def test_major_is_what_was_urgent_at_any_time_or_is_marked(levels, marks, is_major):
    events = (
        FileEvent(Step.RECEIVED, BEGIN),
        *(
            FileEvent(Step.SEVERITY_SET, BEGIN + n * HOUR, level=level)
            for n, level in enumerate(levels, 1)
        ),
    )
    assert Course(FileFacts(Kind.COMPLAINT, events, marks=marks)).is_major is is_major


def test_a_loss_counts_from_the_set_sum_on_and_not_where_none_is_set():
    assert marks_of([Mark.MEDIA], loss=100, major_loss=100) == {Mark.MEDIA, Mark.LOSS}
    assert marks_of([], loss=99, major_loss=100) == frozenset()
    assert marks_of([Mark.LOSS], loss=1000) == frozenset()
