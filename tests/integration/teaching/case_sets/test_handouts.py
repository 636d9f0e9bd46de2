"""Case sets on paper and on the wall."""

from __future__ import annotations

import re

import pytest

from db.store.models import AuditEvent
from db.teaching.services import lessons
from db.teaching.services.lessons import Lesson
from tests.support.inspection.pads import Browser, wired_to
from tests.support.teaching.case_sets import shown, trainer


@pytest.fixture
def version(world, tina, made, tmp_path, monkeypatch):
    view = shown(world, tina, made[0])
    lesson = Lesson("Watch <b>the</b> tone.", "What is missing?", "The greeting.", (2,))
    member = view.members[0].member_id
    world.do(lessons.save_lesson, tina, member_id=member, opened=Lesson(), lesson=lesson)
    with wired_to(world.seeded.engine, tmp_path, monkeypatch):
        yield view.version_id


def text_of(page):
    clean = re.sub(r"<(style|script)>.*?</\1>|<[^>]+>", " ", page.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", clean)


def test_the_handout_for_the_class_gives_nothing_away(world, version):
    page = Browser(world, "tina").http.get(f"/case-set/{version}/handout")
    text = text_of(page)
    assert page.status_code == 200
    assert "What is missing?" in text
    assert "<mark>您好，</mark>" in page.text
    for hidden in ("The greeting.", "Watch", "80.0", "HELLO", "staff ", "Alice", "Charlie"):
        assert hidden not in text, hidden


def test_the_handout_with_answers_quotes_the_evidence(world, version):
    page = Browser(world, "tina").http.get(f"/case-set/{version}/handout?answers=1&download=1")
    text = text_of(page)
    assert "The greeting." in text
    assert "Case 1 · Score 80.0" in text
    assert "turn 2 您好，" in text
    assert "Watch &lt;b&gt;the&lt;/b&gt; tone." in page.text
    assert page.headers["content-disposition"].startswith('attachment; filename="case-set-')


def test_a_presentation_has_a_slide_for_each_case_and_is_logged(world, version, made):
    page = Browser(world, "tina").http.get(f"/case-set/{version}/present")
    assert page.text.count('class="slide') == 3
    assert "built-in method" not in page.text
    assert "Space shows the answer" in page.text
    assert "'unsafe-inline'" not in page.headers["content-security-policy"].split("style-src")[0]
    seen = world.all(AuditEvent.action, AuditEvent.object_type, AuditEvent.object_id)
    assert ("present", "case_set", str(made[0])) in seen
    assert {("print", "inspection", str(each)) for each in made[1]} <= set(seen)


def test_a_set_of_others_is_not_handed_out(world, version):
    trainer(world, "tom")
    assert Browser(world, "tom").http.get(f"/case-set/{version}/handout").status_code == 404
    assert Browser(world, "alice").http.get(f"/case-set/{version}/handout").status_code == 403
    assert Browser(world, "tina").http.get("/case-set/999/present").status_code == 404


def test_a_handout_is_in_the_language_and_about_the_items_that_are_asked_for(world, version):
    """The first case lost HELLO, the second HELLO and NAME."""
    tina, address = Browser(world, "tina").http, f"/case-set/{version}/handout?answers=1"
    every, named = tina.get(address), tina.get(f"{address}&items=NAME&lang=zh_CN")
    assert "HELLO" in text_of(every)
    assert "NAME" in text_of(named)
    assert "HELLO" not in text_of(named)
    assert 'lang="zh-CN"' in named.text
    assert "课堂" in text_of(named)
    assert 'lang="en"' in tina.get(f"{address}&lang=xx").text
    slides = text_of(tina.get(f"/case-set/{version}/present?items=NAME"))
    assert "NAME" in slides
    assert "HELLO" not in slides
