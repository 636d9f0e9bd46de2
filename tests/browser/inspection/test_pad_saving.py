"""Nothing entered is lost: reloads, other tabs, cut connections, killed servers."""

from __future__ import annotations

import os
import random
import shutil
import time
from datetime import UTC, datetime, timedelta

import pytest

from db.sign_in.services import login_sessions
from db.store import session as sessions
from tests.support.clock import NOW
from tests.support.house.fragile import FragilePortal
from tests.support.inspection.inspector import Pad, forty

KILLS = 100 if os.environ.get("SOAK") else 2


def test_an_answer_is_stored_within_two_seconds(pad, inspector):
    task = inspector.assigned(forty())
    desk = pad(task)
    clock = stopped_clock(desk.page)
    desk.press("1")
    clock.run_for(2000)
    assert desk.until(lambda: inspector.stored(task))
    desk.saved()
    assert desk.status().startswith("saved")


def test_steady_scoring_is_saved_all_the_while(pad, inspector):
    task = inspector.assigned(forty())
    desk = pad(task)
    clock = stopped_clock(desk.page)
    for _ in range(30):
        desk.press("1")
        clock.run_for(100)
    assert desk.until(lambda: len(inspector.stored(task)) >= 10)


def test_a_reload_keeps_what_was_entered_just_before(pad, inspector):
    task = inspector.assigned(forty())
    desk = pad(task)
    desk.press("0", "1")
    desk.saved()
    desk.press("1", "3")
    desk.page.reload()
    desk.ready(task)
    assert [desk.chosen(f"Q0{number}") for number in range(4)] == [["0"], ["1"], ["1"], ["3"]]
    desk.saved()
    assert len(inspector.stored(task)) == 4


def test_the_score_comes_with_the_save(pad, inspector):
    desk = pad(inspector.assigned(forty()))
    assert desk.page.locator(".bar .score").inner_text() == "—"
    desk.press("1", "0")
    desk.saved()
    assert desk.page.locator(".bar .score").inner_text() == "50.0"


def test_a_second_tab_is_told_and_can_load_what_is_stored(pad, inspector):
    task = inspector.assigned(forty())
    first = pad(task)
    second = Pad(first.page.context.new_page(), task)
    second.page.route("**/save**", lambda route: route.abort())
    second.press("0")  # stays on the screen, does not overwrite
    first.press("1")
    first.saved()
    assert "Question 0-0: here No, stored Yes" in second.banner()
    second.page.unroute("**/save**")
    sent = []
    second.page.on("request", lambda request: sent.append(request.url))
    clock = stopped_clock(second.page)
    second.press("j")
    clock.run_for(20_000)
    assert not [url for url in sent if "/save" in url]
    assert inspector.stored(task) == {"Q00": {"value": "yes"}}
    second.button("Load what is stored").click()
    assert second.until(lambda: second.chosen("Q00") == ["1"])


def test_what_two_tabs_enter_beside_each_other_is_merged(pad, inspector):
    """An answer, a note and a pin here, others there; nobody is asked."""
    task = inspector.assigned(forty())
    first = pad(task)
    second = Pad(first.page.context.new_page(), task)
    second.page.route("**/save**", lambda route: route.abort())
    second.press("j", "0", "m")
    second.page.keyboard.type("from the second tab")
    second.press("Enter", "p")
    first.press("1", "M")
    first.page.keyboard.type("from the first tab")
    first.press("Enter", "]", "p")
    first.saved()
    assert second.until(lambda: second.chosen("Q00") == ["1"])
    assert not second.page.locator(".banner").is_visible()
    second.page.unroute("**/save**")
    second.press("j")
    assert second.until(lambda: len(inspector.stored(task)) == 2)
    assert first.until(lambda: first.chosen("Q01") == ["0"])
    stored = inspector.stored(task)
    assert stored["Q00"] == {"value": "yes", "note": "from the first tab"}
    assert stored["Q01"] == {"value": "no"}
    pins = [(pin["item_key"], pin["turn_position"]) for pin in inspector.draft(task).evidence]
    assert ("Q00", 2) in pins
    assert ("Q02", 1) in pins


def test_notes_that_differ_are_shown_and_the_chosen_one_stays(pad, inspector):
    task = inspector.assigned(forty())
    first = pad(task)
    second = Pad(first.page.context.new_page(), task)
    second.page.route("**/save**", lambda route: route.abort())
    for desk, words in ((second, "greets late"), (first, "greets well")):
        desk.press("m")
        desk.page.keyboard.type(words)
        desk.press("Enter")
    first.saved()
    told = second.banner()
    assert "Question 0-0, note: here “greets late”, stored “greets well”" in told
    second.page.unroute("**/save**")
    second.button("Keep what is here").click()
    second.saved()
    assert [pin["note"] for pin in inspector.draft(task).evidence] == ["greets late"]


def test_another_browser_cannot_overwrite_unless_told_to(pad, inspector, open_page, sign_in):
    task = inspector.assigned(forty())
    first = pad(task)
    other = open_page()
    sign_in(other, inspector.who.username)
    second = Pad(other, task)
    first.press("1")
    first.saved()
    second.press("0")
    told = second.banner()
    assert "Question 0-0: here No, stored Yes" in told
    assert inspector.stored(task) == {"Q00": {"value": "yes"}}
    second.button("Keep what is here").click()
    second.saved()
    assert inspector.stored(task) == {"Q00": {"value": "no"}}


def test_a_cut_connection_keeps_everything_and_saves_when_it_is_back(pad, inspector):
    task = inspector.assigned(forty())
    desk = pad(task)
    desk.page.context.set_offline(True)
    desk.press("1", "0", "1", "4")
    desk.page.wait_for_selector(".bar .status[data-kind=retrying]")
    assert "nothing is lost" in desk.status()
    desk.press("0")
    desk.page.context.set_offline(False)
    desk.saved()
    assert desk.until(lambda: len(inspector.stored(task)) == 5)


def test_a_lost_answer_is_not_taken_for_another_tab(pad, inspector):
    task = inspector.assigned(forty())
    desk = pad(task)
    lost = []

    def swallow(route):
        if len(lost) < 2:
            lost.append(route.fetch())  # the server saves, its answer never arrives
            route.abort()
        else:
            route.continue_()

    desk.page.route("**/save**", swallow)
    desk.press("1")
    desk.page.wait_for_selector(".bar .status[data-kind=retrying]")
    desk.press("0")
    desk.saved()
    assert desk.until(lambda: len(inspector.stored(task)) == 2)
    assert not desk.page.locator(".banner").is_visible()


def test_a_double_click_submits_once(pad, inspector):
    task, following, third = (inspector.assigned(forty()) for _ in range(3))
    desk = pad(task)
    desk.press(*("1" * 40))
    desk.button("Submit and open next").dblclick()
    desk.ready(following)
    desk.press("1")
    assert [one.assignment_id for one in inspector.inspections()] == [task]
    assert inspector.state(third) == "open"


def test_enter_held_on_the_button_submits_once(pad, inspector):
    task, following = (inspector.assigned(forty()) for _ in range(2))
    desk = pad(task)
    desk.press(*("1" * 40))
    desk.button("Submit and open next").focus()
    for _ in range(20):
        desk.page.keyboard.down("Enter")
    desk.ready(following)
    assert len(inspector.inspections()) == 1


def test_a_submission_whose_answer_is_lost_is_repeated_and_is_one_inspection(pad, inspector):
    task, following = (inspector.assigned(forty()) for _ in range(2))
    desk = pad(task)
    desk.press(*("1" * 40))
    lost = []

    def swallow(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    desk.page.route("**/submit**", swallow)
    desk.press("Control+Enter")
    desk.ready(following)
    assert lost
    assert len(inspector.inspections()) == 1


def test_who_is_signed_out_keeps_the_work_and_goes_on_after_signing_in(
    pad, inspector, sign_in, database
):
    task = inspector.assigned(forty())
    desk = pad(task)
    with sessions.transaction(database) as session:
        login_sessions.revoke_sessions(session, inspector.who.user_id, now=NOW)
    desk.press("1", "0")
    assert "signed out" in desk.banner()
    sign_in(desk.page.context.new_page(), inspector.who.username)
    desk.button("Try again").click()
    desk.saved()
    assert len(inspector.stored(task)) == 2


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_a_killed_server_loses_nothing_older_than_two_seconds(
    browser, sign_in, inspector, database, portal, tmp_path
):
    """Killed again and again while somebody scores; 100 times with SOAK=1, else twice.

    Two seconds on a machine of its own: where a key press takes long, everything does.
    """
    rng = random.Random(5)
    shutil.copytree(portal.log.parent / "keys", tmp_path / "keys")  # the key of the database
    fragile = FragilePortal(database.url.render_as_string(), tmp_path)
    fragile.start()
    context = browser.new_context(locale="en", base_url=fragile.url)
    page = context.new_page()
    sign_in(page, inspector.who.username)
    for _ in range(KILLS):
        task = inspector.assigned(forty())
        desk = Pad(page, task)
        pressed, slowest = {}, 0.0
        for number in range(rng.randint(5, 25)):
            began = pressed[desk.focused()] = time.monotonic()
            desk.press("1")
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(rng.uniform(0.02, 0.4) if number else 0)
        killed = time.monotonic()
        fragile.kill()
        old = {key for key, at in pressed.items() if killed - at > 2 + 5 * slowest}
        assert old <= inspector.stored(task).keys()
        fragile.start()
        desk.open(task)
        assert desk.until(lambda t=task, p=pressed: inspector.stored(t).keys() == p.keys())
    context.close()
    fragile.kill()


def stopped_clock(page):
    """The time of the page's script, which goes on only as it is told to."""
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    return page.clock
