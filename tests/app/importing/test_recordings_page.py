"""Recordings by the import page: looked at, taken in, refused, told who lacks theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from db.encounters.models import ImportBatch, Interaction
from pages.ui.kit.messages import escape_markdown
from tests.factories import make_interaction
from tests.support.house.app_pages import said
from tests.support.importing.jobs import OwnImport, import_button, uploaded
from tests.support.importing.recordings import WAV, archive_of
from tests.support.machines.files import quick_jobs

GOOD = {"pbx/a.wav": WAV}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    with quick_jobs(monkeypatch):
        yield


@pytest.fixture
def page(wired, open_app):
    """The page with an archive waiting."""
    with wired.transaction() as session:
        for name in ("a", "b"):
            make_interaction(session, source="pbx", external_id=name, turns=())

    def page(content, name="calls.zip"):
        uploaded(wired.administrator, content, name)
        app = open_app("administrator").run()
        app.switch_page("imports.py").run()
        app.get_by_key("import_kind").set_value("recordings").run()
        assert not app.exception
        return app

    return page


def pressed(app, wired, key):
    import_button(app, key).click().run()
    OwnImport(wired.administrator).wait()
    app.run()
    assert not app.exception
    return {metric.label: metric.value for metric in app.metric}


def recording(wired, name="a"):
    with wired.reading() as session:
        return session.scalar(select(Interaction.recording).filter_by(external_id=name))


def test_recordings_are_looked_at_first_and_then_go_in(wired, page):
    app = page(archive_of(GOOD | {"pbx/z.wav": WAV}))
    counts = pressed(app, wired, "look_at_import")
    assert (counts["Files looked at"], counts["Added"], counts["Refused"]) == ("2", "1", "1")
    assert recording(wired) is None
    assert any("Nothing has been imported yet." in text for text in said(app))
    counts = pressed(app, wired, "agree_import")
    assert (counts["Added"], counts["Unchanged"]) == ("1", "0")
    assert recording(wired).endswith(".wav")
    assert any("still lack their recording: 1, such as pbx b" in text for text in said(app))
    assert any(text == "1 file was refused." for text in said(app))
    [table] = [each.value for each in app.table if "File" in each.value]
    assert table.values.tolist() == [[escape_markdown("pbx/z.wav"), "No encounter has this name."]]
    with wired.reading() as session:
        assert session.scalars(select(ImportBatch.kind)).all() == ["recordings"]


def test_one_sound_goes_in_by_its_name(wired, page):
    counts = pressed(page(WAV, "a.wav"), wired, "start_import")
    assert (counts["Added"], counts["Refused"]) == ("1", "0")
    assert recording(wired).endswith(".wav")


def test_what_is_no_archive_cannot_be_started(page):
    app = page(b"source,external_id\n", "calls.csv")
    assert any("nor a ZIP archive, nor a sound: calls" in text for text in said(app))
    assert not [each for each in app.button if (each.key or "").startswith("start_import")]
