"""Every reader of an encounter, as tests.support.house.readers finds them in the source.

CLOSED are tried by tests/integration/encounters/test_consent.py; the others have their reason.
"""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import select

from core.inspection.picture import read_picture
from core.periods import Period
from core.training import Question
from db.cases import services as opening
from db.cases.queries import case, case_rows, case_search, cases, similar, station_evidence
from db.cases.queries.case_filter import CaseFilter
from db.checklists.models import ChecklistVersion
from db.encounters.models import Interaction
from db.encounters.queries import encounter
from db.inspection import inspection_export
from db.inspection.queries import coverage, desk, encounter_list, queue, who_may_see
from db.inspection.queries.sampling_frame import sampling_frame
from db.inspection.services import assignments, drafts, submission
from db.inspection.services import photos as photo_services
from db.inspection.services.assignments import Task
from db.inspection.services.drafts import Work
from db.inspection.tasks import ASSIGNED
from db.people.models import Station
from db.results.queries import stations
from db.safekeeping.services.unmasking import unmask
from db.teaching.models import PracticeRound
from db.teaching.queries import case_sets, practice, practice_attempts
from db.teaching.queries import practice_attempts as practice_answers
from db.teaching.services import handouts, lessons
from db.teaching.services import practice as rounds
from db.teaching.services.lessons import Lesson
from db.teaching.tasks import PRACTISED
from db.training.models import TrainingCourse
from db.training.queries import exam_bank, own_questions, question_bank, usable_case_sets
from tests.support.clock import NOW
from tests.support.house.refusing import DRAFTED, PHOTO, WORD
from tests.support.importing.files import KEYS
from tests.support.inspection.inspecting import answers
from tests.support.inspection.pictures import photo
from tests.support.teaching.practising import TERMS

MONTH = NOW.year * 100 + NOW.month
WORK = Work(answers(), [], "new")


def _done(service, session, **named):
    """True once the service has done its work, of which it gives nothing back."""
    service(session, **named)
    return True


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
    "inspection.queries.coverage.overdue": lambda it, s: bool(
        coverage.overdue(
            s, it.bob, since=NOW.date().replace(year=2025), today=NOW.date().replace(year=2027)
        )
    ),
    "inspection.queries.coverage.waiting": lambda it, s: bool(coverage.waiting(s, it.bob)),
    "inspection.queries.encounter_list.encounters": lambda it, s: bool(
        encounter_list.encounters(
            s, it.bob, encounter_list.EncounterFilter(words=WORD, inspected=None)
        ).rows
    ),
    "inspection.queries.encounter_list.open_assignments": lambda it, s: bool(
        encounter_list.open_assignments(s, it.bob)
    ),
    "inspection.queries.desk.desk": lambda it, s: desk.desk(
        s, it.alice, ASSIGNED.task(it.begun_task)
    ),
    "inspection.queries.desk.recording": lambda it, s: bool(desk.recording(s, it.alice, it.seen)),
    "encounters.queries.encounter.encounter_of": _encounter,
    "training.queries.exam_bank.bank_of": lambda it, s: exam_bank.bank_of(
        s, s.get_one(TrainingCourse, it.course)
    ),
    "training.queries.exam_bank.wording": lambda it, s: exam_bank.wording(s, _question(it)),
    "training.queries.own_questions.own_wording": lambda it, s: own_questions.own_wording(
        s, [it.question]
    ),
    "training.queries.own_questions.choices_of": lambda it, s: len(
        own_questions.choices_of(s, it.course).own
    ),
    "training.queries.own_questions.evidence_cases": lambda it, s: len(
        own_questions.evidence_cases(s, it.tina)
    ),
    "training.queries.question_bank.question_bank": lambda it, s: (
        question_bank.question_bank(s, it.tina, it.course).wording.own
    ),
    "training.queries.question_bank.written_question": lambda it, s: question_bank.written_question(
        s, it.tina, it.question
    ),
    "training.queries.usable_case_sets.askable_sets": lambda it, s: sum(
        each.askable for each in usable_case_sets.askable_sets(s, it.tina, [it.set_id])
    ),
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
    "inspection.queries.desk.desk of a practice": lambda it, s: desk.desk(
        s, it.irma, PRACTISED.task(it.tasks["irma"])
    ),
    "cases.queries.similar.similar_cases": lambda it, s: similar.similar_cases(s, it.bob, it.other),
    "cases.queries.station_evidence.proven_losses": lambda it, s: station_evidence.proven_losses(
        s, it.bob, _part(it, s), it.world.seeded.station_id
    ),
    "inspection.queries.queue.queue_choices": lambda it, s: bool(
        queue.queue_choices(s, it.alice).channels
    ),
    "inspection.queries.queue.queue": lambda it, s: bool(queue.queue(s, it.alice)),
    "inspection.services.assignments.hand_over": lambda it, s: (
        assignments.hand_over(
            s, who=it.bob, inspector_id=it.alice.user_id, reason="ill", begun=True, now=NOW
        ).moved
    ),
    "inspection.services.drafts.save_draft": lambda it, s: (
        drafts.save_draft(
            s, who=it.alice, task=ASSIGNED.task(it.begun_task), version=1, work=WORK, now=NOW
        ).version
    ),
    "inspection.services.submission.submit": lambda it, s: (
        submission.submit(
            s, who=it.alice, task=ASSIGNED.task(it.begun_task), version=1, work=WORK, now=NOW
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
    "teaching.services.practice.admit": lambda it, s: _done(
        rounds.admit, s, who=it.tina, round_id=it.round, user_ids=[it.dan.user_id], now=NOW
    ),
    "teaching.services.practice.open_round": lambda it, s: rounds.open_round(
        s,
        who=it.tina,
        version_id=it.version,
        terms=TERMS,
        user_ids=[it.irma.user_id],
        now=NOW,
    ),
    "inspection.services.drafts.save_draft of a practice": lambda it, s: (
        drafts.save_draft(
            s,
            who=it.irma,
            task=PRACTISED.task(it.tasks["irma"]),
            version=1,
            work=WORK,
            now=NOW,
        ).version
    ),
    "inspection.services.submission.submit of a practice": lambda it, s: bool(
        submission.submit(
            s,
            who=it.irma,
            task=PRACTISED.task(it.tasks["irma"]),
            version=1,
            work=WORK,
            now=NOW,
        )
    ),
    # These read through others; what they give a person is looked at all the same.
    "cases.queries.cases.cases": lambda it, s: cases.cases(s, it.bob, CaseFilter()),
    "cases.queries.cases.cases by word": lambda it, s: cases.cases(
        s, it.bob, CaseFilter(words=WORD)
    ),
    "cases.queries.cases.cases_by_number": lambda it, s: cases.cases_by_number(
        s, it.bob, s.get_one(Interaction, it.seen).external_id
    ),
    "cases.queries.cases.summary by word": lambda it, s: (
        cases.summary(s, it.bob, CaseFilter(words=WORD), 60.0).count
    ),
    "cases.queries.case.case as one's own": lambda it, s: case.case(s, it.charlie, it.inspection),
    "inspection.queries.queue.next_assignment": lambda it, s: queue.next_assignment(s, it.alice),
    "inspection.queries.queue.load": lambda it, s: queue.load(s, it.alice, today=NOW.date()).open,
    "inspection.queries.sampling_frame.sampling_frame": lambda it, s: len(
        sampling_frame(s, MONTH, lambda kind: "phone")
    ),
    "inspection.services.assignments.assign": lambda it, s: _assigned(it, s)[0],
    "cases.services.open_case": lambda it, s: opening.open_case(
        s, who=it.bob, inspection_id=it.inspection, now=NOW, how="print"
    ),
    "teaching.services.handouts.open_handout": lambda it, s: handouts.open_handout(
        s, who=it.tina, version_id=it.version, how="present", now=NOW
    ),
    "teaching.services.practice.open_answers": lambda it, s: rounds.open_answers(
        s, who=it.tina, round_id=it.round, task_ids=[it.tasks["sam"]], now=NOW
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
    "safekeeping.services.unmasking.clear_values",
}

_FIGURES = "figures only, and they stay"
_STORES = "stores or deletes, and tells nobody"
_FILE = "a complaint or work order, which is no encounter"
_OPTIONS = "which options were chosen; their words are those of `wording`"
_GIVEN = "reads nothing; what it is called with comes from a closed reader"
_ORDER = "the place in a set, not what is written there"
_ARRIVES = "what arrives, not what is stored"
_KIND = "called through `desk`, `save_draft` and `submit`, which are tried for every kind of task"
_PERSONAL = "a person is given, or made to be forgotten, what is stored of them"
BESIDES = {
    "importing.service_files.told_events.check_alike": _FILE,
    "training.results_workbook.template": "what is noted of a training, of no encounter",
    "appeals.rules.sheet_of": _FIGURES,
    "safekeeping.database_key.keys_for": "whether a stored cipher opens, not what it says",
    "inspectors.double_scorings.scored": _FIGURES,
    "inspectors.services.answer_patterns.look_for_patterns": _FIGURES,
    "inspection.derived_figures.leave": _FIGURES,
    "inspection.derived_figures.reweigh": _FIGURES,
    "inspection.derived_figures.store_evidence": _STORES,
    "importing.encounter_changes.StoredEncounters": _STORES,
    "importing.recordings.taking_in.take_in": _STORES,
    "importing.recordings.taking_in.lacking_recordings": "names encounters that are open to use",
    "importing.encounter_changes.keep_used": _STORES,
    "importing.encounter_changes.read_stored": _STORES,
    "importing.inspection_lookups.look_up": _STORES,
    "importing.inspections.Inspections": _STORES,
    "importing.interactions.Interactions": _STORES,
    "importing.personal_data.store_spans": _STORES,
    "training.results_workbook.import_results": "notes on people in training, not on encounters",
    "inspection.observation_workbook_reading.Workbook": "what is handed in, not what is stored",
    "checklists.queries.versions.past_inspections": _FIGURES,
    "safekeeping.queries.own_record.own_record": "how many there are, and who opened them",
    "safekeeping.personal_texts.count": _STORES,
    "safekeeping.personal_texts.read": "for erasing, and giving out to the person",
    "safekeeping.personal_texts.rewrite": _STORES,
    "cases.queries.case.without_names": _GIVEN,
    "cases.queries.disagreements.disagreements": _OPTIONS,  # of a closed encounter
    "teaching.queries.case_sets.set_without_names": _GIVEN,
    "encounters.queries.encounter.without_names": _GIVEN,
    "training.queries.exam_bank.kept_answers": _OPTIONS,
    "teaching.services.case_sets.issue": "counts the cases that are open to use",
    "training.services.exams.keep_answer": _OPTIONS,
    "teaching.services.lessons.lesson_of": _GIVEN,
    "training.queries.courses.roster": "notes on people in training, not on encounters",
    "upkeep.rescore.rescore": _FIGURES,
    "safekeeping.key_rotation.check_all_open": "whether a stored cipher opens, not what it says",
    "safekeeping.key_rotation.renew": _STORES,
    "safekeeping.remasking.remask": _STORES,
    "safekeeping.retention.Keeper": _STORES,
    "safekeeping.retention.retain": _STORES,
    "safekeeping.erasure_traces.clean": _STORES,
    "encounters.search_index.forget": _STORES,
    "encounters.search_index.index_interactions": _STORES,
    "encounters.search_index.index_inspected": _STORES,
    "encounters.search_index.index_new": _STORES,
    "encounters.search_index.index_prepared": _STORES,
    "cases.queries.case_search.ids_with_words": "what the index names is read through `texts_of`",
    "inspection.services.assignments.reassign": _STORES,
    "inspection.services.giving.take_back": _STORES,
    "inspection.services.records.pass_record_on": _FIGURES,
    "inspection.services.amendments.amend": "scores anew; the words stay stored, unseen",
    "inspection.services.recall.recall": "stores a draft, which only `desk` shows",
    "appeals.services.decisions.decide_appeal": "as `amend`",
    "inspection.services.assignments.skip": _STORES,
    "training.services.attendance.record_results": "notes on people in training, not on encounters",
    "teaching.services.case_sets.draft_of": _ORDER,
    "safekeeping.services.disclosure.disclose_customer": _PERSONAL,
    "safekeeping.services.disclosure.disclose_staff": _PERSONAL,
    "inspection.services.drafts.Work": _ARRIVES,
    "inspection.services.drafts.checked_work": _ARRIVES,
    "inspection.services.drafts.stale": "of one's own draft; no route gives it out",
    "inspection.task_kinds.TaskKind": _KIND,
    "inspection.task_kinds.version_of_draft": "which checklist a draft is of",
    "inspection.tasks.AssignedTasks": _KIND,
    "teaching.tasks.PractisedTasks": _KIND,
    "safekeeping.services.erasure.erase_pseudonym": _PERSONAL,
    "safekeeping.services.erasure.erase_staff_member": _PERSONAL,
    "training.services.exams.hand_in": "which options were chosen",
    "training.services.exams.hand_in_late": "which options were chosen",
    "training.services.exam_questions.save_question": "asks `evidence_cases`, which is closed",
    "inspection.services.observation_workbooks.hand_in": "begins the observation first, which asks",
    "teaching.services.withdrawal.leave_sets": _STORES,
    "teaching.services.withdrawal.leave_as_voided": _STORES,
    "teaching.followers.go_on": _STORES,
    "teaching.services.lessons.add_cases": "opens the case first; refusing is tested with the sets",
    "teaching.services.lessons.move": _ORDER,
    "teaching.services.lessons.remove": _ORDER,
    "inspection.services.photos.drop_lost": _STORES,
    "inspection.services.photos.drop_photos": _STORES,
    "inspection.services.photos.unknown": _STORES,
    "teaching.queries.practice_items.checklists_of_set": "which checklists, of no encounter",
    "teaching.services.practice.retake": "gives the cases that `admit` gives",
    "safekeeping.services.scrubbing.scrub_encounter": _PERSONAL,
    "encounters.queries.encounter.recorded_of": _GIVEN,
    "encounters.search_index.reindex": _STORES,
    "files.closed_encounters.store_encounters": _STORES,
    "files.derived_columns.derive": _FILE,
    "files.reading.file_as_data": _FILE,
    "files.services.steps.strike_out": _FILE,
    "files.queries.file_list.files": _FILE,
    "files.queries.one_file.file_view": _FILE,
    "files.services.entering.enter_file": _FILE,
    "files.services.joining.note_answerable": _FILE,
    "files.services.telling.tell_of_files": _FILE,
    "files.writing.written": _FILE,
    "importing.service_files.files.Files": _FILE,
    "importing.service_files.told_events.fault": _FILE,
    "importing.service_files.told_events.stored_files": _FILE,
}
