"""Nobody scores their own work, rechecks their own scoring or judges appeals on either."""

from __future__ import annotations

import pytest

from core.access import Role
from core.errors import NotAllowed
from db.appeals.services.decisions import decide_appeal
from db.appeals.services.raising import raise_appeal
from db.encounters.models import Interaction
from db.inspection.models import Assignment
from db.inspection.services.amendments import amend, void
from db.inspection.services.assignments import Task, assign, skip
from db.inspection.services.drafts import Work
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, answers


@pytest.fixture
def both(world):
    """alice's colleague, who is an inspector, a quality manager, and the scored charlie."""
    with world.seeded.transaction() as session:
        make_user(
            session,
            "both",
            Role.INSPECTOR,
            Role.QUALITY_MANAGER,
            staff_id=world.charlie.staff_id,
        )
        return identity(session, "both")


def test_nobody_is_given_their_own_work(world, both):
    interaction_id = world.all(Interaction.id)[0][0]
    task = Task(both.user_id, world.version_id, NOW.date())
    with pytest.raises(NotAllowed, match="own work"):
        world.do(assign, world.bob, interaction_id=interaction_id, task=task)


def test_nobody_submits_their_own_work(world, both):
    task = world.assigned(inspector=both)
    with pytest.raises(NotAllowed, match="own work"):
        world.do(submit, both, task=ASSIGNED.task(task), version=0, work=Work(answers(), []))


@pytest.mark.parametrize(("service", "more"), [(amend, {"answers": answers()}), (void, {})])
def test_nobody_corrects_the_score_of_their_own_work(world, both, service, more):
    inspection_id = world.scored(HELLO=NO)
    with pytest.raises(NotAllowed, match="own work"):
        world.do(service, both, inspection_id=inspection_id, reason="unfair", **more)


@pytest.mark.parametrize(("service", "more"), [(amend, {"answers": answers()}), (void, {})])
def test_nobody_rechecks_their_own_scoring(world, service, more):
    inspection_id = world.scored(HELLO=NO)
    with world.seeded.transaction() as session:
        make_user(session, "other", Role.QUALITY_MANAGER)
        other = identity(session, "other")
    alice_too = world.alice.__class__(**vars(world.alice) | {"roles": other.roles})
    with pytest.raises(NotAllowed, match="own scoring"):
        world.do(service, alice_too, inspection_id=inspection_id, reason="second thoughts", **more)
    world.do(service, other, inspection_id=inspection_id, reason="looked at again", **more)


@pytest.fixture
def twice(world):
    """dora's two accounts: with one she inspects, with the other she manages quality."""
    staff = world.staff(name="Dora")
    inspects = world.inspector("dora", staff_id=staff.id)
    with world.seeded.transaction() as session:
        make_user(session, "dora2", Role.QUALITY_MANAGER, staff_id=staff.id)
        return inspects, identity(session, "dora2")


def test_nobody_rechecks_what_they_scored_under_another_account(world, twice):
    inspects, manages = twice
    task = world.assigned(inspector=inspects)
    done = {"task": ASSIGNED.task(task), "version": 0, "work": Work(answers(HELLO=NO), [])}
    scored = world.do(submit, inspects, **done).inspection_id
    appeal_id = world.do(
        raise_appeal, world.charlie, inspection_id=scored, reasons={"HELLO": "I did."}
    )
    with pytest.raises(NotAllowed, match="own score"):
        decide(world, manages, appeal_id)
    with pytest.raises(NotAllowed, match="own scoring"):
        world.do(amend, manages, inspection_id=scored, answers=answers(), reason="mine")


@pytest.fixture
def contested(world):
    inspection_id = world.scored(HELLO=NO)
    return world.do(
        raise_appeal, world.charlie, inspection_id=inspection_id, reasons={"HELLO": "I did."}
    )


def decide(world, who, appeal_id, **changed):
    said = {"HELLO": "Heard again."}
    return world.do(
        decide_appeal, who, appeal_id=appeal_id, answers=answers(**changed), decisions=said
    )


def with_roles_of(who, other):
    return who.__class__(**vars(who) | {"roles": other.roles})


def test_nobody_decides_an_appeal_on_their_own_score(world, both, contested):
    """Neither from the account that raised it nor from another one of the same person."""
    for who in (both, with_roles_of(world.charlie, world.bob)):
        with pytest.raises(NotAllowed, match="own score"):
            decide(world, who, contested)


def test_nobody_decides_an_appeal_on_their_own_scoring(world, contested):
    with pytest.raises(NotAllowed, match="own score"):
        decide(world, with_roles_of(world.alice, world.bob), contested)
    decide(world, world.bob, contested)


def test_nobody_decides_an_appeal_on_a_score_they_amended(world):
    """bob's amendment made the score; whoever comes after him decides."""
    old = world.scored(FAST=NO)
    amended = world.do(
        amend, world.bob, inspection_id=old, answers=answers(HELLO=NO), reason="Heard again."
    )
    newer = world.do(
        amend,
        world.seeded.administrator,
        inspection_id=amended,
        answers=answers(HELLO=NO, FAST=NO),
        reason="And again.",
    )
    appeal_id = world.do(
        raise_appeal, world.charlie, inspection_id=newer, reasons={"HELLO": "I did."}
    )
    for who in (world.bob, world.seeded.administrator):
        with pytest.raises(NotAllowed, match="own score"):
            decide(world, who, appeal_id, FAST=NO)
    with world.seeded.transaction() as session:
        make_user(session, "dana", Role.QUALITY_MANAGER)
        dana = identity(session, "dana")
    decide(world, dana, appeal_id, FAST=NO)


def test_nobody_puts_anothers_work_aside(world):
    carol = world.inspector("carol")
    with world.seeded.transaction() as session:
        assignment = session.get_one(Assignment, world.task)
        with pytest.raises(NotAllowed, match="not in your queue"):
            skip(session, who=carol, assignment=assignment, reason="no time", now=NOW)
        assert assignment.state == "open"
