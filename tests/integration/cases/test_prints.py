"""The printed result as a browser with a real session cookie meets it, on both databases."""

from __future__ import annotations

import re

import pytest

from core.access import Role
from db.inspection.services import amendments
from db.inspection.services.drafts import Work
from db.results.services.acknowledgements import acknowledge
from db.store.models import AuditEvent
from tests.factories import make_user
from tests.support.inspection.inspecting import NO, PIN, answers
from tests.support.inspection.pads import Browser

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def printed(wired, username, inspection_id, **values):
    return Browser(wired, username).http.get(f"/print/inspection/{inspection_id}", **values)


def text_of(page):
    """What a reader sees, without tags."""
    return re.sub(
        r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", page.text, flags=re.DOTALL)
    )


def test_a_result_prints_scores_with_two_decimals_and_its_ledger(wired):
    """Not HELLO: 80. Not HONEST: 65 before the cap at 50."""
    page = printed(wired, "bob", wired.scored(HELLO=NO, HONEST=NO))
    assert page.status_code == 200
    text = text_of(page)
    assert "Score 50.00 Before critical effects 65.00" in text
    assert "Score capped: HONEST." in text
    assert "HELLO HELLO No 20.00 20.00" in text
    assert "RIGHT RIGHT Yes 30.00 0.00" in text
    assert "Whole checklist capped min(65.00, 50.00) 50.00" in text
    assert "Inspector Alice" in text


def test_it_says_what_the_evidence_says(wired):
    pin = PIN | {"note": "too short"}
    page = printed(wired, "bob", wired.scored(evidence=[pin], HELLO=NO | {"note": "Curt."}))
    assert "Inspector's note Curt." in text_of(page).replace("&#39;", "'")
    assert "turn 2 您好， too short" in text_of(page)


def test_it_is_one_file_that_nothing_stores(wired):
    page = printed(wired, "bob", wired.scored())
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert re.findall(r'(?:src|href)="', page.text) == []
    assert "@page { size: A4" in page.text


@pytest.mark.parametrize(
    ("language", "tag", "font", "no"),
    [
        ("zh_TW", "zh-TW", "Noto Sans CJK TC", "20.00"),
        ("zh_CN", "zh-CN", "Noto Sans CJK SC", "20.00"),
    ],
)
def test_it_speaks_the_readers_language(wired, language, tag, font, no):
    with wired.seeded.transaction() as session:
        make_user(session, "lang", Role.TRAINER, language=language)
    page = printed(wired, "lang", wired.scored(HELLO=NO))
    assert f'<html lang="{tag}">' in page.text
    assert font in page.text


def test_markup_in_notes_answers_and_transcripts_stays_text(wired):
    task = wired.assigned(turns=(("customer", MARKUP), ("agent", MARKUP)))
    work = Work(
        answers(HELLO=NO | {"note": MARKUP}),
        [{"item_key": "HELLO", "turn_position": 2, "note": MARKUP}],
        note=MARKUP,
    )
    wired.draft(work, task=task)
    inspection_id = wired.submit(task=task).inspection_id
    wired.do(acknowledge, wired.charlie, inspection_id=inspection_id, comment=MARKUP)
    page = printed(wired, "bob", inspection_id)
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
    assert page.text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 5


@pytest.mark.usefixtures("trainer")
def test_names_are_printed_only_for_those_who_may_know_them(wired):
    inspection_id = wired.scored(HELLO=NO)
    trainer = text_of(printed(wired, "tina", inspection_id))
    assert re.search(r"Staff [2-9B-Z]{7}\b", trainer)
    assert "Alice" not in trainer
    assert "Charlie" not in trainer
    own = text_of(printed(wired, "charlie", inspection_id))
    assert "Inspector Alice" not in own
    assert "Printed" in own


def test_others_find_nothing(wired):
    inspection_id = wired.scored()
    refused = printed(wired, "alice", inspection_id)
    assert (refused.status_code, refused.text) == (404, "This case does not exist.")
    assert printed(wired, "bob", 999_999).status_code == 404
    assert printed(wired, "bob", "1 or 1=1").status_code == 404


def test_without_a_session_there_is_no_page(wired):
    browser = Browser(wired, "bob")
    browser.http.cookies.clear()
    path = f"/print/inspection/{wired.scored()}"
    page = browser.http.get(path, headers={"accept": "text/html"}, follow_redirects=False)
    assert (page.status_code, page.headers["location"]) == (303, f"/login?next={path}")
    assert browser.http.get(path, follow_redirects=False).status_code == 401


def test_an_ended_session_leads_to_the_login_page(wired):
    browser = Browser(wired, "bob")
    browser.http.cookies.set("qi_session", "long gone")
    path = f"/print/inspection/{wired.scored()}"
    page = browser.http.get(path, follow_redirects=False)
    assert (page.status_code, page.headers["location"]) == (303, f"/login?next={path}")


@pytest.mark.usefixtures("trainer")
def test_printing_is_written_to_the_audit_log(wired):
    inspection_id = wired.scored()
    printed(wired, "tina", inspection_id)
    printed(wired, "alice", inspection_id)
    seen = [row for row in wired.all(AuditEvent.action, AuditEvent.object_id) if row[0] == "print"]
    assert seen == [("print", str(inspection_id))]


def test_an_amended_result_says_so_and_tells_its_history(wired):
    old = wired.scored(HELLO=NO)
    new = wired.do(
        amendments.amend, wired.bob, inspection_id=old, answers=answers(), reason="It was said."
    )
    assert "What follows is the older version." in text_of(printed(wired, "bob", old))
    text = text_of(printed(wired, "bob", new))
    assert "amended (score until then 80.0). Reason: It was said. — Bob" in text
