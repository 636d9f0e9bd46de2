"""Photos as evidence: sent from the pad, kept with the case, gone with a discarded draft."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import Role
from core.settings import Settings
from db.cases.queries.case import case
from db.inspection.models import Evidence, Photo
from db.inspection.services import photos
from db.inspection.services.amendments import amend
from db.store.models import AuditEvent
from db.upkeep.jobs import Jobs
from pages.ui.kit import wiring
from pages.web import cookies
from pages.web.inspection import photos as routes
from tests.factories import identity, make_station, make_user
from tests.support.inspection.inspecting import NO, answers
from tests.support.inspection.pads import Browser
from tests.support.inspection.pictures import opened, photo

REGION = {"region_left": 0.25, "region_top": 0.5, "region_width": 0.5, "region_height": 0.25}


def send(browser, data, token=None):
    headers = {"X-CSRF-Token": browser.token if token is None else token}
    return browser.http.post(f"/api/pad/{browser.task}/photo", content=data, headers=headers)


def sent(browser):
    return send(browser, photo(turned=True)).json()["photo"]


def look(browser, name):
    return browser.http.get(f"/api/photo/{name}")


def submitted(browser, name, **pin):
    body = {
        "version": 0,
        "answers": answers(NAME=NO),
        "evidence": [{"item_key": "NAME", "photo": name} | pin],
        "note": "",
        "active_seconds": 60,
    }
    return browser.post("submit", body)


def files(tmp_path):
    return sorted(path.stem for path in tmp_path.glob("photos/*/*.jpg"))


def test_a_photo_is_kept_under_a_name_of_chance_and_shown_again(alice, tmp_path):
    reply = send(alice, photo(turned=True, camera="Spy 3000"))
    found = reply.json()
    assert (reply.status_code, found["width"], found["height"]) == (200, 30, 60)
    assert files(tmp_path) == [found["photo"]]
    shown = look(alice, found["photo"])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in shown.headers["cache-control"]
    assert b"Spy 3000" not in shown.content
    assert opened(shown.content).size == (30, 60)


def test_a_region_of_a_photo_becomes_evidence(wired, alice):
    name = sent(alice)
    assert submitted(alice, name, **REGION).status_code == 200
    columns = (getattr(Evidence, column) for column in ("item_key", "photo", *REGION))
    assert wired.all(*columns) == [("NAME", name, 0.25, 0.5, 0.5, 0.25)]


def test_an_amended_inspection_shows_the_same_photo(wired, alice):
    inspection = submitted(alice, sent(alice)).json()["inspection"]
    wired.do(amend, wired.bob, inspection_id=inspection, answers=answers(), reason="said so")
    assert len({row.photo for row in wired.all(Evidence.photo)}) == 1
    assert wired.count(Evidence) == 2


def test_a_photo_of_another_encounter_proves_nothing_here(wired, alice):
    elsewhere = sent(Browser(wired, "alice", wired.assigned()))
    refused = submitted(alice, elsewhere)
    assert (refused.status_code, "photo does not exist" in refused.json()["error"]) == (422, True)
    assert wired.count(Evidence) == 0


@pytest.mark.parametrize("data", [b"", b"GIF89a", photo()[:99]])
def test_what_is_no_photo_is_refused_and_leaves_nothing(wired, alice, tmp_path, data):
    assert send(alice, data).status_code == 422
    assert (wired.count(Photo), files(tmp_path)) == (0, [])


@pytest.mark.parametrize(
    ("asked", "start"),
    [("zh_TW", "無法讀取這張照片"), ("zh_CN", "无法读取这张照片"), ("xx", "This is no photo")],
)
def test_a_refusal_is_in_the_language_of_the_page(alice, asked, start):
    headers = {"X-CSRF-Token": alice.token}
    address = f"/api/pad/{alice.task}/photo?lang={asked}"
    reply = alice.http.post(address, content=b"GIF89a", headers=headers)
    assert reply.json()["error"].startswith(start)


@pytest.mark.parametrize("path", ["state", "photo"])
def test_who_is_signed_out_is_told_in_the_language_of_the_page(alice, path):
    alice.http.cookies.set(cookies.SESSION, "ended", domain="localhost.local")
    address = f"/api/pad/{alice.task}/{path}?lang=zh_TW"
    reply = alice.http.request("GET" if path == "state" else "POST", address)
    assert (reply.status_code, reply.json()["error"][:6]) == (401, "您已登出。請")


def test_too_large_a_file_is_refused_as_announced_and_as_sent(wired, alice, tmp_path, monkeypatch):
    monkeypatch.setattr(routes, "MOST_BYTES", 300)
    assert send(alice, bytes(301)).status_code == 422
    assert send(alice, iter([bytes(200), bytes(200)])).status_code == 422
    assert (wired.count(Photo), files(tmp_path)) == (0, [])


def test_an_encounter_has_only_so_many_photos(wired, alice, tmp_path, monkeypatch):
    monkeypatch.setattr(photos, "MOST_PHOTOS", 1)
    first = sent(alice)
    assert send(alice, photo()).status_code == 422
    assert files(tmp_path) == [first]


@pytest.mark.parametrize("token", ["", "wrong"])
def test_without_the_pages_token_nothing_is_kept(alice, tmp_path, token):
    assert send(alice, photo(), token=token).status_code == 403
    assert files(tmp_path) == []


def test_only_who_scores_the_encounter_adds_photos_while_it_is_open(wired, alice, tmp_path):
    wired.inspector("dora")
    assert send(Browser(wired, "dora"), photo()).status_code == 404
    assert send(Browser(wired, "bob"), photo()).status_code == 403
    submitted(alice, sent(alice))
    assert send(alice, photo()).status_code == 422
    assert len(files(tmp_path)) == 1


def test_a_draft_of_anothers_photo_is_not_shown(wired, alice):
    name = sent(alice)
    for username in ("bob", "charlie"):
        assert look(Browser(wired, username), name).status_code == 404
    wired.inspector("dora")
    assert look(Browser(wired, "dora"), name).status_code == 404
    assert look(alice, "0" * 32).status_code == 404
    assert look(alice, "..%2fkeys").status_code == 404


def test_evidence_is_shown_to_who_may_read_the_case_and_the_log_knows(wired, alice):
    name = sent(alice)
    submitted(alice, name)
    with wired.seeded.transaction() as session:
        top = make_station(session)
        make_user(session, "elsewhere", Role.STATION_MANAGER, station_id=top.id)
        make_user(session, "tina", Role.TRAINER)
    codes = [
        look(Browser(wired, username), name).status_code
        for username in ("alice", "bob", "charlie", "elsewhere", "tina")
    ]
    assert codes == [200, 200, 200, 404, 404]
    seen = wired.all(AuditEvent.action, AuditEvent.object_id, AuditEvent.user_id)
    assert [who for action, subject, who in seen if (action, subject) == ("view", name)] == [
        wired.bob.user_id,
        wired.charlie.user_id,
    ]


def test_a_discarded_draft_takes_its_photos_along(wired, alice, tmp_path):
    name = sent(alice)
    assert alice.post("skip", {"reason": "nobody came"}).status_code == 200
    assert (wired.count(Photo), files(tmp_path)) == (0, [])
    assert look(alice, name).status_code == 404


def test_what_no_evidence_shows_is_removed_after_a_day(wired, alice, tmp_path):
    kept, dropped = sent(alice), sent(alice)
    submitted(alice, kept)
    open_one = sent(Browser(wired, "alice", wired.assigned()))
    wiring.files().write(photos.photo_file("ab" * 16), photo())  # its row was never written
    jobs = Jobs(Settings(var_dir=tmp_path), wiring.engine())
    jobs.drop_photos(now=wiring.now())
    assert len(files(tmp_path)) == 4
    jobs.drop_photos(now=wiring.now() + timedelta(days=2))
    assert files(tmp_path) == sorted([kept, open_one])
    assert {row.name for row in wired.all(Photo.name)} == {kept, open_one}
    assert dropped not in files(tmp_path)


def test_a_moment_is_kept_with_what_told_it(wired):
    events = [{"name": "boarded", "at": "2026-03-15T01:30:00+00:00", "source": "system"}]
    browser = Browser(wired, "alice", wired.assigned(events=events))
    body = {"version": 0, "answers": answers(NAME=NO), "note": "", "active_seconds": 60}
    typed = {"item_key": "NAME", "moment": "2026-03-15T09:31:00+08:00", "moment_kind": "manual"}
    recorded = {"moment": "2026-03-15T09:30:00+08:00", "moment_kind": "system"}
    forged = typed | {"moment_kind": "system"}
    assert browser.post("save", body | {"evidence": [forged]}).status_code == 422
    pins = [typed, typed | recorded]
    assert browser.post("submit", body | {"evidence": pins}).status_code == 200
    stored = wired.all(Evidence.moment, Evidence.moment_kind)
    assert [(at.isoformat(), kind) for at, kind in stored] == [
        ("2026-03-15T01:31:00+00:00", "manual"),
        ("2026-03-15T01:30:00+00:00", "system"),
    ]


def test_who_may_not_know_the_name_is_told_that_there_is_a_photo_and_sees_none(wired, alice):
    inspection = submitted(alice, sent(alice)).json()["inspection"]
    with wired.seeded.transaction() as session:
        make_user(session, "tina", Role.TRAINER)
        tina = identity(session, "tina")
    seen = {
        who.username: [
            pin.photo for pin in wired.one(lambda s, who=who: case(s, who, inspection)).pins
        ]
        for who in (wired.bob, tina)
    }
    assert len(seen["bob"][0]) == 32
    assert seen["tina"] == [""]
