"""Where a name could outlive its person: the log, filters, photos, training, packed files."""

from __future__ import annotations

import json

import pytest
import xlsxwriter
from sqlalchemy import select

from core.training import Reason
from db.cases.services import save_filter, saved_filters
from db.encounters.models import ImportBatch, Turn
from db.inspection.models import Assignment, Evidence, Photo
from db.inspection.services.amendments import amend
from db.inspection.services.assignments import skip
from db.inspectors.models import InspectorLean
from db.people.models import Staff
from db.safekeeping.services.disclosure import disclose_customer, disclose_staff
from db.safekeeping.services.erasure import erase_customer, erase_staff
from db.teaching.services.withdrawal import mark
from db.training.models import TrainingEnrolment
from db.training.services.attendance import AttendanceResult, enrol, record_results
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.inspection.inspecting import NO, answers
from tests.support.safekeeping.nora import NAME, REFERENCE, STAFF_NAME, STAFF_NO
from tests.support.teaching.case_sets import trainer
from tests.support.training.trainees import kept_course, opened

pytestmark = sqlite_only


def erase_charlotte(nora):
    with nora.world.seeded.transaction() as session:
        session.get_one(Staff, nora.world.seeded.staff_id).active = False
    return nora.erase(erase_staff, staff_no=STAFF_NO)


def assert_nowhere(nora, *values):
    whole = nora.everything()
    assert [value for value in values if value in whole] == []


def test_the_log_keeps_no_name_that_a_request_for_data_gave_as_its_reason(nora):
    with nora.world.seeded.transaction() as session:
        disclose_customer(
            session,
            nora.keys,
            who=nora.admin,
            reference=REFERENCE,
            reason=f"letter of {REFERENCE}, {NAME}",
            now=NOW,
        )
        why = f"letter of {STAFF_NAME}, {STAFF_NO}"
        disclose_staff(session, who=nora.admin, staff_no=STAFF_NO, reason=why, now=NOW)
    nora.erase(erase_customer, reference=REFERENCE)
    erase_charlotte(nora)
    assert_nowhere(nora, REFERENCE, NAME, STAFF_NAME, STAFF_NO)


def test_the_log_keeps_no_name_that_a_purpose_of_unmasking_gave(nora):
    nora.unmask(f"call {NAME} back")
    nora.erase(erase_customer, reference=REFERENCE)
    assert_nowhere(nora, NAME)


def test_the_log_keeps_no_name_of_staff_that_a_reason_gave(nora):
    world, why = nora.world, f"{STAFF_NAME} was right"
    task = world.assigned()
    with world.seeded.transaction() as session:
        skip(
            session,
            who=world.alice,
            assignment=session.get_one(Assignment, task),
            reason=why,
            now=NOW,
        )
    world.do(mark, nora.bob, inspection_id=nora.inspection, kind="use", reason=why)
    world.do(amend, nora.bob, inspection_id=nora.inspection, answers=answers(HELLO=NO), reason=why)
    erase_charlotte(nora)
    assert_nowhere(nora, STAFF_NAME)


def test_filters_that_look_for_the_person_go(nora):
    for name, words in (("mine", NAME), (f"about {STAFF_NAME}", STAFF_NAME), ("late", "延誤")):
        nora.world.do(save_filter, nora.bob, name=name, address={"words": words}, shared=True)
    nora.erase(erase_customer, reference=REFERENCE)
    erase_charlotte(nora)
    assert_nowhere(nora, NAME, STAFF_NAME)
    left = nora.world.one(lambda session: saved_filters(session, nora.bob))
    assert [row.address["words"] for row in left] == ["延誤"]


def test_the_list_of_imports_forgets_a_file_that_was_named_after_the_person(nora):
    with nora.world.seeded.transaction() as session:
        session.scalars(select(ImportBatch)).first().file_name = f"{STAFF_NAME} {REFERENCE}.csv"
    nora.erase(erase_customer, reference=REFERENCE)
    erase_charlotte(nora)
    assert_nowhere(nora, REFERENCE, STAFF_NAME)


def test_photos_that_show_the_member_of_staff_go(nora):
    with nora.world.seeded.transaction() as session:
        task = select(Assignment.id).order_by(Assignment.id.desc()).limit(1)
        photo = {"width": 1, "height": 1, "size": 1, "added_at": NOW}
        session.add(Photo(name="ab12", assignment_id=session.scalars(task).one(), **photo))
        session.flush()
        session.add(Evidence(inspection_id=nora.inspection, item_key="HELLO", photo="ab12"))
    path = nora.settings.var_dir / "photos/ab/ab12.jpg"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"a face")
    erase_charlotte(nora)
    assert not path.exists()
    assert nora.world.count(Photo) == 0
    assert nora.world.all(Evidence.photo) == [(None,)]


def test_what_trainers_noted_about_the_person_is_scrubbed_and_given_out_before(nora):
    world = nora.world
    trainer(world, "tina")
    with world.seeded.transaction() as session:
        run = opened(session, kept_course(session))
    world.do(enrol, nora.admin, run_id=run, staff={world.seeded.staff_id: Reason.CHOSEN})
    [(key,)] = world.all(TrainingEnrolment.id)
    told = [AttendanceResult(key, attended=True, note=f"{STAFF_NAME} came late")]
    world.do(record_results, nora.admin, run_id=run, results=told)
    with world.seeded.transaction() as session:
        given = disclose_staff(session, who=nora.admin, staff_no=STAFF_NO, reason="asked", now=NOW)
    assert [row["note"] for row in given["training"]] == [f"{STAFF_NAME} came late"]
    erase_charlotte(nora)
    assert_nowhere(nora, STAFF_NAME)


def test_what_stood_out_of_a_persons_scores_is_given_out_and_goes(nora):
    with nora.world.seeded.transaction() as session:
        lean = InspectorLean(
            user_id=nora.world.charlie.user_id,
            month=202604,
            facet="language",
            facet_value="en",
            own=40,
            own_others=60,
            colleagues=3,
            theirs=210,
            points=-4.2,
            low=-6.5,
            high=-1.9,
            looked_at=18,
            computed_at=NOW,
        )
        session.add(lean)
    with nora.world.seeded.transaction() as session:
        found = disclose_staff(session, who=nora.admin, staff_no=STAFF_NO, reason="asked", now=NOW)
    [account] = found["accounts"]
    assert [(row["facet_value"], row["points"]) for row in account["leans"]] == [("en", -4.2)]
    erase_charlotte(nora)
    assert nora.world.all(InspectorLean.id) == []


def test_a_name_goes_in_whatever_letters_it_was_written(nora):
    """The search of the portal finds all of these by one of them, so the erasure must too."""
    with nora.world.seeded.transaction() as session:
        session.get_one(Staff, nora.world.seeded.staff_id).name = "陳 Quillfeather"
        for turn in session.scalars(select(Turn)):
            turn.text = "陈 quillfeather, ｑuillfeather 陳 QUILLFEATHER quillfeathers"
    erase_charlotte(nora)
    texts = {text for (text,) in nora.world.all(Turn.text)}
    assert texts == {f"{'█' * 14}, ｑuillfeather {'█' * 14} quillfeathers"}


def packed(path):
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_string(0, 0, NAME)


def escaped(path):
    path.write_text(json.dumps({"value": NAME}))


def wide(path):
    path.write_text(NAME, encoding="utf-16")


@pytest.mark.parametrize("written", [packed, escaped, wide])
def test_working_files_go_in_which_the_name_stands_packed_or_escaped(nora, written):
    path = nora.settings.var_dir / "uploads/7/rows-1"
    written(path)
    other = path.with_name("rows-2")
    other.write_text("nobody")
    nora.erase(erase_customer, reference=REFERENCE)
    assert not path.exists()
    assert other.exists()
