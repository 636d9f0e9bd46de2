"""Encounters whose customer refuses: closed to every reader, and open again when that changes.

The readers are found in the source (tests.support.house.readers). A new one fails here until it
stands in tests.support.house.encounter_readers: in CLOSED, with a call that is tried, in HANDING_ON
or in BESIDES, with the reason why not.
"""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import update

from core.errors import InvalidInput, PortalError
from db.appeals.services.decisions import decide_appeal
from db.cases.queries import case
from db.encounters.models import Interaction
from db.inspection.queries import coverage, desk
from db.inspection.queries.desk import DraftState
from db.inspection.services.amendments import amend
from db.inspection.services.observations import Observation, begin_observation
from db.inspection.services.photos import photo_file
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff
from db.safekeeping.services.disclosure import disclose_customer, disclose_staff
from db.store.session import transaction
from db.teaching.queries import practice
from db.teaching.services import lessons
from db.teaching.services.lessons import Lesson
from pages.ui.inspection.pad.texts import texts
from pages.ui.kit import wiring
from pages.web.routes import routes
from tests.factories import make_assignment, version_of
from tests.support.appeals.appealing import appeals, raised
from tests.support.clock import NOW
from tests.support.house import readers
from tests.support.house.encounter_readers import BESIDES, CLOSED, HANDING_ON
from tests.support.house.refusing import PHOTO, WORD, Refusing, speaks
from tests.support.house.routes import portal_client, signed_in
from tests.support.importing.files import KEYS, Desk, call, jsonl
from tests.support.inspection.inspecting import answers
from tests.support.inspection.pads import portal_key
from tests.support.inspection.pictures import photo
from tests.support.teaching.case_sets import shown


@pytest.fixture
def it(world):
    it = Refusing(world)
    it.other = world.scored(HELLO={"value": "no"})
    return it


def given(it, name):
    """What a reader gives now; an error that a person may meet gives nothing."""
    with it.undone() as session:
        try:
            return speaks(CLOSED[name](it, session))
        except PortalError:
            return False


def test_every_reader_in_the_source_stands_in_the_tables():
    known = {name for name in CLOSED if " " not in name} | HANDING_ON | set(BESIDES)
    assert readers.readers(HANDING_ON) - known == set()
    assert set(BESIDES) - readers.readers(HANDING_ON) == set()


def test_a_reader_that_names_a_turn_or_a_recording_is_found(tmp_path):
    """Of three, the one that names neither is none."""
    path = tmp_path / "new.py"
    path.write_text(
        "from db.encounters.models import Turn\n"
        "_TURNS = select(Turn.text)\n"
        "def _said(session): return session.scalars(_TURNS)\n"
        "def digest(session): return _said(session)\n"
        "def sound(row): return row.recording\n"
        "def count(session): return session.scalar(select(func.count(Inspection.id)))\n"
    )
    assert set(readers.in_module(path, ())) == {"digest", "sound"}


@pytest.mark.parametrize("consent", [None, True])
def test_with_consent_or_without_a_word_on_it_every_reader_reads(it, consent):
    """Without this the next test could pass by calling nothing."""
    it.say(consent)
    assert [name for name in CLOSED if not given(it, name)] == []


def test_while_the_customer_refuses_no_reader_gives_anything(it):
    it.say(consent=False)
    assert [name for name in CLOSED if given(it, name)] == []


def test_what_was_refused_opens_again_as_it_was(it):
    it.say(consent=False)
    it.say(consent=True)
    assert [name for name in CLOSED if not given(it, name)] == []


def test_a_case_whose_customer_refuses_is_like_no_other(it):
    """The other case stays open and may be looked at; only the one beside it is not."""
    with it.world.seeded.transaction() as session:
        session.get_one(Interaction, it.seen).consent = False
    assert not given(it, "cases.queries.similar.similar_cases")
    assert it.world.one(lambda s: case.case(s, it.bob, it.other)).turns


def test_the_score_and_its_ledger_stay(it):
    """HELLO is half of the 40 points of the greeting: 80 are left, refused or not."""
    before = it.world.one(lambda s: case.case(s, it.charlie, it.inspection))
    it.say(consent=False)
    after = it.world.one(lambda s: case.case(s, it.charlie, it.inspection))
    assert (before.sheet.score, after.sheet) == (80, before.sheet)
    assert (before.closed, after.closed) == (False, True)
    assert it.world.derived() == it.world.rebuilt()


def test_figures_of_the_station_do_not_move(it):
    before = it.world.derived()
    it.say(consent=False)
    assert it.world.derived() == it.world.rebuilt() == before


def test_amending_a_closed_case_keeps_what_was_written_and_shows_none_of_it(it):
    """NAME is the other half of the greeting: 80 - 20."""
    it.say(consent=False)
    view = it.world.one(lambda s: case.case(s, it.dan, it.inspection))
    changed = {**view.raw_answers, "NAME": {"value": "no"}}
    new = it.world.do(
        amend, it.dan, inspection_id=it.inspection, answers=changed, reason="Heard again."
    )
    stored = it.world.inspection(new)
    assert (stored.score, stored.answers["HELLO"]["note"]) == (60, f"no word on the {WORD}")
    assert not speaks(it.world.one(lambda s: case.case(s, it.dan, new)))


def test_an_appeal_against_a_closed_case_is_decided_without_its_words(it):
    appeal_id = raised(it.world, it.inspection)
    it.say(consent=False)
    view = it.world.one(lambda s: case.case(s, it.dan, it.inspection))
    done = it.world.do(
        decide_appeal,
        it.dan,
        appeal_id=appeal_id,
        answers=dict(view.raw_answers),
        decisions={"HELLO": "It stands."},
    )
    assert done is None  # nothing changed, the hidden note least of all
    assert appeals(it.world)[0].state == "kept"


def test_open_work_waits_unseen_and_comes_back_with_its_draft(it):
    it.say(consent=False)
    closed = it.world.one(lambda s: desk.desk(s, it.alice, ASSIGNED.task(it.begun_task)))
    assert (closed.state, closed.draft, closed.encounter.turns) == ("withdrawn", DraftState(), ())
    it.say(consent=True)
    found = it.world.one(lambda s: desk.desk(s, it.alice, ASSIGNED.task(it.begun_task)))
    assert (found.state, found.draft.note) == ("open", f"the {WORD}")


def test_what_is_refused_counts_as_put_aside_and_not_as_overdue(it):
    """Alice has two open, one done for the set and one more: 4 drawn, 2 done."""
    asked = {"since": NOW.date().replace(year=2025), "today": NOW.date().replace(year=2027)}

    def row():
        return it.world.one(lambda s: coverage.by_inspector(s, it.bob, **asked))[0]

    assert (row().drawn, row().done, row().skipped, row().overdue) == (4, 2, 0, 2)
    it.say(consent=False)
    assert (row().drawn, row().done, row().skipped, row().overdue) == (4, 2, 2, 0)


def test_a_set_says_what_is_left_out_and_counts_what_is_there(it):
    it.say(consent=False)
    view = shown(it.world, it.tina, it.set_id)
    assert [(each.inspection_id, each.left_reason) for each in view.members] == [(None, "consent")]
    with pytest.raises(InvalidInput, match="withdrawn consent"):
        it.world.do(
            lessons.save_lesson,
            it.tina,
            member_id=it.member,
            opened=Lesson(),
            lesson=Lesson("x"),
        )
    it.say(consent=None)
    assert shown(it.world, it.tina, it.set_id).members[0].note == f"note {WORD}"


def test_a_practice_goes_on_without_the_case(it):
    """It was the only one: nothing is left to score, and sam's agreement stays."""
    it.say(consent=False)
    view = it.world.one(lambda s: practice.round_view(s, it.tina, it.round))
    states = {taker.name: taker.attempts[0].cases[0].state for taker in view.takers}
    assert states == {"Irma": "left", "Sam": "submitted"}
    sam = next(taker for taker in view.takers if taker.name == "Sam")
    assert sam.attempts[0].outcome is not None


def test_the_customer_and_the_staff_are_still_told_what_is_stored(it):
    it.say(consent=False)
    with it.world.seeded.transaction() as session:
        session.get_one(Interaction, it.seen).customer_ref = KEYS.pseudonym("C-1")
    admin = it.world.seeded.administrator
    with it.undone() as session:
        known = {"who": admin, "reason": "asked", "now": NOW}
        assert speaks(disclose_customer(session, KEYS, reference="C-1", **known))
        number = session.get_one(Staff, it.world.seeded.staff_id).staff_no
        assert speaks(disclose_staff(session, staff_no=number, **known))


def test_an_observation_whose_customer_refused_since_is_not_gone_on_with(world):
    key = "0123456789abcdef" * 2
    with world.seeded.reading() as session:
        version = version_of(session, "airport_counter")
    values = Observation(key, world.seeded.staff_id, version)
    world.do(begin_observation, world.alice, observation=values)
    with world.seeded.transaction() as session:
        session.execute(update(Interaction).values(consent=False))
    with pytest.raises(InvalidInput, match="withdrawn consent"):
        world.do(begin_observation, world.alice, observation=values)


@pytest.mark.parametrize("before", [None, True])
def test_an_import_closes_an_encounter_in_use_and_opens_it_again(seeded, tmp_path, before):
    files = Desk(seeded.engine, tmp_path)
    files.load("interactions", jsonl(call(consent=before)))
    with transaction(files.engine) as session:
        make_assignment(session, interaction=session.get_one(Interaction, 1))
    for consent in (False, True, False):
        updated_and_refused = files.counts("interactions", jsonl(call(consent=consent)))[3:]
        assert updated_and_refused == (1, 0)
        assert files.all(Interaction.consent) == [(consent,)]


# Every route with something of an encounter in its address, and who asks with which id.
WORDS_OF = {
    "/api/pad/{task:int}/state": ("alice", "begun_task"),
    "/api/photo/{name:str}": ("bob", "photo"),
    "/api/practice/{task:int}/state": ("irma", "task"),
    "/api/recording/{interaction:int}": ("alice", "seen"),
    "/print/inspection/{inspection_id:int}": ("bob", "inspection"),
    "/case-set/{version_id:int}/handout": ("tina", "version"),
    "/case-set/{version_id:int}/present": ("tina", "version"),
}
ACCEPTING = {
    "/api/pad/{task:int}/save": ("alice", "begun_task"),
    "/api/pad/{task:int}/submit": ("alice", "begun_task"),
    "/api/pad/{task:int}/photo": ("alice", "begun_task"),
    "/api/practice/{task:int}/save": ("irma", "task"),
    "/api/practice/{task:int}/submit": ("irma", "task"),
}
NOTHING_OF_IT = {
    "/training/certificate/{certificate:int}": "which course somebody passed",
    "/api/exam-picture/{name:str}": "a picture that a trainer chose",
    "/assets/modules/{digest}/{name:path}": "scripts",
    "/assets/texts/{language}.json": "the portal's own texts",
    "/api/pad/{task:int}/ledger": "how a score comes about, without words",
    "/api/practice/{task:int}/ledger": "how a score comes about, without words",
    "/api/pad/{task:int}/skip": "puts work aside, and shows the next",
    "/api/imports/{batch:int}/refused.csv": "what was not taken up",
    "/api/import/{kind}": "takes up files",
    "/api/import/{job}": "the counts of an import, and values that arrive",
    "/api/import/{job}/confirm": "takes up a file",
    "/api/import/{job}/refused.csv": "what was not taken up",
}


@pytest.fixture
def browsed(wired, tmp_path):
    portal_key(tmp_path, KEYS)
    it = Refusing(wired)
    it.photo, it.task = PHOTO, it.tasks["irma"]
    (tmp_path / "recordings/calls").mkdir(parents=True)
    (tmp_path / "recordings/calls/1.wav").write_bytes(WORD.encode())
    wiring.files().write(photo_file(PHOTO), WORD.encode())
    return it


def asked(it, path, table):
    user, name = table[path]
    client = portal_client()
    headers = signed_in(client, user)
    address = re.sub(r"\{.*\}", str(getattr(it, name)), path)
    if table is WORDS_OF:
        return client.get(address)
    if path.endswith("/photo"):
        return client.post(address, content=photo(), headers=headers)
    body = {"version": 1, "answers": answers(), "evidence": [], "note": "", "active_seconds": 0}
    return client.post(address, content=json.dumps(body), headers=headers)


def test_every_route_with_an_address_of_something_stands_in_a_table():
    with_ids = {route.path for route in routes if "{" in route.path}
    assert with_ids == WORDS_OF.keys() | ACCEPTING.keys() | NOTHING_OF_IT.keys()


@pytest.mark.parametrize("path", WORDS_OF)
def test_a_route_shows_the_words_only_while_the_customer_does_not_refuse(browsed, path):
    assert WORD in asked(browsed, path, WORDS_OF).text
    browsed.say(consent=False)
    assert WORD not in asked(browsed, path, WORDS_OF).text


@pytest.mark.parametrize("path", ACCEPTING)
def test_a_route_takes_nothing_in_while_the_customer_refuses(browsed, path):
    browsed.say(consent=False)
    refused = asked(browsed, path, ACCEPTING)
    assert (refused.status_code, "withdrawn consent" in refused.json()["error"]) == (422, True)
    browsed.say(consent=True)
    assert asked(browsed, path, ACCEPTING).status_code == 200


def test_the_pad_says_why_and_leads_on(browsed):
    """The call that was in alice's queue before is next."""
    with browsed.world.seeded.transaction() as session:
        session.get_one(Interaction, browsed.begun).consent = False
    said = asked(browsed, "/api/pad/{task:int}/state", WORDS_OF).json()
    assert (said["state"], said["next"]) == ("withdrawn", browsed.world.task)
    assert "draft" not in said
    assert texts()[said["state"]].startswith("The customer has withdrawn consent")
