"""Observations carried in a workbook: written, filled in, handed in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from core.errors import InvalidInput, NotAllowed
from core.i18n import translations
from db.checklists.parsed_versions import checklist_of
from db.encounters.models import Interaction
from db.inspection.models import Evidence, Inspection
from db.inspection.observation_workbook import Blank, write
from db.inspection.observation_workbook_reading import FaultyWorkbook
from db.inspection.services.observation_workbooks import hand_in
from db.people.models import Staff, Station
from db.tabular.tables import Unreadable
from tests.factories import make_staff, make_station, make_version
from tests.support.clock import NOW
from tests.support.importing.open_documents import as_open_document
from tests.support.inspection.inspecting import SMALL, World

ITEMS = [
    {"key": "HELLO"},
    {"key": "SMILE", "kind": "graded", "na_reason_required": True},
    {
        "key": "HELP",
        "kind": "multi",
        "required": False,
        "options": [
            {"key": "bag", "points": 1, "text": {"en": "With bags"}},
            {"key": "map", "points": 1, "text": {"en": "With the way"}},
        ],
    },
    {
        "key": "WAIT",
        "kind": "number",
        "required": False,
        "ranges": [{"min": 0, "max": 9, "points": 1}],
    },
    {
        "key": "TIE",
        "effects": {"no": {"cap": 60}},
        "na_when": [{"fact": "uniform_variant", "values": ["scarf"]}],
    },
]
FORM = {
    **SMALL,
    "key": "desk",
    "channels": ["counter"],
    "sections": [{"key": "all", "items": ITEMS}],
}
KEY = "0123456789abcdef" * 2
HEAD = ["TPE", "S-TIE", date(2026, 3, 2), time(14, 30), "Ordinary"]


def speak(language):
    return translations(language).gettext


class Desk(World):
    def __init__(self, seeded):
        super().__init__(seeded)
        with seeded.transaction() as session:
            station = make_station(session, code="TPE", kind="airport")
            for variant in ("tie", "scarf"):
                number = f"S-{variant.upper()}"
                make_staff(session, station=station, staff_no=number, uniform_variant=variant)
            self.version = make_version(session, FORM).id

    def blank(self, language="en", key=KEY):
        checklist = self.one(lambda session: checklist_of(session, self.version))
        people = {"TPE": ["S-SCARF", "S-TIE"]}
        return write(Blank(key, self.version, checklist, language, people), speak(language))

    def hand_in(self, data, who=None):
        return self.do(hand_in, who or self.alice, data=data, speak=speak)


@pytest.fixture
def desk(world):
    return Desk(world.seeded)


def filled(data, head=HEAD, **answers):
    """The workbook as somebody saved it; answers are (answer, reason, note) by item."""
    book = load_workbook(BytesIO(data))
    for column, value in enumerate(head, start=1):
        book.worksheets[0].cell(2, column).value = value
    given = {"HELLO": ("Yes",), "SMILE": ("4",), "TIE": ("Yes",)} | answers
    for row in book.worksheets[1].iter_rows(min_row=2):
        for cell, value in zip(row[2:5], given.get(row[0].value, ()), strict=False):
            cell.value = value
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def faults(desk, data):
    with pytest.raises(FaultyWorkbook) as caught:
        desk.hand_in(data)
    assert desk.count(Inspection) == 0
    return [(fault.sheet, fault.row, fault.column) for fault in caught.value.faults]


def test_every_choice_is_offered_in_a_list_and_the_rest_is_hidden(desk):
    book = load_workbook(BytesIO(desk.blank()))
    assert [sheet.sheet_state for sheet in book] == ["visible", "visible", "hidden", "hidden"]
    rules = book.worksheets[1].data_validations.dataValidation
    lists = book.worksheets[3]
    offered = {}
    for rule in rules:
        area = lists[rule.formula1.removeprefix("lists!").replace("$", "")]
        offered[str(rule.sqref)] = [cell.value for (cell,) in area]
    assert offered == {
        "C2": ["Yes", "No", "N/A"],
        "C3": ["4", "3", "2", "1", "0", "N/A"],
        "C6": ["Yes", "No", "N/A"],
    }


def test_it_becomes_the_inspection_that_the_pad_would_have_made(desk):
    given = {"HELLO": ("No", None, "said nothing"), "HELP": ("With bags; With the way",)}
    done = desk.hand_in(filled(desk.blank(), **given, WAIT=(3,)))
    # five items of equal weight: no, 4 of 4, both, in range, yes = 4 of 5
    assert (done.case, done.repeated, done.score) == ("OBS-0123456789AB", False, 80.0)
    [stored] = desk.all(Inspection.answers, Inspection.sample_class, Inspection.occurred_at)
    assert stored.answers == {
        "HELLO": {"value": "no", "note": "said nothing"},
        "SMILE": {"value": 4},
        "HELP": {"values": ["bag", "map"]},
        "WAIT": {"value": 3.0},
        "TIE": {"value": "yes"},
    }
    assert stored.sample_class == "observed"
    assert stored.occurred_at == datetime(2026, 3, 2, 6, 30, tzinfo=UTC)  # 14:30 in Taipei
    [row] = [row for (row,) in desk.all(Interaction) if row.source == "observation"]
    assert [event["source"] for event in row.events] == ["manual"]


@pytest.mark.parametrize(("language", "yes"), [("zh_TW", "是"), ("zh_CN", "是")])
def test_it_speaks_the_readers_language_there_and_back(desk, language, yes):
    words = speak(language)
    blank = desk.blank(language)
    assert load_workbook(BytesIO(blank)).sheetnames[0] == words("Encounter") != "Encounter"
    head = [*HEAD[:4], words("In distress, ill or bereaved")]
    given = {"HELLO": (yes,), "SMILE": (words("N/A"), "不宜微笑"), "TIE": (yes,)}
    assert desk.hand_in(filled(blank, head, **given)).score == 100.0


def test_handed_in_twice_it_is_one_inspection(desk):
    data = filled(desk.blank())
    assert [desk.hand_in(data).repeated for _ in range(3)] == [False, True, True]
    assert desk.count(Inspection) == 1


@pytest.mark.parametrize(
    "head",
    [["TPE", "S-SCARF", *HEAD[2:]], [*HEAD[:3], time(16, 0), "Ordinary"]],
)
def test_a_copy_that_tells_of_another_encounter_is_not_taken_for_the_first(desk, head):
    blank = desk.blank()
    desk.hand_in(filled(blank))
    with pytest.raises(InvalidInput, match="another encounter"):
        desk.hand_in(filled(blank, head))
    assert desk.count(Inspection) == 1


def test_a_note_beside_no_answer_is_kept(desk):
    """WAIT is left blank, TIE is ruled out by the uniform before anybody looks."""
    notes = {"WAIT": (None, None, "a long queue"), "TIE": (None, None, "red scarf")}
    desk.hand_in(filled(desk.blank(), ["TPE", "S-SCARF", *HEAD[2:]], **notes))
    [inspection] = desk.one(lambda session: session.scalars(select(Inspection)).all())
    assert "WAIT" not in inspection.answers
    assert inspection.answers["TIE"]["na"]
    assert inspection.answers["TIE"]["note"] == "red scarf"
    assert desk.all(Evidence.item_key, Evidence.note) == [("WAIT", "a long queue")]


@pytest.mark.parametrize(
    ("written", "hour", "minute"), [("9:05", 9, 5), ("14：30", 14, 30), ("09:05:00", 9, 5)]
)
def test_a_time_may_be_text(desk, written, hour, minute):
    desk.hand_in(filled(desk.blank(), [*HEAD[:3], written, "Ordinary"]))
    [at] = desk.one(
        lambda session: session.scalars(
            select(Interaction.occurred_at).where(Interaction.source == "observation")
        ).all()
    )
    assert at == datetime(2026, 3, 2, hour - 8, minute, tzinfo=UTC)


@pytest.mark.parametrize("written", ["14.30", "14", "25:00", "2 pm"])
def test_a_time_is_not_guessed(desk, written):
    """Python reads 14.30 as a third of a second past two o'clock."""
    data = filled(desk.blank(), [*HEAD[:3], written, "Ordinary"])
    assert faults(desk, data) == [("Encounter", 2, "Time")]


def test_anothers_workbook_is_not_taken_over(desk):
    data = filled(desk.blank())
    desk.hand_in(data)
    with pytest.raises(NotAllowed):
        desk.hand_in(data, desk.inspector("dora"))


def test_what_the_uniform_rules_out_need_not_be_answered(desk):
    head = ["TPE", "S-SCARF", *HEAD[2:]]
    assert desk.hand_in(filled(desk.blank(), head, TIE=(None,))).score == 100.0


def test_every_wrong_cell_is_named_by_row_and_column(desk):
    head = ["TPE", "S-TIE", "yesterday", "noon", "cheerful"]
    data = filled(desk.blank(), head, HELLO=("Perhaps",), SMILE=(7,), WAIT=("long",))
    assert faults(desk, data) == [
        ("Answers", 2, "Answer"),
        ("Answers", 3, "Answer"),
        ("Answers", 5, "Answer"),
        ("Encounter", 2, "Day"),
        ("Encounter", 2, "Time"),
        ("Encounter", 2, "Passenger"),
    ]


def test_missing_answers_are_named_and_nothing_is_left_behind(desk):
    assert faults(desk, filled(desk.blank(), HELLO=(None,), SMILE=("N/A",))) == [
        ("Answers", 2, "Answer"),
        ("Answers", 3, "Reason for N/A"),
    ]


def test_a_critical_item_is_not_applicable_with_a_reason_only(desk):
    assert faults(desk, filled(desk.blank(), TIE=("N/A", "  "))) == [
        ("Answers", 6, "Reason for N/A")
    ]
    desk.hand_in(filled(desk.blank(), TIE=("N/A", "plain clothes")))
    [inspection] = desk.one(lambda session: session.scalars(select(Inspection)).all())
    assert inspection.answers["TIE"] == {"na": True, "reason": "plain clothes"}


def test_nobody_and_no_station_are_chosen_beforehand(desk):
    book = load_workbook(BytesIO(desk.blank()))
    assert [cell.value for cell in book.worksheets[0][2]][:4] == [None] * 4
    assert faults(desk, filled(desk.blank(), [None, None, *HEAD[2:]])) == [
        ("Encounter", 2, "Station"),
        ("Encounter", 2, "Staff number"),
    ]
    assert all(row.source != "observation" for row in desk.all(Interaction.source))


def test_a_formula_is_no_answer(desk):
    assert faults(desk, filled(desk.blank(), HELLO=("=1+1",)))[0] == ("Answers", 2, "Answer")


@pytest.mark.parametrize("head", [["XXX", *HEAD[1:]], ["TPE", "S-CHARLIE", *HEAD[2:]], [None] * 5])
def test_who_does_not_work_there_is_refused(desk, head):
    assert faults(desk, filled(desk.blank(), head))[0][0] == "Encounter"


def test_a_time_to_come_is_refused(desk):
    with pytest.raises(InvalidInput, match="future"):
        desk.hand_in(filled(desk.blank(), [*HEAD[:2], date(NOW.year + 1, 1, 1), *HEAD[3:]]))


@pytest.mark.parametrize("data", [b"", b"PK", b"no workbook"])
def test_what_is_no_workbook_is_refused(desk, data):
    with pytest.raises(Unreadable):
        desk.hand_in(data)


def test_a_workbook_of_something_else_is_refused(desk):
    file = BytesIO()
    book = load_workbook(BytesIO(desk.blank()))
    del book["portal"]
    book.save(file)
    with pytest.raises(Unreadable, match="none for observations"):
        desk.hand_in(file.getvalue())


def test_a_workbook_is_taken_for_whom_it_was_made_though_they_have_moved(desk):
    """S-TIE worked at TPE when it was made; somebody who never did is still a mistake."""
    with desk.seeded.transaction() as session:
        moved = session.scalars(select(Staff).where(Staff.staff_no == "S-TIE")).one()
        moved.station_id = make_station(session, code="NRT", kind="airport").id
        make_staff(session, station=session.get_one(Station, moved.station_id), staff_no="S-NRT")
        staff_id = moved.id
    stranger = filled(desk.blank(), head=["TPE", "S-NRT", *HEAD[2:]])
    assert faults(desk, stranger) == [("Encounter", 2, "Staff number")]
    desk.hand_in(filled(desk.blank()))
    [(station, staff)] = desk.all(Inspection.station_id, Inspection.staff_id)
    assert staff == staff_id
    assert desk.one(lambda session: session.get_one(Station, station).code) == "TPE"


def test_what_is_hidden_or_not_read_is_told_with_what_was_handed_in(desk):
    """A filter hides the row of SMILE, whose answer counts all the same."""
    book = load_workbook(BytesIO(filled(desk.blank())))
    answered = book.worksheets[1]
    answered.row_dimensions[3].hidden = True
    answered["F1"] = "Remarks"
    answered["F2"] = "was tired"
    book.create_sheet("Sketch")
    file = BytesIO()
    book.save(file)
    notes = [str(note) for note in desk.hand_in(file.getvalue()).sheet_notes]
    assert sorted(notes) == [
        "Sheet Answers: hidden or filtered rows are read too (1): 3.",
        "Sheet Answers: these columns are not imported: Remarks.",
        "Sheets that are not read: Sketch.",
    ]


def test_a_title_typed_above_the_answers_does_not_lose_them(desk):
    book = load_workbook(BytesIO(filled(desk.blank())))
    book.worksheets[1].insert_rows(1)
    book.worksheets[1]["A1"] = "Taipei, second of March"
    file = BytesIO()
    book.save(file)
    done = desk.hand_in(file.getvalue())
    assert [str(note) for note in done.sheet_notes] == [
        "Sheet Answers: the headings stand in line 2; what is above is left out."
    ]
    assert desk.count(Inspection) == 1


def test_a_workbook_saved_as_open_document_is_handed_in(desk):
    done = desk.hand_in(as_open_document(filled(desk.blank())))
    assert desk.count(Inspection) == 1
    assert done.sheet_notes == ()
