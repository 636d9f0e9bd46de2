"""No stored text gives the staff list away to a reader who may not know names.

Every text that people wrote or said names a member of staff here (`tests/support/people/named.py`);
every query and every route a reader may open is tried and all it gives is looked through. A new
query or column is tried without being named here.
"""

from __future__ import annotations

import pytest

from core.access import Identity
from core.errors import PortalError
from core.files.kinds import KINDS, Kind
from core.files.steps import FileEvent, Step
from core.jobs.kinds import IMPORT
from core.periods import Period
from db.cases.queries.case import case
from db.cases.queries.case_filter import CaseFilter
from db.cases.queries.cases import cases, summary
from db.cases.queries.similar import similar_cases
from db.cases.services import saved_filters
from db.encounters.models import Turn
from db.files.queries.file_filter import FileFilter, Which
from db.files.services.entering import FileEntry, enter_file
from db.files.services.steps import take_step
from db.files.writing import Taken
from db.inspection.queries.desk import desk
from db.people.models import Staff
from db.results.queries.stations import Slice
from db.safekeeping.queries import audit_log
from db.teaching.models import CaseSet, SavedFilter
from db.teaching.queries.practice_attempts import answer_pairs
from db.teaching.services.handouts import open_handout
from db.teaching.tasks import PRACTISED
from db.training.queries.candidates import ProposalBasis
from db.warning.queries.lists import Which as WarningLists
from pages.web.routes import routes
from tests.support.clock import NOW
from tests.support.house import doors
from tests.support.inspection.pads import Browser, wired_to
from tests.support.people.named import NAME, NUMBER, SIGNS, Named, named_in, texts_in

READERS = ("tina", "charlie", "sam", "irma", "alice")
READING = sorted(
    name
    for name, function in doors.functions().items()
    if doors.acts_for_somebody(function)
    and (
        ".queries." in name
        or name.split(".")[-1] in ("open_case", "open_handout", "open_roster", "saved_filters")
    )
)
NAMED_BY_RULE = {
    # who teaches people knows them; the notes beside the names are tried below
    *("training.queries.courses.roster", "training.services.attendance.open_roster"),
    # who scores an encounter hears and reads it as it was
    *(
        "inspection.queries.desk.desk",
        "inspection.queries.desk.recording",
        "inspection.queries.queue.queue",
    ),
    # the badge tells an inspector on site
    "inspection.queries.observations.people",
}
NO_READING = {
    "files.queries.sight.seen_file",  # hands its row on to `file_view`
    # hands its row on to the course's questions, items and candidates
    "training.queries.courses.planned_course",
    "inspection.queries.own_work.refuse_own",  # gives nothing
    "inspection.queries.who_may_see.is_own",  # compare what they are given
    "inspection.queries.who_may_see.may_see",
    "inspection.queries.who_may_see.may_see_photos",
    "cases.queries.case_filter.of_encounters",  # ids and scores alone
    "cases.queries.case_search.ids_by_rarest_lead",
    "inspection.queries.who_may_see.is_own_photo",
    "training.queries.own_questions.seen_picture",  # only asks who may see it
    *(
        "sign_in.queries.accounts.open_sessions",
        "sign_in.queries.accounts.own_account",
    ),  # one's own sign-in
    *("sign_in.queries.sign_in_events.own_events", "sign_in.queries.sign_in_events.unread_events"),
}
PART = Slice(Period(202501, 202612), 1)


@pytest.fixture
def named(world) -> Named:
    named = Named(world)
    _close_a_file(world)
    return named


def _close_a_file(world) -> None:
    """Whatever is written in it names a member of staff; it is the first there is."""
    with world.seeded.transaction() as session:
        common = {"who": world.bob, "now": NOW}
        entry = FileEntry(
            kind=Kind.PROBLEM,
            station_id=world.seeded.station_id,
            channel="phone",
            content=NAME,
            demand=NAME,
            contact=NAME,
        )
        file_id = enter_file(session, entry=entry, **common)
        absent = frozenset(KINDS[Kind.PROBLEM].required) - {Step.ARCHIVED}
        closing = FileEvent(Step.ARCHIVED, NOW, absent=absent)
        take_step(session, file_id=file_id, taken=Taken(closing, NAME), **common)
        assert file_id == 1


def arguments(named: Named, name: str) -> dict:
    values = named.arguments() | {
        "limit": 25,
        "low_mark": 60.0,
        "how": "view",
        "period": Period(202510, 202612),
        "running": 202612,
    }
    values |= {
        "part": PART,
        "slice_": PART,
        "station_id": 1,
        "checklist_id": 1,
        "language": "en",
        "archived": False,
        "roles": ["staff"],
        "number": "call-1",
        "typed": NAME,
    }
    values["case_filter"] = CaseFilter()
    values["filters"] = audit_log.AuditFilter()
    values["basis"] = ProposalBasis(Period(202510, 202511), NOW.date(), {})
    values["assignment_id"] = named.world.task
    values["interaction_id"] = named.world.inspection(named.case).interaction_id
    values["ids"] = [named.case]
    values["task_ids"] = [named.tasks["sam"]]
    values["on"] = NOW.date()
    values["encounters"] = []
    values["staff_id"] = values["served_by"] = named.world.seeded.staff_id
    values["appeal_id"] = 1
    values["items"] = frozenset({"HELLO"})
    values["user_id"] = named.world.alice.user_id
    values["account_id"] = named.world.alice.user_id
    values["job_kind"] = IMPORT
    values["kinds"] = ["appeal"]
    values["file_id"] = 1
    values["is_open"] = True
    values["question_id"] = named.question
    values["certificate_id"] = 1
    values["number"] = "000001-ABCD-EFGH-JKLM"
    values["set_ids"] = [named.set_id]
    values["name"] = "f" * 32
    values["file_filter"] = FileFilter(which=Which.ENDED)
    if name.startswith("warning."):
        values["which"] = WarningLists.OPEN
    if name.endswith("open_handout"):
        values["how"] = "print"
    return values


@pytest.mark.parametrize("reader", READERS)
def test_no_query_gives_a_name(named: Named, reader: str) -> None:
    who = named.readers[reader]
    leaks, untried, opened = {}, {}, set()
    for name in sorted(set(READING) - NAMED_BY_RULE - NO_READING):
        function = doors.functions()[name]
        values = arguments(named, name) | {"task_id": named.tasks[reader] or 0}
        with named.world.seeded.transaction() as session:
            try:
                given = doors.call(function, values | {"session": session, "who": who})
                found = list(texts_in(list(given) if name.endswith("all_events") else given))
            except PortalError:
                continue
            except (doors.Touched, TypeError) as error:
                untried[name] = error
                continue
            opened.add(name)
        if signs := {sign for text in found for sign in named_in(text)}:
            leaks[name] = signs
    assert not untried, "give them arguments"
    assert not leaks
    assert opened
    if reader == "tina":
        assert {
            "files.queries.file_list.files",
            "files.queries.one_file.file_view",
            "improvements.queries.lists.actions",
            "improvements.queries.one.action",
            "improvements.queries.told.unread_actions",
            "warning.queries.lists.warnings",
            "warning.queries.one.warning",
            "warning.queries.told.unread_warnings",
            "cases.queries.case.case",
            "cases.queries.cases.cases",
            "teaching.queries.practice.rounds",
        } <= opened


def test_notes_beside_names_on_a_list_name_nobody(named: Named) -> None:
    """Charlie is on the list by name; the text of the note names her, who is not on it."""
    function = doors.functions()["training.queries.courses.roster"]
    with named.world.seeded.reading() as session:
        rows = function(session, named.readers["tina"], named.run)
    assert [row.name for row in rows] == ["Charlie"] or rows
    assert not [text for text in texts_in(rows) if named_in(text)]


def test_managers_read_everything_as_it_is_stored(named: Named) -> None:
    bob = named.world.bob
    with named.world.seeded.reading() as session:
        view = case(session, bob, named.case)
        stored = named.world.inspection(named.case)
        row = cases(session, bob, CaseFilter(words=NAME)).rows
    assert view.raw_answers == stored.answers
    assert view.note == stored.note
    assert all(NAME in turn.text for turn in view.turns)
    assert row


def test_what_a_class_sees_names_nobody_whoever_opens_it(named: Named) -> None:
    bob = named.world.bob
    with named.world.seeded.transaction() as session:
        session.get_one(CaseSet, named.set_id).shared = True
        handout = open_handout(
            session, who=bob, version_id=named.version_id, how="present", now=NOW
        )
    assert not [text for text in texts_in(handout) if named_in(text)]


def test_practice_names_nobody(named: Named) -> None:
    with named.world.seeded.reading() as session:
        submitted, begun = (
            desk(session, named.readers[name], PRACTISED.task(named.tasks[name]))
            for name in ("sam", "tina")
        )
        pairs = answer_pairs(session, named.readers["sam"], named.round, [named.tasks["sam"]])
    assert submitted.encounter.turns
    assert begun.draft.version == 1
    assert pairs
    assert not [text for text in texts_in((submitted, begun, pairs)) if named_in(text)]


def test_who_is_scored_reads_the_own_name_and_no_other(named: Named) -> None:
    with named.world.seeded.transaction() as session:
        session.get_one(Staff, named.world.charlie.staff_id).name = "周俊宏"
        interaction = named.world.inspection(named.case).interaction_id
        for turn in session.query(Turn).filter_by(interaction_id=interaction):
            turn.text = f"我是周俊宏，{NAME}代接"

    def said(who: Identity) -> set[str]:
        view = named.world.one(lambda session: case(session, who, named.case))
        return {turn.text for turn in view.turns}

    assert said(named.world.charlie) == {"我是周俊宏，███代接"}
    assert said(named.readers["tina"]) == {"我是███，███代接"}
    assert said(named.world.bob) == {f"我是周俊宏，{NAME}代接"}


def test_nothing_is_found_by_a_hidden_name(named: Named) -> None:
    """Whole, in part, with its neighbours, in the other script: nothing, not even a count."""
    tina, bob = named.readers["tina"], named.world.bob
    hidden = (
        NAME,
        "陈丽华",
        "麗華",
        f"客服{NAME}",
        "我是客服陳",
        "華，同事",
        "丽",
        NUMBER,
        "yf10031",
        "yf1",
    )
    with named.world.seeded.reading() as session:
        for words in hidden:
            wanted = CaseFilter(words=words)
            assert cases(session, bob, wanted).rows, words
            assert cases(session, tina, wanted).rows == (), words
            found = summary(session, tina, wanted, 60.0)
            assert (found.count, found.more, found.low, found.most_lost) == (0, False, 0, ())
        beside = cases(session, tina, CaseFilter(words="我是客服 同事")).rows
    assert beside
    for row in beside:
        assert [row.excerpt.text[start:end] for start, end in row.excerpt.hits]
        assert {row.excerpt.text[start:end] for start, end in row.excerpt.hits} <= {
            "我是客服",
            "同事",
        }
        assert not named_in(row.excerpt.text)


def test_a_name_by_itself_is_hidden_the_moment_it_is_on_the_list(named: Named) -> None:
    tina = named.readers["tina"]
    with named.world.seeded.transaction() as session:
        interaction = named.world.inspection(named.case).interaction_id
        for turn in session.query(Turn).filter_by(interaction_id=interaction):
            turn.text = "我是新來的歐陽菲"

    def said() -> set[str]:
        return {
            turn.text
            for turn in named.world.one(lambda session: case(session, tina, named.case)).turns
        }

    assert said() == {"我是新來的歐陽菲"}
    made = named.world.staff(name="歐陽菲", active=False).id
    assert said() == {"我是新來的███"}
    with named.world.seeded.transaction() as session:
        session.get_one(Staff, made).name = "歐陽雨"
    assert said() == {"我是新來的歐陽菲"}


def test_likeness_is_of_what_may_be_read(named: Named) -> None:
    """Two texts alike in a hidden name alone are as alike as two without it."""
    tina = named.readers["tina"]
    with named.world.seeded.reading() as session:
        found = similar_cases(session, tina, named.case)
    assert found
    assert not [text for text in texts_in(found) if named_in(text)]


def test_a_shared_filter_that_asks_for_a_name_is_left_out(named: Named) -> None:
    with named.world.seeded.transaction() as session:
        for kept in session.query(SavedFilter):
            kept.user_id, kept.shared = named.world.bob.user_id, True
        rows = saved_filters(session, named.readers["tina"])
        assert rows == []
        assert len(saved_filters(session, named.world.bob)) == 1


@pytest.mark.parametrize("reader", ["tina", "sam", "charlie"])
def test_no_route_gives_a_name(named: Named, reader, tmp_path, monkeypatch) -> None:
    """Every GET route with the numbers that exist; what is refused gives nothing."""
    ids = {
        "inspection_id": named.case,
        "version_id": named.version_id,
        "task": named.tasks[reader] or 0,
        "interaction": 1,
    }
    answered = set()
    with wired_to(named.world.seeded.engine, tmp_path, monkeypatch):
        browser = Browser(named.world, reader)
        for route in routes:
            if "GET" not in (getattr(route, "methods", None) or ()):
                continue
            path = route.path
            for key, value in ids.items():
                path = path.replace(f"{{{key}:int}}", str(value))
            for query in ("", "?answers=1", "?answers=1&download=1"):
                answer = browser.http.get(path + query)
                assert not named_in(answer.text), path + query
                if answer.status_code == 200:
                    answered.add(route.path)
    wanted = {
        "tina": {"/case-set/{version_id:int}/handout", "/case-set/{version_id:int}/present"},
        "sam": {"/api/practice/{task:int}/state", "/api/practice/{task:int}/ledger"},
        "charlie": {"/print/inspection/{inspection_id:int}"},
    }
    assert wanted[reader] <= answered


def test_her_signs_are_what_managers_see(named: Named) -> None:
    """The looking-through itself works: for a manager every sign is found."""
    with named.world.seeded.reading() as session:
        view = case(session, named.world.bob, named.case)
    assert {sign for text in texts_in(view) for sign in named_in(text)} == set(SIGNS)
