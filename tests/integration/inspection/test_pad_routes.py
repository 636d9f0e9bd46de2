"""The pad's routes as a browser with a real session cookie meets them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from db.inspection.models import Inspection
from db.sign_in.services import login_sessions
from pages.ui.kit import wiring
from tests.factories import make_assignment, make_interaction, make_version
from tests.support.inspection.inspecting import NO, PIN, SMALL, YES, answers
from tests.support.inspection.pads import Browser


def entered(version=0, **values):
    return {
        "version": version,
        "answers": answers(),
        "evidence": [],
        "note": "",
        "active_seconds": 60,
    } | values


def inspections(world):
    return world.count(Inspection)


def test_the_state_has_all_it_takes_to_score(alice):
    state = alice.get().json()
    assert state["state"] == "open"
    assert [turn["position"] for turn in state["encounter"]["turns"]] == [1, 2, 3, 4]
    keys = [item["key"] for part in state["checklist"]["sections"] for item in part["items"]]
    assert keys == ["HELLO", "NAME", "RIGHT", "FAST", "HONEST"]
    assert state["token"] == alice.token
    assert state["sheet"]["score"] is None


def test_nothing_that_judges_the_encounter_is_sent(wired):
    task = wired.assigned(
        customer_rating=1.25, rating_low=1.0, rating_high=5.0, attributes={"csat": 1.25}
    )
    assert "1.25" not in Browser(wired, "alice", task).get().text


def test_a_field_of_a_record_is_told_in_words_whatever_it_holds(wired, alice):
    alice.task = wired.assigned(attributes={"bags": None, "seat": {"row": 3, "aisle": True}})
    facts = alice.get().json()["encounter"]["facts"]
    assert {fact["name"]: fact["value"] for fact in facts} == {
        "bags": "—",
        "seat": "row: 3, aisle: Yes",
    }


def test_a_save_returns_the_next_version_and_the_score_by_hand(alice):
    # 40 x 1/2 + 60 = 80 before critical; not HONEST: 20 + 60 x 3/4 = 65, capped at 50
    done = alice.post("save", entered(answers=answers(NAME=NO, HONEST=NO))).json()
    assert done["version"] == 1
    sheet = done["sheet"]
    assert (sheet["score"], sheet["before"], sheet["missing"]) == ("50.0", "65.0", [])
    assert sheet["sections"] == {"greeting": "50.0", "solution": "75.0"}
    assert sheet["items"]["NAME"] == {"lost": "20.0", "effect": ""}
    assert alice.get().json()["draft"]["version"] == 1


def test_the_ledger_tells_how_the_stored_score_came_about(alice):
    alice.post("save", entered(answers=answers(HONEST=NO)))
    lines = alice.get("ledger").json()["lines"]
    # 40 + 60 x 3/4 = 85, capped at 50
    capped = [line for line in lines if line["step"] == "capped" and line["level"] == "form"]
    assert [(line["calculation"], line["result"]) for line in capped] == [
        ("min(85.00, 50.00)", "50.00")
    ]


@pytest.mark.parametrize("path", ["save", "submit", "skip"])
@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_change_without_the_pages_token_is_refused(wired, alice, path, token):
    assert alice.post(path, entered(), token=token).status_code == 403
    assert alice.get().json()["draft"]["version"] == 0
    assert inspections(wired) == 0


def test_without_a_session_nothing_is_told(alice):
    alice.http.cookies.clear()
    assert alice.get().status_code == 401
    assert alice.post("save", entered()).status_code == 401


def test_after_signing_out_the_pad_is_told_so(wired, alice):
    with wiring.transaction() as session:
        login_sessions.revoke_sessions(session, wired.alice.user_id, now=wiring.now())
    refused = alice.post("save", entered())
    assert refused.status_code == 401
    assert "kept" in refused.json()["error"]


@pytest.mark.parametrize("path", ["state", "ledger", "save", "submit", "skip"])
def test_anothers_assignment_does_not_exist(wired, path):
    wired.inspector("dora")
    dora = Browser(wired, "dora")
    reading = path in ("state", "ledger")
    body = {"reason": "mine"} if path == "skip" else entered()
    reply = dora.get(path) if reading else dora.post(path, body)
    assert reply.status_code == 404
    assert inspections(wired) == 0


def test_who_does_not_score_is_refused(wired):
    assert Browser(wired, "bob").get().status_code == 403


def test_an_edit_of_an_old_version_is_refused_and_the_newer_one_stays(alice):
    alice.post("save", entered(note="first tab"))
    stale = alice.post("save", entered(note="second tab"))
    assert stale.status_code == 409
    assert alice.post("submit", entered(note="second tab")).status_code == 409
    assert alice.get().json()["draft"]["note"] == "first tab"


def test_a_save_whose_answer_was_lost_may_be_sent_again(alice):
    body = entered(evidence=[PIN | {"note": "x"}])
    assert [alice.post("save", body).json()["version"] for _ in range(3)] == [1, 1, 1]
    assert alice.post("save", body | {"version": 1, "note": "more"}).json()["version"] == 2


def test_a_double_submit_is_one_inspection(wired, alice):
    alice.post("save", entered())
    first, second = (alice.post("submit", entered(version=1)).json() for _ in range(2))
    assert first["inspection"] == second["inspection"]
    assert inspections(wired) == 1


def test_five_submits_at_once_are_one_inspection(wired, alice):
    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(lambda _: alice.post("submit", entered()), range(5)))
    assert {reply.status_code for reply in found} == {200}
    assert len({reply.json()["inspection"] for reply in found}) == 1
    assert inspections(wired) == 1


def test_submitting_gives_the_next_one_ready_to_score(wired, alice):
    following = wired.assigned()
    reply = alice.post("submit", entered()).json()
    assert reply["next"] == Browser(wired, "alice", following).get().json() | {
        "token": reply["next"]["token"]
    }
    last = Browser(wired, "alice", following).post("submit", entered()).json()
    assert last["next"] is None


def test_what_was_submitted_says_so_and_leads_on(wired, alice):
    following = wired.assigned()
    alice.post("submit", entered())
    state = alice.get().json()
    assert (state["state"], state["next"]) == ("submitted", following)
    assert "checklist" not in state
    assert alice.post("save", entered(version=0)).status_code == 422


def test_unanswered_items_are_named(wired, alice):
    given = answers()
    del given["NAME"], given["FAST"]
    refused = alice.post("submit", entered(answers=given))
    assert (refused.status_code, refused.json()["items"]) == (422, ["NAME", "FAST"])
    assert inspections(wired) == 0


def test_lost_points_without_evidence_are_named_where_the_checklist_wants_it(wired):
    with wired.seeded.transaction() as session:
        data = {**SMALL, "key": "strict", "sections": [dict(SMALL["sections"][0])]}
        data["sections"][0]["items"] = [{"key": "HELLO", "evidence_required": True}]
        version = make_version(session, data)
        call = make_interaction(session)
        task = make_assignment(session, interaction=call, checklist_version_id=version.id).id
    alice = Browser(wired, "alice", task)
    body = entered(answers={"HELLO": NO})
    assert alice.post("save", body).json()["sheet"]["unproven"] == ["HELLO"]
    body["version"] = 1
    refused = alice.post("submit", body)
    assert (refused.status_code, refused.json()["items"]) == (422, ["HELLO"])
    assert alice.post("submit", body | {"evidence": [PIN]}).status_code == 200


@pytest.mark.parametrize(
    ("rule", "status", "shown"), [("off", 200, []), ("ask", 200, ["HELLO"]), ("require", 422, [])]
)
def test_a_checklist_may_ask_for_or_demand_evidence_of_every_lost_point(wired, rule, status, shown):
    with wired.seeded.transaction() as session:
        data = {**SMALL, "key": "strict", "settings": {"evidence": rule}}
        version = make_version(session, data)
        call = make_interaction(session)
        task = make_assignment(session, interaction=call, checklist_version_id=version.id).id
    alice = Browser(wired, "alice", task)
    body = entered(answers=answers(HELLO=NO))
    assert alice.post("save", body).json()["sheet"]["wanted"] == shown
    assert alice.post("submit", body | {"version": 1}).status_code == status
    body["answers"] = answers(HELLO=NO | {"note": "never greeted"})
    assert alice.post("submit", body | {"version": 1}).status_code == 200


def test_putting_aside_needs_a_reason_and_leads_on(wired, alice):
    following = wired.assigned()
    assert alice.post("skip", {"reason": "  "}).status_code == 422
    assert alice.post("skip", {}).status_code == 422
    reply = alice.post("skip", {"reason": "the line was cut"})
    assert reply.json()["next"]["assignment"] == following
    assert alice.get().json()["state"] == "skipped"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        entered(version=-1),
        entered(version="0"),
        entered(version=True),
        entered(answers=[]),
        entered(evidence={}),
        entered(note=None),
        entered(note="x" * 10_001),
        entered(active_seconds=-1),
        entered(score=100),
        entered(note="a\x00b"),
        entered(answers={"HELLO": YES | {"note": "\ud83d"}}),
        entered(answers={"GONE": YES}),
        entered(answers={"HELLO": {"value": "maybe"}}),
        entered(answers={"HELLO": "yes"}),
        entered(evidence=["HELLO"]),
        entered(evidence=[PIN | {"item_key": "GONE"}]),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence_and_nothing_is_stored(alice, body):
    refused = alice.post("save", body)
    assert refused.status_code == 422
    assert refused.json()["error"].endswith(".")
    assert alice.get().json()["draft"]["version"] == 0


def test_the_answer_is_in_the_language_of_the_page(wired):
    with wired.seeded.transaction() as session:
        task = make_assignment(session, checklist_version_id=wired.seeded.phone_id).id
    alice = Browser(wired, "alice", task)
    titles = {
        language: alice.get(params={"lang": language}).json()["checklist"]["title"]
        for language in ("zh_TW", "zh_CN", "en", "xx")
    }
    assert titles == {
        "zh_TW": "電話服務 1",
        "zh_CN": "电话服务 1",
        "en": "Phone service 1",
        "xx": "Phone service 1",  # her own language
    }
