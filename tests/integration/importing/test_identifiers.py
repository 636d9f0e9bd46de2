"""Identifiers have one form: as they are typed, exported or stored before, they find the same."""

from __future__ import annotations

import importlib

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import delete, select, update

from core.access import Identity, Role
from core.errors import InvalidInput, NotFound
from core.text.identifiers import caseless, near, normal_identifier
from db.encounters.models import Interaction
from db.importing.import_run import Order, run_import
from db.people.identifiers import staff_id, station_id
from db.people.models import Staff, Station
from db.people.services.people import save_staff
from db.people.staff_fields import StaffData
from db.safekeeping.key_rotation import bring_into_form
from db.safekeeping.models import Customer
from db.safekeeping.services.disclosure import disclose_customer, disclose_staff
from db.safekeeping.services.erasure import erase_customer
from db.store.keys import Keys
from db.store.session import reading, transaction
from db.tabular.file_choices import FileChoices
from tests.factories import make_staff, make_station
from tests.support.clock import NOW
from tests.support.importing.files import KEYS, call, csv_of, jsonl
from tests.support.importing.partial import everything

revision = importlib.import_module("db.migrations.versions.0006_identifiers_in_one_form")
ADMIN = Identity(1, "admin", "Admin", frozenset({Role.ADMINISTRATOR}))
RAW = ("Z011", "Z011\u200b", "\u00a0Z011 ", "Ｚ０１１", "Z01\u00ad1", "Z0\u202e11", "\ufeffZ011")


@pytest.mark.parametrize("raw", RAW)
def test_what_looks_the_same_is_the_same(raw):
    assert normal_identifier(raw) == "Z011"
    assert revision._normal(raw) == "Z011"
    assert KEYS.pseudonym(raw) == KEYS.pseudonym("Z011")


def test_case_stays_and_is_overlooked_where_people_and_stations_are_found():
    assert normal_identifier("z011") == "z011"
    assert caseless("z011") == caseless("Ｚ０１１")
    assert near("00-123") == near("123")
    assert near("123") != near("1234")
    assert KEYS.pseudonym("z011") != KEYS.pseudonym("Z011")


def test_people_and_stations_are_found_in_any_case_and_encounters_in_theirs(desk):
    rows = jsonl(call(1, station_code="d1", staff_no="ｓ1"), call(2, external_id="CALL-1"))
    assert desk.counts("interactions", rows) == (2, 2, 0, 0, 0)
    assert set(desk.all(Interaction.external_id)) == {("CALL-1",), ("call-1",)}


def test_twins_that_are_stored_are_told_apart_as_they_are_written(desk):
    with transaction(desk.engine) as session:
        station = session.scalars(select(Station)).one()
        make_staff(session, station=station, staff_no="ab1")
        make_staff(session, station=station, staff_no="AB1")
    person = {"name": "Wu", "station_code": "D1"}
    assert desk.counts("staff", csv_of({"staff_no": "ab1"} | person)) == (1, 0, 0, 1, 0)
    assert desk.refusals("staff", csv_of({"staff_no": "aB1"} | person)) == [
        (
            2,
            "staff_no",
            "Several are called so but for capitals; write it as it is stored: AB1, ab1.",
        )
    ]


def brought_into_form(engine):
    """What the revision does to what is stored; what it says of the rest."""
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        return [
            line
            for name, columns in revision._TABLES.items()
            for line in revision._bring_into_form(name, columns)
        ]


def test_what_was_stored_before_is_brought_into_form_and_what_collides_is_listed(desk):
    with transaction(desk.engine) as session:
        station = make_station(session, code="PE\u200bK")
        staff = [make_staff(session, station=station, staff_no=n) for n in NUMBERS]
        ids = [person.id for person in staff]
    assert brought_into_form(desk.engine) == [
        rf"staff {ids[2]}: 'B1\u200b'",
        rf"staff {ids[3]}: '\u200b'",
        f"staff {ids[4]}: {NUMBERS[4]!a}",
    ]
    assert set(desk.all(Station.code)) == {("D1",), ("PEK",)}
    assert desk.numbers() == sorted(("S1", "A1", *NUMBERS[1:]))


NUMBERS = ("Ａ１", "B1", "B1\u200b", "\u200b", "\ufdfa" * 4)
"""The last one has 18 characters for each in NFKC: 72, and 64 is the most."""


def test_an_encounter_is_brought_into_form_whole_or_not_at_all(desk):
    desk.load("interactions", jsonl(*(call(number) for number in (1, 2, 3))))
    written = {"call-2": ("pbx\u200b", "call-1\u200b"), "call-3": ("ｐbx", "ｃall-3")}
    with transaction(desk.engine) as session:
        for row in session.scalars(select(Interaction).where(Interaction.external_id != "call-1")):
            row.source, row.external_id = written[row.external_id]
    (line,) = brought_into_form(desk.engine)
    assert line.endswith(r": 'pbx\u200b' 'call-1\u200b'")
    assert set(desk.all(Interaction.source, Interaction.external_id)) == {
        ("pbx", "call-1"),
        ("pbx\u200b", "call-1\u200b"),
        ("pbx", "call-3"),
    }


def as_before(desk, number, written):
    """Give a customer the pseudonym of a reference as it was written, as imports did once."""
    former = KEYS.digest("customer", written)[:32]
    with transaction(desk.engine) as session:
        encounter = session.scalars(
            select(Interaction).where(Interaction.external_id == f"call-{number}")
        ).one()
        session.delete(session.get_one(Customer, encounter.customer_ref))
        encounter.customer_ref = former
        session.add(Customer(ref=former, cipher=KEYS.encrypt(written)))
    return former


@pytest.fixture
def two_forms(desk):
    desk.load("interactions", jsonl(call(1, customer_ref="C-1"), call(2, customer_ref="C-2")))
    as_before(desk, 2, "C-1\u200b")
    return desk


def test_a_customer_who_was_stored_under_two_forms_is_one_afterwards(two_forms):
    bring_into_form(two_forms.engine, KEYS)
    assert two_forms.all(Interaction.customer_ref) == [(KEYS.pseudonym("C-1"),)] * 2
    assert two_forms.all(Customer.ref) == [(KEYS.pseudonym("C-1"),)]


def test_it_is_done_once_and_leaves_what_no_key_opens(two_forms):
    with transaction(two_forms.engine) as session:
        session.add(Customer(ref="of another key", cipher=Keys(b"another").encrypt("C-9")))
    bring_into_form(two_forms.engine, KEYS)
    with reading(two_forms.engine) as session:
        assert session.get(Customer, "of another key")
    former = as_before(two_forms, 1, "C-3\u200b")
    bring_into_form(two_forms.engine, KEYS)
    assert (former,) in two_forms.all(Customer.ref)


@pytest.mark.parametrize("reference", ["C-1", "Ｃ-1\u00a0"])
def test_everything_of_a_customer_is_given_out_in_whatever_form_it_was_stored(two_forms, reference):
    bring_into_form(two_forms.engine, KEYS)
    with transaction(two_forms.engine) as session:
        out = disclose_customer(
            session, KEYS, who=ADMIN, reference=reference, reason="asked", now=NOW
        )
    assert {row["external_id"] for row in out["encounters"]} == {"call-1", "call-2"}


def test_what_is_stored_without_the_clear_reference_is_found_as_it_was_written(two_forms):
    """After its customers are gone, nothing but the reference itself can tell the pseudonym."""
    with transaction(two_forms.engine) as session:
        session.execute(delete(Customer))
    with transaction(two_forms.engine) as session:
        erased = erase_customer(
            session, KEYS, who=ADMIN, reference="C-1\u200b", reason="asked", now=NOW
        )
    assert erased.encounters == 2
    assert set(erased.former) == {KEYS.digest("customer", "C-1\u200b")[:32]}


def test_the_same_file_changes_nothing_after_what_it_had_brought_is_in_form(desk):
    person = {"name": "Wu", "station_code": "D1", "post": "agent", "uniform_variant": "scarf"}
    staff = csv_of({"staff_no": "Ｚ０１１"} | person)
    calls = jsonl(
        call(1, staff_no="Ｚ０１１", customer_ref="C\u200b-1"), call(2, external_id="call\u200b-2")
    )
    assert desk.counts("staff", staff) == (1, 1, 0, 0, 0)
    assert desk.counts("interactions", calls) == (2, 2, 0, 0, 0)
    with transaction(desk.engine) as session:
        session.execute(update(Staff).where(Staff.staff_no == "Z011").values(staff_no="Ｚ０１１"))
        second = Interaction.external_id == "call-2"
        session.execute(update(Interaction).where(second).values(external_id="call\u200b-2"))
        session.execute(update(Interaction).values(content_digest="of the values as written"))
    as_before(desk, 1, "C\u200b-1")
    assert brought_into_form(desk.engine) == []
    bring_into_form(desk.engine, KEYS)
    before = everything(desk.engine)
    assert desk.counts("staff", staff) == (1, 0, 1, 0, 0)
    assert desk.counts("interactions", calls) == (2, 0, 2, 0, 0)
    assert everything(desk.engine) == before


@pytest.mark.parametrize("number", ["s1", "Ｓ1", "S1\u200b"])
def test_people_are_found_in_any_case_wherever_a_number_is_written(desk, number):
    with reading(desk.engine) as session:
        assert staff_id(session, number) == session.scalars(select(Staff.id)).one()
        assert station_id(session, "d1") == session.scalars(select(Station.id)).one()
        assert staff_id(session, "s2") is None
        with pytest.raises(NotFound):
            disclose_staff(session, who=ADMIN, staff_no="s2", reason="asked", now=NOW)
        out = disclose_staff(session, who=ADMIN, staff_no=number, reason="asked", now=NOW)
    assert out["staff"]["staff_no"] == "S1"


def test_letters_of_other_scripts_have_no_case_either(desk):
    with transaction(desk.engine) as session:
        make_staff(session, station=session.scalars(select(Station)).one(), staff_no="Ж1")
    with reading(desk.engine) as session:
        assert staff_id(session, "ж1") == staff_id(session, "Ж1") is not None


def test_what_an_administrator_types_takes_the_form_and_is_no_twin(desk):
    with transaction(desk.engine) as session:
        home = session.scalars(select(Station.id)).one()
        data = StaffData(staff_no=" Ｓ２\u200b", name="Wu", station_id=home)
        row_id = save_staff(session, who=ADMIN, staff_id=None, data=data, now=NOW)
        assert session.get_one(Staff, row_id).staff_no == "S2"
        for number in ("s1", "s2"):
            data = StaffData(staff_no=number, name="Li", station_id=home)
            with pytest.raises(InvalidInput, match="is already taken"):
                save_staff(session, who=ADMIN, staff_id=None, data=data, now=NOW)
        data = StaffData(staff_no="s2", name="Wu", station_id=home)
        assert save_staff(session, who=ADMIN, staff_id=row_id, data=data, now=NOW) == row_id


def test_new_ones_that_are_nearly_like_another_are_named_before_they_are_stored(desk):
    rows = csv_of({"staff_no": "s-1", "name": "Wu", "station_code": "D1"})
    order = Order("staff", desk.file(rows), choices=FileChoices(), dry=True)
    result = run_import(desk.engine, KEYS, order, who=None, clock=lambda: NOW)
    assert [str(note) for note in result.forecast.notes] == ["Line 2: s-1 is new, and nearly S1."]
    assert desk.numbers() == ["S1"]
