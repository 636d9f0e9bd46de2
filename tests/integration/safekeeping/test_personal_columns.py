"""Every column of words is masked when stored, erased, given out and masked again, or says why not.

A new column of text fails here until it has a personal type or a line with its reason.
"""

from __future__ import annotations

import json

import pytest
from sqlalchemy import JSON, String, func, select, text, update

from core.safekeeping.masking import mask, masked
from db.encounters.models import Interaction
from db.inspection.models import Inspection
from db.inspection.services.drafts import Work
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff
from db.safekeeping import personal_texts
from db.safekeeping.remasking import remask
from db.safekeeping.services.disclosure import disclose_customer, disclose_staff
from db.safekeeping.services.erasure import erase_customer, erase_staff
from db.store.base import Model, PersonalJson, PersonalText
from db.teaching.models import PracticeTask, SavedFilter
from db.training.models import TrainingPlan
from tests.factories import make_assignment
from tests.support.clock import NOW
from tests.support.house.naming_everywhere import holding, name_everywhere, personal_columns
from tests.support.importing.files import call
from tests.support.inspection.inspecting import answers
from tests.support.safekeeping.labelled import shipped
from tests.support.safekeeping.nora import NAME, PHONE, REFERENCE, ROW, STAFF_NAME, STAFF_NO

OTHERS = {
    "codes, keys and states that the portal or a checklist defines": """
        event_name.event event_name.name
        clock_change.checklist clock_change.item_id clock_change.status
        file_limit.channel file_limit.kind file_limit.level file_limit.status file_limit.step
        station_target.measure given_measure.measure given_measure.source
        answer_pattern.basis inspector_lean.facet inspector_lean.facet_value
        improvement.cause improvement.kind improvement.measure improvement.subject
        improvement.subject_key improvement.told improvement.verdict
        warning.cause warning.rule warning.subject_key warning.told warning_rule.rule
        warning_sign.alarm warning_step.cause warning_step.deed
        draw_chance.channel sampling_plan.kind
        appeal_point.item_key appeal_point.outcome appeal_term.kind amendment.kind
        assignment.purpose assignment.sample_class assignment.stratum case_set_member.left_reason
        checklist.key checklist.origin clear_span.kind code_demand.role draft.kind
        evidence.item_key evidence.moment_kind exam_attempt.source
        exam_arrangement.kind exam_arrangement.level exam_arrangement.subject exam_question.item
        finding.effect finding.item_key
        file.business_line file.channel file.first_kind file.kind file.level file.severity
        file.answered file.handled file.told
        file.source file.state file.sub_topic file.topic file.cause file.finding file.emotion
        file.solution file_event.level file_event.source
        file_event.step finding.section_key inspection.band inspection.channel inspection.purpose
        inspection.business_line inspection.language inspection.post inspection.shift
        inspection.sample_class inspection.stratum interaction.business_line interaction.case_kind
        interaction.channel interaction.checklist interaction.language interaction.severity
        interaction.source retention_rule.kind retention_run.kind station_retention_rule.kind
        staff.post staff.uniform_variant
        standard_item.group standard_item.id station.kind station.timezone training_course.method
        training_enrolment.reason training_mark.kind training_plan_line.method training_run.method
        turn.speaker uploaded_file.slot user_account.language user_role.role""",
    "lists of such keys, or of ids": """
        file.marks file_event.absent station_hours.free_days station_hours.openings
        checklist_choice.rows exam_attempt.answers exam_attempt.questions
        exam_question.right training_course.case_sets
        practice_round.items training_course.items training_course.posts
        training_course.sections user_account.introduced""",
    "the grain of figures that name nobody": """
        ranking_request.channel ranking_request.sample_class ranking_snapshot.channel
        ranking_snapshot.sample_class rollup_double_inspector_month.channel
        rollup_double_inspector_month.sample_class rollup_double_item_month.channel
        rollup_double_item_month.item_key rollup_double_item_month.sample_class
        rollup_inspector_item_month.channel rollup_inspector_item_month.item_key
        rollup_inspector_item_month.sample_class rollup_inspector_month.channel
        rollup_inspector_month.sample_class rollup_score_cell.channel
        rollup_score_cell.sample_class rollup_score_cell.stratum rollup_staff_month.channel
        rollup_staff_month.sample_class rollup_station_day.channel
        rollup_station_day.sample_class rollup_station_item_month.channel
        rollup_station_item_month.item_key rollup_station_item_month.sample_class
        rollup_station_item_month.section_key rollup_station_month.channel
        rollup_station_month.sample_class rollup_station_section_month.channel
        rollup_station_section_month.sample_class rollup_station_section_month.section_key
        ranking_request.facets ranking_snapshot.facets rollup_score_cell.business_line
        rollup_score_cell.language rollup_score_cell.post rollup_score_cell.shift
        rollup_station_day.business_line rollup_station_day.language rollup_station_day.post
        rollup_station_day.shift rollup_faceted_station_month.business_line
        rollup_faceted_station_month.language rollup_faceted_station_month.post
        rollup_faceted_station_month.shift rollup_faceted_station_month.channel
        rollup_faceted_station_month.sample_class rollup_faceted_station_section_month.business_line
        rollup_faceted_station_section_month.language rollup_faceted_station_section_month.post
        rollup_faceted_station_section_month.shift rollup_faceted_station_section_month.channel
        rollup_faceted_station_section_month.sample_class
        rollup_faceted_station_item_month.business_line rollup_faceted_station_item_month.language
        rollup_faceted_station_item_month.post rollup_faceted_station_item_month.shift
        rollup_faceted_station_item_month.channel rollup_faceted_station_item_month.sample_class
        rollup_faceted_station_section_month.section_key
        rollup_faceted_station_item_month.section_key rollup_faceted_station_item_month.item_key
        rollup_faceted_inspector_month.business_line rollup_faceted_inspector_month.language
        rollup_faceted_inspector_month.post rollup_faceted_inspector_month.shift
        rollup_faceted_inspector_month.channel rollup_faceted_inspector_month.sample_class
        rollup_faceted_double_item_month.business_line rollup_faceted_double_item_month.language
        rollup_faceted_double_item_month.post rollup_faceted_double_item_month.shift
        rollup_faceted_double_item_month.channel rollup_faceted_double_item_month.sample_class
        rollup_faceted_double_item_month.item_key
        rollup_faceted_double_inspector_month.business_line
        rollup_faceted_double_inspector_month.language rollup_faceted_double_inspector_month.post
        rollup_faceted_double_inspector_month.shift rollup_faceted_double_inspector_month.channel
        rollup_faceted_double_inspector_month.sample_class""",
    "figures and settings as computed or chosen: numbers, ids and codes": """
        import_batch.counts improvement.effect job.counts job.task ranking_snapshot.drift
        ranking_snapshot.payload sampling_plan.settings standing_plan.settings
        training_effect.payload""",
    "digests, seals, pseudonyms and names given by chance": """
        assignment.submission_key audit_seal.mac audit_seal.prune_mac
        checklist_version.content_digest customer.ref database_key.key_id database_key.next_id
        file.customer_ref
        erasure.digest evidence.photo exam_question.picture job.holder job.token
        stored_form.token training_certificate.code uploaded_file.token
        inspection.submission_key interaction.content_digest interaction.customer_ref
        photo.name service_key.prefix standard_item.content_digest user_account.password_hash""",
    "what the portal notes for itself": """
        backup_run.kind backup_run.name erasure.kind event.deed event.details event.ids
        event.kind event_position.reader import_batch.kind job.key job.kind lease.holder lease.name
        notice.deed notice.kind open_form.form
        login_session.method meta.key meta.value one_time_token.purpose""",
    "the person's own record, emptied or removed with the person": """
        file.external_id external_account.issuer external_account.subject interaction.external_id
        interaction.recording login_failure.address login_failure.username
        login_session.address login_session.browser staff.name staff.staff_no
        former_name.name former_name.staff_no
        user_account.name user_account.region user_account.username""",
    "what the company tells everybody about their data": "information_sheet.texts",
    "places, which are no persons": """
        station.code station.name_en station.name_zh_cn station.name_zh_tw station.region""",
    "the standard itself: immutable once used, read by everybody, with service numbers in it": """
        checklist_version.content standard_item.content""",
    "the encounter as imported: masked, with its clear stretches encrypted; hidden with the "
    "encounter; masking at each write would cost, and lose what was hidden": """
        interaction.attributes turn.text""",
    "kinds and seconds of what a system recorded, and names of imported fields": """
        clear_span.field interaction.events""",
    "the log is sealed: its one writer masks, its callers take out names, nothing changes": """
        audit_event.action audit_event.details audit_event.object_id audit_event.object_type
        audit_event.reason""",
}


def texts():
    """(table.column, its type) of all that holds text."""
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String | JSON | PersonalText | PersonalJson):
                yield f"{table.name}.{column.name}", column.type


def personal():
    return {name for name, kind in texts() if isinstance(kind, PersonalText | PersonalJson)}


def test_every_column_of_text_is_personal_or_listed_with_its_reason():
    listed = [name for names in OTHERS.values() for name in names.split()]
    assert sorted({name for name, _ in texts()} - personal() - set(listed)) == []
    assert sorted(set(listed) - {name for name, _ in texts()}) == []
    assert sorted(set(listed) & personal()) == []
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("said", [turn.text for turns in shipped() for turn in turns])
def test_personal_text_is_masked_when_stored_and_storing_it_again_changes_nothing(said):
    kind = PersonalText()
    stored = kind.process_bind_param(said, None)
    assert stored == masked(said)
    assert kind.process_bind_param(stored, None) == stored
    assert mask(stored).spans == ()
    data = PersonalJson(("note",))
    kept = data.process_bind_param([{"A": {"value": said, "note": said}}], None)
    assert kept == [{"A": {"value": said, "note": stored}}]
    assert data.process_bind_param(kept, None) == kept


@pytest.fixture
def elsewhere(nora):
    """Nora's portal with another person's newer case, to which everything else belongs."""
    nora.world.scored(staff=nora.world.staff(name="Dora", staff_no="S-DORA"))
    return nora


def names_in_it(nora, *values):
    return nora.world.one(lambda session: holding(session, *values))


def fill(nora, text):
    with nora.world.seeded.transaction() as session:
        name_everywhere(session, text)


def test_an_erased_customer_is_in_no_personal_column(elsewhere):
    fill(elsewhere, f"{NAME} 的事, {REFERENCE}")
    assert names_in_it(elsewhere, NAME) == personal()
    elsewhere.erase(erase_customer, reference=REFERENCE)
    assert names_in_it(elsewhere, NAME, REFERENCE) == set()
    assert NAME not in elsewhere.everything()


def test_an_erased_member_of_staff_is_in_no_personal_column(elsewhere):
    fill(elsewhere, f"so said {STAFF_NAME}, {STAFF_NO}")
    assert names_in_it(elsewhere, STAFF_NAME) == personal()
    with elsewhere.world.seeded.transaction() as session:
        session.get_one(Staff, elsewhere.world.seeded.staff_id).active = False
    elsewhere.erase(erase_staff, staff_no=STAFF_NO)
    assert names_in_it(elsewhere, STAFF_NAME, STAFF_NO) == set()
    assert STAFF_NAME not in elsewhere.everything()


def test_what_others_wrote_stays_where_it_names_nobody_erased(elsewhere):
    fill(elsewhere, "well done, Dora")
    elsewhere.erase(erase_customer, reference=REFERENCE)
    left = names_in_it(elsewhere, "well done, Dora")
    assert personal() - left == set()


def test_a_note_on_another_case_is_no_longer_found_by_an_erased_name(elsewhere):
    nora = elsewhere
    nora.load(call(**ROW | {"external_id": "of-dora", "staff_no": "S-DORA", "turns": []}))
    with nora.world.seeded.transaction() as session:
        of_dora = session.scalars(select(Interaction).filter_by(external_id="of-dora")).one()
        version = nora.world.version_id
        task = make_assignment(session, interaction=of_dora, checklist_version_id=version)
    work = Work(answers(), [], f"ask {STAFF_NAME} about the queue")
    nora.world.do(submit, nora.world.alice, task=ASSIGNED.task(task.id), version=0, work=work)
    assert nora.found_by("Quillfeather")
    with nora.world.seeded.transaction() as session:
        session.get_one(Staff, nora.world.seeded.staff_id).active = False
    nora.erase(erase_staff, staff_no=STAFF_NO)
    assert not nora.found_by("Quillfeather")
    assert nora.found_by("queue")


@pytest.mark.parametrize("kind", ["customer", "staff"])
def test_every_text_that_names_the_person_is_given_out(elsewhere, kind):
    nora = elsewhere
    said = f"{NAME} 的事, {STAFF_NAME}"
    fill(nora, said)
    asked = {"who": nora.admin, "reason": "letter", "now": NOW}
    with nora.world.seeded.transaction() as session:
        if kind == "staff":
            given = disclose_staff(session, staff_no=STAFF_NO, **asked)
        else:
            given = disclose_customer(session, nora.keys, reference=REFERENCE, **asked)
    told = {f"{row['table']}.{row['column']}" for row in given["texts"] if row["text"] == said}
    assert told == personal()
    assert "hash" not in json.dumps(given)


def test_practice_answers_and_filters_of_the_person_are_given_out(elsewhere):
    nora = elsewhere
    charlie = nora.world.charlie.user_id
    fill(nora, "fine")
    with nora.world.seeded.transaction() as session:
        session.execute(update(PracticeTask).values(user_id=charlie))
        session.execute(update(SavedFilter).values(user_id=charlie))
        given = disclose_staff(session, who=nora.admin, staff_no=STAFF_NO, reason="letter", now=NOW)
    [account] = given["accounts"]
    [task], [kept] = account["practice"], account["filters"]
    assert (task["round"], task["note"], task["answers"]["HELLO"]["note"]) == ("fine",) * 3
    assert task["case"] == nora.world.case_no(nora.world.all(func.max(Inspection.id))[0][0])
    assert (kept["name"], kept["address"]) == ("fine", {"words": "fine"})


def test_new_rules_reach_every_personal_column(elsewhere):
    nora = elsewhere
    fill(nora, "late")
    with nora.engine.begin() as connection:  # below the types, as older versions stored it
        for column in personal_columns():
            table, name, old = column.table.name, column.name, "late"
            if isinstance(column.type, PersonalText):
                connection.execute(text(f'UPDATE "{table}" SET "{name}" = :new'), {"new": PHONE})
                continue
            kind = "json" if connection.dialect.name == "sqlite" else "jsonb"
            stored = f'replace(cast("{name}" AS text), \'"{old}"\', \'"{PHONE}"\')'
            value = stored if kind == "json" else f"cast({stored} AS jsonb)"
            connection.execute(text(f'UPDATE "{table}" SET "{name}" = {value}'))
    assert names_in_it(nora, PHONE) == personal()
    seen = []
    done = remask(nora.engine, nora.keys, lambda *counts: seen.append(counts))
    assert names_in_it(nora, PHONE) == set()
    assert done.hidden >= len(personal())
    assert seen[-1] == (done.read + done.texts,) * 2
    again = remask(nora.engine, nora.keys, lambda _read, _total: None)
    assert (again.texts, again.hidden) == (done.texts, 0)


def test_masking_again_goes_on_where_it_was_cut_off_and_counts_each_stretch_once(nora, monkeypatch):
    """Goals of three years, of 1, 1 and 2 stretches: cut off after the first, 3 are left."""
    monkeypatch.setattr(personal_texts, "_AT_ONCE", 1)
    said = {2025: PHONE, 2026: PHONE, 2027: f"{PHONE} {PHONE}"}
    with nora.world.seeded.transaction() as session:
        for year in said:
            session.add(TrainingPlan(year=year, changed_by=nora.bob.user_id, changed_at=NOW))
    with nora.engine.begin() as connection:
        for year, goals in said.items():
            put = text("UPDATE training_plan SET goals = :goals WHERE year = :year")
            connection.execute(put, {"goals": goals, "year": year})

    def cut_off(_read, _total):
        if ("█" * 11,) in nora.world.all(TrainingPlan.goals):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        remask(nora.engine, nora.keys, cut_off)
    goals = [PHONE, f"{PHONE} {PHONE}", "█" * 11]
    assert sorted(value for (value,) in nora.world.all(TrainingPlan.goals)) == goals
    assert remask(nora.engine, nora.keys, lambda _read, _total: None).hidden == 3


def test_names_of_filters_that_new_rules_make_alike_are_told_apart(nora):
    with nora.world.seeded.transaction() as session:
        for name in "ab":
            kept = {"name": name, "address": {"words": name}, "saved_at": NOW}
            session.add(SavedFilter(user_id=nora.bob.user_id, **kept))
    with nora.engine.begin() as connection:
        for old, new in (("a", "call 13812345678"), ("b", "call 13912345678")):
            put = text("UPDATE saved_filter SET name = :new WHERE name = :old")
            connection.execute(put, {"new": new, "old": old})
    remask(nora.engine, nora.keys, lambda _read, _total: None)
    names = sorted(name for (name,) in nora.world.all(SavedFilter.name))
    ids = sorted(key for (key,) in nora.world.all(SavedFilter.id))
    assert names == [f"call {'█' * 11} {key}" for key in ids]
