"""Encounters whose customer refuses: closed to every reader, and open again when that changes.

The readers are found in the source (tests.support.house.readers). A new one fails here until it
stands
in CLOSED, with a call that is tried, in HANDING_ON or in BESIDES, with the reason why not.
"""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from core.errors import InvalidInput, PortalError
from core.inspection.picture import read_picture
from core.periods import Period
from core.training import Question
from db.appeals.services.decisions import decide_appeal
from db.cases import services as opening
from db.cases.queries import case, case_rows, case_search, cases, similar, station_evidence
from db.cases.queries.case_filter import CaseFilter
from db.checklists.models import ChecklistVersion
from db.encounters.models import Interaction
from db.encounters.queries import encounter
from db.inspection import inspection_export
from db.inspection.queries import coverage, desk, queue, who_may_see
from db.inspection.queries.desk import DraftState
from db.inspection.queries.sampling_frame import sampling_frame
from db.inspection.services import assignments, drafts, submission
from db.inspection.services import photos as photo_services
from db.inspection.services.amendments import amend
from db.inspection.services.assignments import Task
from db.inspection.services.drafts import Work
from db.inspection.services.observations import Observation, begin_observation
from db.people.models import Staff, Station
from db.results.queries import stations
from db.safekeeping.services.disclosure import disclose_customer, disclose_staff
from db.safekeeping.services.unmasking import unmask
from db.store.session import transaction
from db.teaching.models import PracticeRound
from db.teaching.queries import case_sets, practice, practice_attempts, practice_desk
from db.teaching.queries import practice_attempts as practice_answers
from db.teaching.services import handouts, lessons, practice_work
from db.teaching.services import practice as rounds
from db.teaching.services.lessons import Lesson
from db.training.models import TrainingCourse
from db.training.queries import exam_bank
from pages.ui.inspection.pad.texts import texts
from pages.ui.kit import wiring
from pages.web.routes import routes
from tests.factories import make_assignment, version_of
from tests.support.appeals.appealing import appeals, raised
from tests.support.clock import NOW
from tests.support.house import readers
from tests.support.house.refusing import DRAFTED, PHOTO, WORD, Refusing, speaks
from tests.support.house.routes import portal_client, signed_in
from tests.support.importing.files import KEYS, Desk, call, jsonl
from tests.support.inspection.inspecting import answers
from tests.support.inspection.pads import portal_key
from tests.support.inspection.pictures import photo
from tests.support.teaching.case_sets import shown
from tests.support.teaching.practising import TERMS

MONTH = NOW.year * 100 + NOW.month
WORK = Work(answers(), [], "new")


def _part(it, session):
    version = session.get_one(ChecklistVersion, it.world.version_id)
    return stations.Slice(Period(200001, 209912), version.checklist_id)


def _encounter(it, session):
    row = session.execute(
        select(*encounter.ENCOUNTER)
        .join(Station, Station.id == Interaction.station_id)
        .where(Interaction.id == it.seen)
    ).one()
    return encounter.encounter_of(session, row)


def _attempt(it, session):
    """Cases that are still to be scored."""
    round_ = session.get_one(PracticeRound, it.round)
    [attempt] = practice_attempts.attempts(session, round_, [it.irma.user_id])[it.irma.user_id]
    return attempt.open


def _question(it):
    return [Question("case", str(it.member), (str(it.member),), 0)]


def _tasks(it, session):
    rows = practice.own_rounds(session, it.irma), practice.rounds(session, it.tina)
    return [row.tasks - row.done for row in (rows[0][0], rows[1][0])]


def _assigned(it, session):
    task = Task(it.irma.user_id, it.world.version_id, NOW.date())
    common = {"who": it.bob, "task": task, "now": NOW}
    return [
        bool(assignments.assign(session, interaction_id=each, **common))
        for each in (it.seen, it.waiting)
    ]


# What each gives of the encounters: something with the word in it, True, or a number above 0.
CLOSED = {
    "inspection.inspection_export.inspections": lambda it, s: list(
        inspection_export.inspections(s)
    ),
    "cases.queries.case.case": lambda it, s: case.case(s, it.bob, it.inspection),
    "cases.queries.case_rows.rows_of": lambda it, s: case_rows.rows_of(s, it.bob, [it.inspection]),
    "cases.queries.case_search.texts_of": lambda it, s: case_search.texts_of(s, [it.inspection]),
    "teaching.queries.case_sets.case_sets": lambda it, s: case_sets.case_sets(s, it.tina)[0].cases,
    "teaching.queries.case_sets.case_set": lambda it, s: case_sets.case_set(s, it.tina, it.set_id),
    "inspection.queries.coverage.waiting": lambda it, s: bool(coverage.waiting(s, it.bob)),
    "inspection.queries.desk.desk": lambda it, s: desk.desk(s, it.alice, it.begun_task),
    "inspection.queries.desk.recording": lambda it, s: bool(desk.recording(s, it.alice, it.seen)),
    "encounters.queries.encounter.encounter_of": _encounter,
    "training.queries.exam_bank.bank_of": lambda it, s: exam_bank.bank_of(
        s, s.get_one(TrainingCourse, it.course)
    ),
    "training.queries.exam_bank.wording": lambda it, s: exam_bank.wording(s, _question(it)),
    "inspection.queries.who_may_see.is_own_photo": lambda it, s: who_may_see.is_own_photo(
        s, it.alice, DRAFTED
    ),
    "inspection.queries.who_may_see.is_own_photo of a case": lambda it, s: (
        who_may_see.is_own_photo(s, it.bob, PHOTO) is not None
    ),
    "teaching.queries.practice.next_task": lambda it, s: practice.next_task(s, it.irma, it.round),
    "teaching.queries.practice.own_rounds": lambda it, s: _tasks(it, s)[0],
    "teaching.queries.practice.rounds": lambda it, s: _tasks(it, s)[1],
    "teaching.queries.practice_attempts.answer_pairs": lambda it, s: practice_answers.answer_pairs(
        s, it.sam, it.round, [it.tasks["sam"]]
    ),
    "teaching.queries.practice_attempts.attempts": _attempt,
    "teaching.queries.practice_desk.practice_desk": lambda it, s: practice_desk.practice_desk(
        s, it.irma, it.tasks["irma"]
    ),
    "cases.queries.similar.similar_cases": lambda it, s: similar.similar_cases(s, it.bob, it.other),
    "cases.queries.station_evidence.proven_losses": lambda it, s: station_evidence.proven_losses(
        s, it.bob, _part(it, s), it.world.seeded.station_id
    ),
    "inspection.queries.queue.queue": lambda it, s: bool(queue.queue(s, it.alice)),
    "inspection.services.assignments.hand_over": lambda it, s: (
        assignments.hand_over(
            s, who=it.bob, inspector_id=it.alice.user_id, reason="ill", begun=True, now=NOW
        ).moved
    ),
    "inspection.services.drafts.save_draft": lambda it, s: (
        drafts.save_draft(
            s, who=it.alice, assignment_id=it.begun_task, version=1, work=WORK, now=NOW
        ).version
    ),
    "inspection.services.submission.submit": lambda it, s: (
        submission.submit(
            s, who=it.alice, assignment_id=it.begun_task, version=1, work=WORK, now=NOW
        ).inspection_id
    ),
    "teaching.services.lessons.save_lesson": lambda it, s: lessons.save_lesson(
        s, who=it.tina, member_id=it.member, opened=Lesson(), lesson=Lesson("x"), now=NOW
    ),
    "inspection.services.photos.add_photo": lambda it, s: bool(
        photo_services.add_photo(
            s,
            who=it.alice,
            assignment_id=it.begun_task,
            name=uuid4().hex,
            picture=read_picture(photo()),
            now=NOW,
        )
    ),
    "teaching.services.practice.admit": lambda it, s: (
        rounds.admit(s, who=it.tina, round_id=it.round, user_ids=[it.dan.user_id], now=NOW) is None
    ),
    "teaching.services.practice.open_round": lambda it, s: rounds.open_round(
        s,
        who=it.tina,
        version_id=it.version,
        terms=TERMS,
        user_ids=[it.irma.user_id],
        now=NOW,
    ),
    "teaching.services.practice_work.save_task": lambda it, s: (
        practice_work.save_task(
            s, who=it.irma, task_id=it.tasks["irma"], version=1, work=WORK, now=NOW
        ).version
    ),
    "teaching.services.practice_work.submit_task": lambda it, s: (
        practice_work.submit_task(
            s, who=it.irma, task_id=it.tasks["irma"], version=1, work=WORK, now=NOW
        )
        is None
    ),
    # These read through others; what they give a person is looked at all the same.
    "cases.queries.cases.cases": lambda it, s: cases.cases(s, it.bob, CaseFilter()),
    "cases.queries.cases.cases by word": lambda it, s: cases.cases(
        s, it.bob, CaseFilter(words=WORD)
    ),
    "cases.queries.cases.summary by word": lambda it, s: (
        cases.summary(s, it.bob, CaseFilter(words=WORD), 60.0).count
    ),
    "cases.queries.case.case as one's own": lambda it, s: case.case(s, it.charlie, it.inspection),
    "inspection.queries.queue.next_assignment": lambda it, s: queue.next_assignment(s, it.alice),
    "inspection.queries.queue.load": lambda it, s: queue.load(s, it.alice, today=NOW.date()).open,
    "inspection.queries.sampling_frame.sampling_frame": lambda it, s: len(
        sampling_frame(s, MONTH, ["phone"])
    ),
    "inspection.services.assignments.assign": lambda it, s: _assigned(it, s)[0],
    "cases.services.open_case": lambda it, s: opening.open_case(
        s, who=it.bob, inspection_id=it.inspection, now=NOW, how="print"
    ),
    "teaching.services.handouts.open_handout": lambda it, s: handouts.open_handout(
        s, who=it.tina, version_id=it.version, how="present", now=NOW
    ),
    "safekeeping.services.unmasking.unmask": lambda it, s: unmask(
        s, KEYS, who=it.bob, inspection_id=it.inspection, purpose="to call back", now=NOW
    ),
}

# They give what is stored to other functions, whoever's it is: whoever calls them is a reader.
HANDING_ON = {
    "encounters.queries.encounter.facts_of",
    "inspection.queries.pins.pin_of",
    "inspection.queries.pins.pins_of",
    "teaching.queries.practice_attempts.reference_answers",
    "encounters.search_index.candidates",
    "teaching.services.case_sets.members_of",
    "inspection.services.drafts.stored_work",
    "inspection.services.drafts.photos_of",
    "teaching.services.practice_work.own_task",
    "safekeeping.services.unmasking.clear_values",
}

_FIGURES = "figures only, and they stay"
_STORES = "stores or deletes, and tells nobody"
_OPTIONS = "which options were chosen; their words are those of `wording`"
_GIVEN = "reads nothing; what it is called with comes from a closed reader"
_ORDER = "the place in a set, not what is written there"
_PERSONAL = "a person is given, or made to be forgotten, what is stored of them"
BESIDES = {
    "appeals.rules.sheet_of": _FIGURES,
    "safekeeping.database_key.keys_for": "whether a stored cipher opens, not what it says",
    "inspectors.double_scorings.scored": _FIGURES,
    "inspection.derived_figures.store_evidence": _STORES,
    "importing.encounter_changes.StoredEncounters": _STORES,
    "importing.encounter_changes.read_stored": _STORES,
    "importing.inspection_lookups.look_up": _STORES,
    "importing.interactions.Interactions": _STORES,
    "importing.personal_data.store_spans": _STORES,
    "training.results_workbook.import_results": "notes on people in training, not on encounters",
    "inspection.observation_workbook_reading.Workbook": "what is handed in, not what is stored",
    "checklists.queries.versions.past_inspections": _FIGURES,
    "safekeeping.personal_texts.count": _STORES,
    "safekeeping.personal_texts.read": "for erasing, and giving out to the person",
    "safekeeping.personal_texts.rewrite": _STORES,
    "cases.queries.case.without_names": _GIVEN,
    "teaching.queries.case_sets.set_without_names": _GIVEN,
    "encounters.queries.encounter.without_names": _GIVEN,
    "training.queries.exam_bank.kept_answers": _OPTIONS,
    "teaching.services.case_sets.issue": "counts the cases that are open to use",
    "training.services.exams.keep_answer": _OPTIONS,
    "teaching.services.lessons.lesson_of": _GIVEN,
    "training.queries.courses.roster": "notes on people in training, not on encounters",
    "upkeep.rescore.rescore": _FIGURES,
    "safekeeping.key_rotation.renew": _STORES,
    "safekeeping.remasking.remask": _STORES,
    "safekeeping.retention.Keeper": _STORES,
    "safekeeping.retention.retain": _STORES,
    "safekeeping.erasure_traces.clean": _STORES,
    "encounters.search_index.forget": _STORES,
    "encounters.search_index.index_interactions": _STORES,
    "encounters.search_index.index_notes": _STORES,
    "cases.queries.case_search.ids_with_words": "what the index names is read through `texts_of`",
    "inspection.services.amendments.amend": "scores anew; the words stay stored, unseen",
    "inspection.services.amendments.void": _STORES,
    "appeals.services.decisions.decide_appeal": "as `amend`",
    "inspection.services.assignments.skip": _STORES,
    "training.services.attendance.record_results": "notes on people in training, not on encounters",
    "teaching.services.case_sets.draft_of": _ORDER,
    "safekeeping.services.disclosure.disclose_customer": _PERSONAL,
    "safekeeping.services.disclosure.disclose_staff": _PERSONAL,
    "inspection.services.drafts.masked_work": "what arrives, not what is stored",
    "safekeeping.services.erasure.erase_pseudonym": _PERSONAL,
    "safekeeping.services.erasure.erase_staff_member": _PERSONAL,
    "training.services.exams.hand_in": "which options were chosen",
    "inspection.services.observation_workbooks.hand_in": "begins the observation first, which asks",
    "teaching.services.withdrawal.leave_sets": _STORES,
    "teaching.services.lessons.add_cases": "opens the case first; refusing is tested with the sets",
    "teaching.services.lessons.move": _ORDER,
    "teaching.services.lessons.remove": _ORDER,
    "inspection.services.photos.drop_lost": _STORES,
    "inspection.services.photos.drop_photos": _STORES,
    "inspection.services.photos.unknown": _STORES,
    "inspection.services.drafts.checked_pins": "what arrives, not what is stored",
    "teaching.services.practice.retake": "gives the cases that `admit` gives",
    "teaching.services.practice_work.checklist_for": "the checklist",
    "teaching.services.practice_work.open_task": "notes an opening, unless it is closed",
    "safekeeping.services.scrubbing.scrub_encounter": _PERSONAL,
}


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
    closed = it.world.one(lambda s: desk.desk(s, it.alice, it.begun_task))
    assert (closed.state, closed.draft, closed.encounter.turns) == ("withdrawn", DraftState(), ())
    it.say(consent=True)
    found = it.world.one(lambda s: desk.desk(s, it.alice, it.begun_task))
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
    "/api/pad/{assignment:int}/state": ("alice", "begun_task"),
    "/api/photo/{name:str}": ("bob", "photo"),
    "/api/practice/{task:int}/state": ("irma", "task"),
    "/api/recording/{interaction:int}": ("alice", "seen"),
    "/print/inspection/{inspection_id:int}": ("bob", "inspection"),
    "/case-set/{version_id:int}/handout": ("tina", "version"),
    "/case-set/{version_id:int}/present": ("tina", "version"),
}
ACCEPTING = {
    "/api/pad/{assignment:int}/save": ("alice", "begun_task"),
    "/api/pad/{assignment:int}/submit": ("alice", "begun_task"),
    "/api/pad/{assignment:int}/photo": ("alice", "begun_task"),
    "/api/practice/{task:int}/save": ("irma", "task"),
    "/api/practice/{task:int}/submit": ("irma", "task"),
}
NOTHING_OF_IT = {
    "/assets/modules/{digest}/{name:path}": "scripts",
    "/assets/texts/{language}.json": "the portal's own texts",
    "/api/pad/{assignment:int}/ledger": "how a score comes about, without words",
    "/api/practice/{task:int}/ledger": "how a score comes about, without words",
    "/api/pad/{assignment:int}/skip": "puts work aside, and shows the next",
    "/api/imports/{batch:int}/refused.csv": "what was not taken up",
    "/api/import/{kind}": "takes up files",
    "/api/import/{job}": "the counts of an import",
    "/api/import/{job}/refused.csv": "what was not taken up",
}


@pytest.fixture
def browsed(wired, tmp_path):
    portal_key(tmp_path, KEYS)
    it = Refusing(wired)
    it.photo, it.task = PHOTO, it.tasks["irma"]
    (tmp_path / "recordings/calls").mkdir(parents=True)
    (tmp_path / "recordings/calls/1.wav").write_bytes(WORD.encode())
    wiring.photo_files().write(PHOTO, WORD.encode())
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
    said = asked(browsed, "/api/pad/{assignment:int}/state", WORDS_OF).json()
    assert (said["state"], said["next"]) == ("withdrawn", browsed.world.task)
    assert "draft" not in said
    assert texts()[said["state"]].startswith("The customer has withdrawn consent")
