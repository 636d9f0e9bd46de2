"""A member of staff who is called otherwise today: the former name stays hidden where it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from core.access import Role
from db.importing.import_run import Order, run_import
from db.people.models import FormerName, Staff
from db.people.queries.shown_texts import HiddenNames
from db.people.services.people import save_staff
from db.people.staff_fields import StaffData
from db.safekeeping.services.disclosure import disclose_staff
from db.safekeeping.services.erasure import erase_staff
from tests.factories import identity, make_user
from tests.support.clock import NOW
from tests.support.importing.files import KEYS, csv_of

TEXT = "Agent Charlotte Rowan, now Charlotte Bright, number YF77123, formerly YF55321."


@pytest.fixture
def person(seeded):
    """Charlotte Rowan, YF55321, who marries and gets another number; a trainer knows nobody."""
    data = StaffData("YF55321", "Charlotte Rowan", seeded.station_id)
    with seeded.transaction() as session:
        make_user(session, "tina", Role.TRAINER)
        who = seeded.administrator
        staff_id = save_staff(session, who=who, staff_id=None, data=data, now=NOW)
        changed = replace(data, staff_no="YF77123", name="Charlotte Bright")
        save_staff(session, who=who, staff_id=staff_id, data=changed, now=NOW)
        save_staff(session, who=who, staff_id=staff_id, data=changed, now=NOW)
    return staff_id


def shown(seeded, username="tina"):
    with seeded.reading() as session:
        return HiddenNames(session, identity(session, username)).anywhere.hide(TEXT)


def bars(*said):
    text = TEXT
    for each in said:
        text = text.replace(each, "█" * len(each))
    return text


def load(seeded, tmp_path, row):
    path = tmp_path / "staff.csv"
    path.write_bytes(csv_of(row))
    run_import(seeded.engine, KEYS, Order("staff", path), who=None, clock=lambda: NOW)


@pytest.mark.both
def test_former_names_and_numbers_are_hidden_as_the_present_ones(seeded, person):
    hidden = bars("Charlotte Rowan", "Charlotte Bright", "YF77123", "YF55321")
    assert shown(seeded) == hidden
    assert shown(seeded, "bob") == TEXT  # who may know the person may know what they were called
    with seeded.reading() as session:
        assert session.scalar(select(func.count()).select_from(FormerName)) == 1


@pytest.mark.both
def test_an_import_that_renames_somebody_keeps_the_former_name(seeded, person, tmp_path):
    load(seeded, tmp_path, {"staff_no": "YF77123", "name": "Carla Stone"})
    load(seeded, tmp_path, {"staff_no": "YF77123", "post": "supervisor"})
    assert shown(seeded) == bars("Charlotte Rowan", "Charlotte Bright", "YF77123", "YF55321")
    with seeded.reading() as session:
        names = session.scalars(select(FormerName.name).order_by(FormerName.id)).all()
    assert names == ["Charlotte Rowan", "Charlotte Bright"]


def test_former_names_are_given_out_and_erased_with_the_person(seeded, person):
    with seeded.transaction() as session:
        asked = {"who": seeded.administrator, "staff_no": "YF77123", "reason": "letter", "now": NOW}
        given = disclose_staff(session, **asked)
    assert given["former_names"] == [{"staff_no": "YF55321", "name": "Charlotte Rowan"}]
    with seeded.transaction() as session:
        session.get_one(Staff, person).active = False
        session.flush()
        erased = erase_staff(session, KEYS, **asked)
        assert {"Charlotte Rowan", "YF55321", "Charlotte Bright"} <= erased.values
        assert session.scalar(select(func.count()).select_from(FormerName)) == 0
