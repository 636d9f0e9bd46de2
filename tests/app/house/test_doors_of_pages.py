"""Every page opens for whom it is meant, and for nobody else."""

from __future__ import annotations

import pytest

from core.access import PEOPLE, PERMISSIONS, Role
from db.people.models import User, UserRole
from pages.ui import menus
from tests.factories import make_user, make_version
from tests.support.inspection.inspecting import NO, SMALL, World
from tests.support.requirements import ROOT

ENTRIES = [entry for entry in menus.entries() if (ROOT / f"pages/{entry.path}.py").exists()]
ADDRESSES = [entry.path for entry in ENTRIES]


OF_A_STATION = (Role.STATION_MANAGER, Role.CASE_HANDLER)


def permitted(role):
    return [entry.path for entry in ENTRIES if entry.action in PERMISSIONS[role]]


each_role = pytest.mark.parametrize("role", [role for role in PEOPLE if permitted(role)])


@pytest.fixture(params=["nothing inspected", "one inspection"])
def people(request, wired):
    """One person of each role, named `the_` role; the staff member is charlie."""
    with wired.transaction() as session:
        for role in PEOPLE:
            own = {"staff_id": wired.staff_id} if role is Role.STAFF else {}
            own |= {"station_id": wired.station_id} if role in OF_A_STATION else {}
            make_user(session, f"the_{role}", role, **own)
    if request.param == "one inspection":
        with wired.transaction() as session:
            make_version(session, SMALL)
        World(wired).scored(HELLO=NO)


def test_every_page_file_has_its_entry():
    files = {path.stem for path in (ROOT / "pages").glob("*.py")} - {"__init__", "portal"}
    assert set(ADDRESSES) == files


@each_role
def test_a_person_opens_every_page_of_their_role(role, people, open_app):
    app = open_app(f"the_{role}").run()
    for address in permitted(role):
        app.switch_page(f"{address}.py").run()
        assert list(app.exception) == [], address
        assert "Your role does not permit this." not in [box.value for box in app.warning]


@each_role
def test_no_role_reaches_a_page_that_is_not_its_own(role, people, open_app):
    app = open_app(f"the_{role}").run()
    for address in set(ADDRESSES) - set(permitted(role)):
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            app.switch_page(f"{address}.py")


def test_nobody_signed_in_sees_only_the_way_to_sign_in(open_app):
    app = open_app("").run()
    assert [box.value for box in app.info] == ["You are signed out."]
    assert [list(app.main.children.values())[-1].type] == ["link_button"]
    assert len(app.sidebar.children) == 0


def test_a_service_account_reaches_no_page_even_with_a_session(wired, open_app):
    """One that it had as a person's account; there is no other way to one."""
    app = open_app("administrator").run()
    with wired.transaction() as session:
        session.add(UserRole(user_id=wired.administrator.user_id, role=Role.SERVICE))
    app.run()
    assert [box.value for box in app.info] == ["You are signed out."]
    assert len(app.sidebar.children) == 0


def test_a_person_whose_account_is_closed_is_out_at_the_next_click(wired, open_app):
    app = open_app("administrator").run()
    assert len(app.sidebar.children) > 0
    with wired.transaction() as session:
        session.get_one(User, wired.administrator.user_id).active = False
    app.run()
    assert [box.value for box in app.info] == ["You are signed out."]
    assert len(app.sidebar.children) == 0
