"""A kind of task that the portal does not know: whoever is scored judges the own work.

It declares what sets it apart; the pad's routes, its desk, drafts, pins and submitting once hold
for it without more.
"""

from __future__ import annotations

from enum import StrEnum, auto

import pytest
from sqlalchemy import update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.access import Action, Role
from core.errors import not_found
from core.states import States, deed
from db.encounters.models import Interaction
from db.inspection import task_kinds
from db.inspection.models import Assignment, Draft, Inspection
from db.inspection.services.drafts import Work
from db.inspection.services.submission import Submitted
from db.inspection.task_kinds import TaskKind, TaskSource
from db.safekeeping.services.scrubbing import scrub_at_large
from db.store.moving import move
from pages.ui.kit import wiring
from pages.ui.kit.auth import COOKIE
from pages.web import cookies
from pages.web.inspection import pad
from tests.factories import make_user
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, PIN, answers
from tests.support.sign_in.sessions import session_token


class OwnState(StrEnum):
    OPEN = auto()
    JUDGED = auto()


OWN = States(
    kind="own_work",
    first=OwnState.OPEN,
    deeds=(deed("submit", OwnState.OPEN, OwnState.JUDGED, Action.SEE_OWN_RESULTS),),
    refusal="This was judged.",
)


class Toys(DeclarativeBase):
    pass


class OwnWork(Toys):
    __tablename__ = "own_work"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    interaction_id: Mapped[int]
    version_id: Mapped[int]
    state: Mapped[str] = mapped_column(default=OwnState.OPEN.value)
    score: Mapped[float | None]


class OwnTasks(TaskKind):
    states = OWN
    address = "own"
    action = Action.SEE_OWN_RESULTS
    source = TaskSource(
        model=OwnWork,
        joined=OwnWork,
        worker=OwnWork.user_id,
        interaction_id=OwnWork.interaction_id,
        checklist_version_id=OwnWork.version_id,
    )
    locked = (OwnWork.score,)

    def unknown(self, session, who, task_id):
        exists = session.get(OwnWork, task_id) is not None
        subject = ("own_work", task_id)
        return not_found("Not yours.", user_id=who.user_id, subject=subject, exists=exists)

    def following(self, session, who, task_id, *, today, narrowed):
        after = session.query(OwnWork.id).filter(OwnWork.id > task_id, OwnWork.state == "open")
        return after.filter_by(user_id=who.user_id).limit(1).scalar()

    def finish(self, session, who, row, work, now):
        own = session.get_one(OwnWork, row.id)
        own.score = work.sheet.score
        move(session, own, self.submit, who=who, now=now)

    def outcome(self, session, row):
        return Submitted(None, row.score, repeated=True)


class Client:
    """Somebody's browser at the pad of such a task."""

    def __init__(self, username):
        with wiring.transaction() as session:
            token = session_token(session, username, now=wiring.now())
        app = Starlette(routes=pad.routes_of(OwnTasks.address))
        self.http = TestClient(app, "http://localhost:8501", cookies={COOKIE: token})
        self.headers = {"X-CSRF-Token": cookies.api_token(token)}

    def state(self, task=1):
        return self.http.get(f"/api/own/{task}/state")

    def post(self, deed, version=0, task=1, **entered):
        blank = {"version": version, "evidence": [], "note": "", "active_seconds": 1}
        body = blank | {"answers": answers()} | entered
        return self.http.post(f"/api/own/{task}/{deed}", json=body, headers=self.headers)


@pytest.fixture
def own(wired, monkeypatch):
    """The kind is registered; charlie has two such tasks on the call of alice's queue."""
    monkeypatch.setattr(task_kinds, "_kinds", [*task_kinds._kinds, OwnTasks()])
    Toys.metadata.create_all(wired.seeded.engine)
    call = wired.one(lambda session: session.get_one(Assignment, wired.task).interaction_id)
    with wired.seeded.transaction() as session:
        session.add_all(
            OwnWork(
                id=number,
                user_id=wired.charlie.user_id,
                interaction_id=call,
                version_id=wired.version_id,
            )
            for number in (1, 2)
        )
    return wired


def test_it_is_opened_saved_and_submitted_and_leads_on(own):
    """Of HELLO and NAME, which count 40 of 100, one half is lost: 80."""
    charlie = Client("charlie")
    state = charlie.state().json()
    assert (state["state"], state["draft"]["version"]) == ("open", 0)
    assert [len(section["items"]) for section in state["checklist"]["sections"]] == [2, 3]
    saved = charlie.post("save", answers=answers(HELLO=NO), evidence=[PIN]).json()
    assert (saved["version"], saved["sheet"]["score"]) == (1, "80.0")
    sent = charlie.post("submit", version=1, answers=answers(HELLO=NO), evidence=[PIN]).json()
    assert (sent["next"]["assignment"], sent["next"]["state"]) == (2, "open")
    assert charlie.state().json()["state"] == "judged"
    rows = own.all(OwnWork.id, OwnWork.state, OwnWork.score)
    assert sorted(rows) == [(1, "judged", 80), (2, "open", None)]
    assert own.noted().count(("submit", "1")) == 1


def test_it_makes_no_inspection_and_leaves_the_assignment_of_its_number_alone(own):
    alice_draft = own.draft(Work(answers(), note="of alice"))
    charlie = Client("charlie")
    charlie.post("save", note="of charlie")
    assert own.all(Draft.kind, Draft.task_id, Draft.note) == [
        ("assignment", own.task, "of alice"),
        ("own_work", 1, "of charlie"),
    ]
    charlie.post("submit", version=1)
    assert own.all(Draft.note) == [("of alice",)]
    assert own.count(Inspection) == 0
    assert own.submit(version=alice_draft.version).score == 100


def test_two_tabs_meet_as_at_every_pad(own):
    charlie = Client("charlie")
    first = [charlie.post("save", note="first").json()["version"] for _ in range(2)]
    assert first == [1, 1]  # the answer was lost, and it was sent again
    assert charlie.post("save", note="second").status_code == 409
    assert charlie.post("submit", note="second").status_code == 409
    assert charlie.state().json()["draft"]["note"] == "first"


def test_what_is_not_complete_or_points_nowhere_is_refused(own):
    charlie = Client("charlie")
    blank = charlie.post("submit", answers={})
    assert (blank.status_code, len(blank.json()["items"])) == (422, 5)
    photo = {"item_key": "HELLO", "photo": "a" * 32}
    assert charlie.post("save", evidence=[photo]).status_code == 422
    moment = {"item_key": "HELLO", "moment": NOW.isoformat(), "moment_kind": "system"}
    assert charlie.post("save", evidence=[moment]).status_code == 422
    silent = answers(HONEST={"na": True})
    assert charlie.post("submit", answers=silent).json()["items"] == ["HONEST"]
    assert own.count(Draft) == 0


def test_it_is_submitted_once_and_takes_nothing_more(own):
    charlie = Client("charlie")
    replies = [charlie.post("submit", answers=answers(HELLO=lost)) for lost in (NO, NO)]
    assert [reply.json()["next"]["assignment"] for reply in replies] == [2, 2]
    assert charlie.post("save").json()["error"] == "This was judged."
    assert own.noted().count(("submit", "1")) == 1


@pytest.mark.parametrize(("username", "status"), [("alice", 403), ("dan", 404)])
def test_it_is_its_workers_alone(own, username, status):
    with own.seeded.transaction() as session:
        make_user(session, "dan", Role.STAFF)
    stranger = Client(username)
    assert stranger.state().status_code == status
    for deed_name in ("save", "submit"):
        assert stranger.post(deed_name).status_code == status
    assert own.count(Draft) == 0


def test_while_the_customer_refuses_it_tells_and_takes_nothing(own):
    charlie = Client("charlie")
    charlie.post("save", note="before")
    with own.seeded.transaction() as session:
        session.execute(update(Interaction).values(consent=False))
    assert charlie.state().json()["state"] == "withdrawn"
    assert "draft" not in charlie.state().json()
    assert [charlie.post(each, version=1).status_code for each in ("save", "submit")] == [422] * 2


def test_what_is_erased_goes_from_its_drafts_too(own):
    Client("charlie").post("save", note="Call Lin Meihua back")
    with own.seeded.transaction() as session:
        scrub_at_large(session, {"Lin Meihua"})
    assert set(own.all(Draft.kind, Draft.note)) == {("own_work", "Call ██████████ back")}
