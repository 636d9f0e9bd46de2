"""What one case shows to whom, and that opening it is noted, on both databases."""

from __future__ import annotations

import pytest

from core.access import Role
from core.errors import NotFound
from db.cases.queries.case import case
from db.cases.queries.case_filter import CaseFilter
from db.cases.queries.cases import cases
from db.cases.services import open_case
from db.encounters.models import Interaction
from db.inspection.models import Inspection
from db.inspection.services import amendments
from db.inspection.services.drafts import Work
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.results.services.acknowledgements import acknowledge
from db.store.models import AuditEvent
from tests.factories import identity, make_assignment, make_user
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, PIN, answers


def test_a_case_shows_encounter_answers_evidence_and_score(world, trainer):
    inspection_id = world.scored(evidence=[PIN], HELLO=NO | {"note": "No greeting."})
    view = world.one(lambda session: case(session, trainer, inspection_id))
    assert [turn.speaker for turn in view.turns] == ["customer", "agent", "customer", "agent"]
    assert view.turns[1].text == "您好，很高興為您服務，請問您的訂位代號是？"
    [pin] = view.pins
    assert (pin.item_key, pin.turn_position, pin.start_offset, pin.end_offset) == ("HELLO", 2, 0, 3)
    assert view.answers["HELLO"].note == "No greeting."
    assert view.sheet.score == pytest.approx(80)
    assert (view.version, view.state, view.newer, view.own) == (1, "valid", None, False)


def test_evidence_comes_in_the_order_of_the_encounter(world, trainer):
    pins = [
        {"item_key": "NAME", "note": "nowhere in it"},
        {"item_key": "HELLO", "turn_position": 3},
        {"item_key": "HELLO", "turn_position": 2, "start_offset": 4, "end_offset": 6},
        {"item_key": "HELLO", "turn_position": 2},
    ]
    inspection_id = world.scored(evidence=pins, HELLO=NO)
    view = world.one(lambda session: case(session, trainer, inspection_id))
    assert [(pin.turn_position, pin.start_offset) for pin in view.pins] == [
        (2, None),
        (2, 4),
        (3, None),
        (None, None),
    ]


def test_who_is_to_score_an_encounter_sees_no_other_score_of_it_first(world, trainer):
    """Dora inspects and manages quality; she has the second scoring of alice's call to do."""
    inspection_id = world.scored(HELLO=NO)
    with world.seeded.transaction() as session:
        make_user(session, "dora", Role.INSPECTOR, Role.QUALITY_MANAGER)
        dora = identity(session, "dora")
        call = session.get_one(Inspection, inspection_id).interaction_id
        task = make_assignment(
            session,
            interaction=session.get_one(Interaction, call),
            inspector=dora,
            checklist_version_id=world.version_id,
            purpose="second",
        ).id

    def listed(who):
        page = world.one(lambda session: cases(session, who, CaseFilter()))
        return [row.inspection_id for row in page.rows]

    assert listed(world.bob) == [inspection_id]
    assert listed(dora) == []
    with pytest.raises(NotFound, match="yourself first"):
        world.one(lambda session: case(session, dora, inspection_id))
    world.do(submit, dora, task=ASSIGNED.task(task), version=0, work=Work(answers()))
    assert listed(dora) == [inspection_id]
    view = world.one(lambda session: case(session, dora, inspection_id))
    assert view.sheet.score == pytest.approx(80)


def test_names_of_inspectors_are_for_those_who_manage_quality(world, trainer):
    inspection_id = world.scored(HELLO=NO)
    for who, name in ((world.bob, "Alice"), (trainer, ""), (world.charlie, "")):
        assert world.one(lambda session, who=who: case(session, who, inspection_id)).inspector == (
            name
        )


def test_history_follows_every_amendment_to_the_newest_row(world, trainer):
    first = world.scored(HELLO=NO, NAME=NO)
    amend = {"reason": "The name was given."}
    second = world.do(
        amendments.amend, world.bob, inspection_id=first, answers=answers(HELLO=NO), **amend
    )
    third = world.do(
        amendments.amend, world.bob, inspection_id=second, answers=answers(), reason="And hello."
    )
    view = world.one(lambda session: case(session, world.bob, third))
    assert [(c.kind, c.reason, c.by, c.old_score) for c in view.changes] == [
        ("amend", "The name was given.", "Bob", pytest.approx(60)),
        ("amend", "And hello.", "Bob", pytest.approx(80)),
    ]
    old = world.one(lambda session: case(session, trainer, first))
    assert (old.state, old.newer, [c.by for c in old.changes]) == ("amended", second, [""])


def test_staff_read_their_own_result_and_no_other(world):
    own, other = world.scored(HELLO=NO), world.scored(staff=world.staff())
    view = world.one(lambda session: case(session, world.charlie, own))
    assert (view.own, view.inspector) == (True, "")
    with pytest.raises(NotFound):
        world.one(lambda session: case(session, world.charlie, other))
    world.do(acknowledge, world.charlie, inspection_id=own, comment="Understood.")
    view = world.one(lambda session: case(session, world.charlie, own))
    assert (view.acknowledged_at, view.comment) == (NOW, "Understood.")


def test_opening_a_case_is_written_to_the_audit_log(world, trainer):
    inspection_id = world.scored()
    world.do(open_case, trainer, inspection_id=inspection_id, how="preview")
    seen = world.all(AuditEvent.user_id, AuditEvent.action, AuditEvent.object_id)
    assert (trainer.user_id, "preview", str(inspection_id)) in seen


def test_a_refused_opening_reads_nothing_and_a_failed_log_shows_nothing(world):
    inspection_id = world.scored()
    with pytest.raises(NotFound):
        world.do(open_case, world.alice, inspection_id=inspection_id)
    assert "view" not in [row.action for row in world.all(AuditEvent.action)]


def test_a_record_shows_its_own_fields(world, trainer):
    call = {"channel": "record", "attributes": {"order": "<b>7</b>"}, "turns": ()}
    made = world.scored(call=call)
    view = world.one(lambda session: case(session, trainer, made))
    assert (view.facts, view.turns) == ({"order": "<b>7</b>"}, ())
