"""A scored person contests a result, somebody else decides it, the person reads how it ended."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core.access import Role
from db.appeals.models import Appeal, AppealPoint
from db.inspection.models import Amendment, Inspection
from db.store import session as sessions
from db.store.models import AuditEvent
from tests.factories import PASSWORD, identity, make_staff, make_user, make_version, seed, seeded_in
from tests.support.house import portal as portals
from tests.support.house.keyboard import Keyboard
from tests.support.house.reruns import settled
from tests.support.inspection.inspecting import NO, SMALL, World

HEARD, SAID = "I greeted at 0:03.", "The greeting is there, at 0:03."
DESK, PHONE = 1280, 390
_UNFOLDED = """Promise.allSettled(
  document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().endTime < Infinity)
    .map((each) => each.finished)
)"""


@pytest.fixture(scope="module")
def database(sqlite_databases):
    with sqlite_databases.like("appeals", _prepare) as engine:
        yield engine


@pytest.fixture(scope="module")
def portal(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("appeals")
    with portals.serving(database.url.render_as_string(), folder) as portal:
        yield portal


def _prepare(engine):
    seed(engine)
    with sessions.transaction(engine) as session:
        make_version(session, SMALL)


@pytest.fixture
def world(database):
    return World(seeded_in(database))


@pytest.fixture
def person(world, request):
    """Somebody with one result of today, 80 points: HELLO is lost, which counts 20."""
    name = f"person{request.node.name.encode().hex()[-12:]}"
    with world.seeded.transaction() as session:
        staff = make_staff(session, name=name)
        make_user(session, name, Role.STAFF, staff_id=staff.id)
    inspection_id = world.scored(staff=staff, HELLO=NO)
    with world.seeded.transaction() as session:
        session.get_one(Inspection, inspection_id).submitted_at = datetime.now(UTC)
        return identity(session, name)


def fits(page):
    settled(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"]


def opened(open_page, sign_in, name, width):
    page = open_page()
    sign_in(page, name)
    page.set_viewport_size({"width": width, "height": 844})
    settled(page)
    return page


def contest(page):
    """The person picks the lost item of the result and says why."""
    page.locator(".cases .case").first.click()
    page.get_by_text("Appeal against this result").click()
    settled(page)
    page.evaluate(_UNFOLDED)  # a list that is open closes when the box around it moves
    what = page.get_by_role("combobox", name="What do you appeal against?")
    what.scroll_into_view_if_needed()
    what.click()
    what.press_sequentially("HELLO", delay=20)
    expect(page.get_by_role("option", name="HELLO (−20.0)", exact=True)).to_be_visible()
    what.press("Enter")
    what.press("Escape")
    reason = page.get_by_label("Your reason: HELLO")
    reason.fill(HEARD)
    reason.blur()
    fits(page)
    page.get_by_role("button", name="Send the appeal").dblclick()
    expect(page.get_by_text("To be decided", exact=True).first).to_be_visible()
    fits(page)


def decide(page, *, changed):
    """The decider goes from the menu to the one appeal, answers, and confirms with two clicks."""
    page.goto("/appeals")
    expect(page.get_by_text("1 appeal is open")).to_be_visible()
    fits(page)
    page.get_by_test_id("stDataFrame").click(position={"x": 40, "y": 52})
    expect(page.get_by_text(HEARD)).to_be_visible()
    settled(page)
    if changed:
        page.get_by_test_id("stButtonGroup").get_by_role("radio", name="Yes").click()
        expect(page.get_by_text("Score 80.0 → 100.0: 1 answer changed.")).to_be_visible()
    reason = page.get_by_label("Reason of the decision")
    reason.fill(SAID)
    reason.blur()
    fits(page)
    page.get_by_role("button", name="Check and decide").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(SAID)).to_be_visible()
    fits(page)
    dialog.get_by_role("button", name="Decide", exact=True).dblclick()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Decided by Bob.")).to_be_visible()
    fits(page)


def read(page, *badges):
    """How it ended stands behind the button in the page's head until the person has read it."""
    page.goto("/my_results")
    page.get_by_role("button", name="Notices (1)").click()
    news = page.locator("[class*=st-key-appeal_news_]")
    for words in (*badges, SAID):
        expect(news.get_by_text(words).first).to_be_visible()
    fits(page)
    news.get_by_role("button", name="I have read this").dblclick()
    expect(news).to_have_count(0)
    expect(page.get_by_role("button", name="Notices (1)")).to_have_count(0)
    page.keyboard.press("Escape")
    settled(page)  # both clicks ask for a rerun, and the second draws the list of cases anew


@pytest.mark.parametrize(("width", "changed"), [(DESK, True), (PHONE, False)])
def test_an_appeal_from_the_result_to_its_end(world, person, open_page, sign_in, width, changed):
    own = opened(open_page, sign_in, person.username, width)
    contest(own)
    bob = opened(open_page, sign_in, "bob", width)
    expect(bob.get_by_test_id("stSidebar").get_by_text("Appeals (1)")).to_be_attached()
    decide(bob, changed=changed)
    read(own, *(("Score changed", "80.0 → 100.0") if changed else ("Score stands",)))
    if changed:  # the corrected result is the person's only one
        expect(own.locator(".cases .case .score")).to_have_text("100.0")
        own.locator(".cases .case").first.click()
        expect(own.get_by_text("amended on appeal").first).to_be_visible()

    with world.seeded.reading() as session:
        appeal = session.scalars(select(Appeal).filter_by(user_id=person.user_id)).one()
        point = session.scalars(select(AppealPoint).filter_by(appeal_id=appeal.id)).one()
        assert (point.reason, point.decision) == (HEARD, SAID)
        assert appeal.state == ("changed" if changed else "kept")
        told = select(AuditEvent.action).filter_by(object_type="appeal", object_id=str(appeal.id))
        assert sorted(session.scalars(told)) == ["acknowledge", "appeal", "decide_appeal"]
        amended = select(Amendment).filter_by(inspection_id=appeal.inspection_id)
        assert len(session.scalars(amended).all()) == int(changed)


def signed_in_by_keyboard(page, name):
    page.goto("/login")
    keys = Keyboard(page)
    keys.reach(page.locator("#username"))
    keys.type(name)
    keys.reach(page.locator("#password"))
    keys.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url, wait_until="commit")
    settled(page)
    return keys


def test_an_appeal_by_keyboard_alone(world, person, open_page):
    """Signed in, contested, decided and read without a mouse; each stop is seen and uncovered."""
    own = open_page()
    keys = signed_in_by_keyboard(own, person.username)
    keys.reach(own.locator(".cases"))
    keys.press("ArrowDown")
    expect(own.get_by_text("Appeal against this result")).to_be_visible()
    keys.reach(own.locator("summary", has_text="Appeal against this result"))
    keys.press("Enter")
    keys.reach(own.get_by_role("combobox", name="What do you appeal against?"))
    keys.type("HELLO")
    expect(own.get_by_role("option", name="HELLO (−20.0)", exact=True)).to_be_visible()
    keys.press("Enter", "Escape")
    keys.reach(own.get_by_label("Your reason: HELLO"))
    keys.type(HEARD)
    keys.reach(own.get_by_role("button", name="Send the appeal"))
    keys.press("Enter")
    expect(own.get_by_text("To be decided", exact=True).first).to_be_visible()

    bob = open_page()
    deciding = signed_in_by_keyboard(bob, "bob")
    deciding.reach(bob.get_by_test_id("stSidebar").get_by_role("link", name="Appeals"))
    deciding.press("Enter")
    expect(bob.get_by_text("1 appeal is open")).to_be_visible()
    deciding.reach(bob.get_by_role("combobox", name="Open a row of: Appeals"))
    assert "/appeals" in bob.url  # coming to the table opens nothing
    deciding.press("ArrowDown", "Enter")
    expect(bob.get_by_text(HEARD)).to_be_visible()
    settled(bob)
    deciding.reach(bob.get_by_test_id("stButtonGroup").get_by_role("radio"))
    deciding.press("Space")
    expect(bob.get_by_text("Score 80.0 → 100.0: 1 answer changed.")).to_be_visible()
    deciding.reach(bob.get_by_label("Reason of the decision"))
    deciding.type(SAID)
    deciding.reach(bob.get_by_role("button", name="Check and decide"))
    deciding.press("Enter")
    dialog = bob.get_by_role("dialog")
    expect(dialog.get_by_text(SAID)).to_be_visible()
    deciding.reach(dialog.get_by_role("button", name="Decide", exact=True))
    deciding.press("Enter")
    expect(bob.get_by_text("Decided by Bob.")).to_be_visible()

    own.reload()
    settled(own)
    keys.reach(own.get_by_role("button", name="Notices (1)"))
    keys.press("Enter")
    news = own.locator("[class*=st-key-appeal_news_]")
    expect(news.get_by_text(SAID).first).to_be_visible()
    keys.reach(news.get_by_role("button", name="I have read this"))
    keys.press("Enter")
    expect(news).to_have_count(0)
    assert (keys.hidden, keys.covered, deciding.hidden, deciding.covered) == ([], [], [], [])
