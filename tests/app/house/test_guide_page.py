"""The guide opens for each role in its language, about the page it was opened from."""

from __future__ import annotations

import pytest
from PIL import Image

from core.access import PEOPLE, Role
from core.i18n import CONTENT_LANGUAGES
from pages.ui import guide_view
from pages.ui.kit.guide import VERDICTS, address, guide_file
from tests.factories import make_user
from tests.support.house.app_pages import opened, said


@pytest.mark.parametrize("language", CONTENT_LANGUAGES)
@pytest.mark.parametrize("role", PEOPLE)
def test_each_role_reads_its_own_guide_in_its_language(wired, open_app, role, language):
    with wired.transaction() as session:
        own = {"staff_id": wired.staff_id} if role is Role.STAFF else {}
        make_user(session, "reader", role, language=language, **own)
    app = opened(open_app("reader"), "guide.py")
    guide, rules = guide_file(role, language), guide_file(VERDICTS, language)
    assert [one.value for one in app.title] == [guide.title]
    assert [(one.anchor, one.value) for one in app.header] == [
        (section.key, section.title) for section in guide.sections
    ]
    assert [(one.anchor, one.value) for one in app.subheader] == [
        (key, rules.section(key).title) for key in guide.linked
    ]


def test_a_picture_of_a_page_stands_in_its_section(wired, open_app, monkeypatch, tmp_path):
    monkeypatch.setattr(guide_view, "PICTURES", tmp_path)
    assert opened(open_app("alice"), "guide.py").get("image") == []
    Image.new("RGB", (4, 3)).save(tmp_path / "score.en.png")
    [picture] = opened(open_app("alice"), "guide.py").get("image")
    assert [one.caption for one in picture.proto.imgs] == ["Score"]


def test_links_between_the_files_stay_in_the_page(open_app):
    words = " ".join(said(opened(open_app("alice"), "guide.py")))
    assert "](#agreement)" in words
    assert ".md" not in words


def test_of_several_roles_the_guide_tells_of_the_page_it_was_opened_from(wired, open_app):
    with wired.transaction() as session:
        make_user(session, "both", Role.QUALITY_MANAGER, Role.INSPECTOR)
    app = opened(open_app("both"), "guide.py")
    assert app.title[0].value == "Guide for quality managers"
    app = opened(open_app("both"), "guide.py", about="scored")
    assert app.title[0].value == "Guide for inspectors"
    app.button_group(key="address_role").set_value(Role.QUALITY_MANAGER).run()
    assert app.title[0].value == "Guide for quality managers"


def test_every_page_leads_to_its_own_section(open_app):
    app = opened(open_app("alice"), "scored.py")
    [link] = [one for one in app.get("link_button") if one.proto.label == "?"]
    assert link.proto.url == address("scored") == "/guide?about=scored#scored"
