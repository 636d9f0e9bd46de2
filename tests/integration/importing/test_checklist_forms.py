"""A checklist form changes only what it carries, says what, and asks before much goes."""

from __future__ import annotations

import json
from io import BytesIO

import openpyxl
import pytest
import yaml
from sqlalchemy import func, select

from core.access import Role
from core.checklist import parse_checklist, to_data
from core.errors import NotAllowed
from core.library import load_library
from db.__main__ import main
from db.checklists.files import as_workbook, as_yaml
from db.checklists.models import ChecklistVersion
from db.checklists.services.drafting import create
from db.importing.checklist_forms import FormFile, begin_draft, look
from db.importing.forecast import AgreementNeeded
from db.store import session as sessions
from tests.factories import identity, make_user
from tests.support.clock import NOW

LIBRARY = load_library()
COUNT = 12
STORED = to_data(
    parse_checklist(
        {
            "key": "desk",
            "title": {"en": "Desk", "zh_TW": "櫃檯"},
            "pass_mark": 85,
            "sections": [
                {
                    "key": "A",
                    "title": {"en": "All"},
                    "items": [
                        {
                            "key": f"I-{place}",
                            "kind": "yes_no",
                            "text": {"en": f"Is it {place}?", "zh_TW": f"是 {place} 嗎?"},
                            "guidance": {"en": f"Look at {place}."},
                            "weight": 2,
                        }
                        for place in range(1, COUNT + 1)
                    ],
                }
            ],
        }
    )
)


@pytest.fixture
def engine(seeded):
    """desk is stored as version 1."""
    with seeded.transaction() as session:
        make_user(session, "mona", Role.QUALITY_MANAGER)
        create(session, who=identity(session, "mona"), content=STORED, now=NOW)
    return seeded.engine


def form(change, **choices):
    """The stored form as YAML after a change of its items."""
    content = json.loads(json.dumps(STORED))
    change(content)
    return FormFile("desk.yaml", yaml.safe_dump(content).encode(), **choices)


def items(content):
    return [item for section in content["sections"] for item in section["items"]]


def without(*names):
    def change(content):
        for item in items(content):
            for name in names:
                del item[name]

    return change


def emptied(*names):
    def change(content):
        for item in items(content):
            item.update(dict.fromkeys(names, None))

    return change


def seen(engine, file):
    with sessions.reading(engine) as session:
        return look(session, who=identity(session, "mona"), file=file, library=LIBRARY)


def begun(engine, file, *, agreed=False):
    with sessions.transaction(engine) as session:
        who = identity(session, "mona")
        version_id = begin_draft(
            session, who=who, file=file, library=LIBRARY, agreed=agreed, now=NOW
        )
        return session.get_one(ChecklistVersion, version_id).content


def versions(engine):
    with sessions.reading(engine) as session:
        return session.scalar(
            select(func.count()).where(ChecklistVersion.content["key"].as_string() == "desk")
        )


def counted(outlook):
    return {
        name: (column.added, column.changed, column.emptied)
        for name, column in outlook.forecast.columns.items()
    }


def test_a_missing_key_and_an_empty_value_leave_what_is_stored(engine):
    for change in (without("guidance", "text", "weight"), emptied("guidance", "weight")):
        assert counted(seen(engine, form(change))) == {}
        assert begun(engine, form(change)) | {"version": 1} == STORED | {"version": 1}


def test_empty_values_clear_where_that_is_chosen_and_much_is_asked_about(engine):
    file = form(emptied("guidance"), clears=True)
    outlook = seen(engine, file)
    assert counted(outlook) == {"guidance.en": (0, 0, COUNT)}
    assert outlook.forecast.losses() == {"guidance.en": COUNT}
    with pytest.raises(AgreementNeeded, match=r"guidance\.en \(12\)"):
        begun(engine, file)
    assert versions(engine) == 1
    assert not any("guidance" in item for item in items(begun(engine, file, agreed=True)))


def test_fewer_than_ten_go_without_a_question(engine):
    def change(content):
        for item in items(content)[:9]:
            item["guidance"] = ""

    assert counted(seen(engine, form(change, clears=True))) == {"guidance.en": (0, 0, 9)}
    assert versions(engine) == 1
    begun(engine, form(change, clears=True))
    assert versions(engine) == 2


def test_each_field_is_told_by_column_with_examples_by_item(engine):
    def change(content):
        first, second, *_ = items(content)
        first["text"] = {"en": "Is it so?"}  # its Chinese stays
        second["good_example"] = {"en": "Like this."}
        content["pass_mark"] = 90

    outlook = seen(engine, form(change))
    assert counted(outlook) == {
        "pass_mark": (0, 1, 0),
        "text.en": (0, 1, 0),
        "good_example.en": (1, 0, 0),
    }
    [example] = outlook.forecast.columns["text.en"].examples
    assert example == (1, "Is it 1?", "Is it so?")
    assert items(outlook.imported.content)[0]["text"] == {"en": "Is it so?", "zh_TW": "是 1 嗎?"}


def test_items_that_the_form_does_not_hold_go_and_are_named(engine):
    def two_less(content):
        content["sections"][0]["items"] = items(content)[2:]

    def ten_less(content):
        content["sections"][0]["items"] = items(content)[10:]

    few, many = seen(engine, form(two_less)), seen(engine, form(ten_less))
    [note] = few.forecast.notes
    assert str(note) == "The form does not hold these items, which would go: I-1, I-2."
    assert (few.forecast.losses(), many.forecast.losses()) == ({}, {"items": 10})


def test_an_item_of_another_kind_is_a_whole_one(engine):
    """Answers of yes or no under a number would make no checklist."""

    def change(content):
        items(content)[0].clear()
        content["sections"][0]["items"][0] = {
            "key": "I-1",
            "kind": "number",
            "ranges": [{"min": 0, "max": 5, "points": 1}, {"min": 6, "max": 9, "points": 0}],
        }

    item = items(begun(engine, form(change)))[0]
    assert (item["kind"], "options" in item, "guidance" in item) == ("number", False, False)


def workbook(**cells):
    book = openpyxl.load_workbook(BytesIO(as_workbook(parse_checklist(STORED))))
    sheet = book["Items"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for head, value in cells.items():
        column = heads[head.replace("__", ".")]
        if value is None:
            sheet.delete_cols(column)
        else:
            for row in range(2, COUNT + 2):
                sheet.cell(row, column).value = value or None
    file = BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("cells", "clears", "lost"),
    [
        ({}, True, {}),
        ({"guidance__en": None}, True, {}),  # the column is absent
        ({"guidance__en": ""}, False, {}),
        ({"guidance__en": ""}, True, {"guidance.en": COUNT}),
    ],
)
def test_a_workbook_follows_the_same_rules(engine, cells, clears, lost):
    outlook = seen(engine, FormFile("desk.xlsx", workbook(**cells), clears=clears))
    assert outlook.forecast.losses() == lost
    assert {name for name, column in outlook.forecast.columns.items() if column.emptied} == set(
        lost
    )


def test_what_the_portal_wrote_changes_nothing(engine):
    checklist = parse_checklist(STORED)
    for name, data in (("x.yaml", as_yaml(checklist)), ("x.xlsx", as_workbook(checklist))):
        for clears in (False, True):
            assert seen(engine, FormFile(name, data, clears=clears)).imported.changes == ()


def test_a_checklist_that_is_new_has_nothing_to_lose(engine):
    def change(content):
        content["key"] = "other"

    outlook = seen(engine, form(change))
    assert (outlook.number, outlook.forecast.losses(), outlook.counts().added) == (0, {}, COUNT)


def test_only_who_edits_checklists_may_look(engine):
    with sessions.reading(engine) as session, pytest.raises(NotAllowed):
        look(session, who=identity(session, "alice"), file=form(emptied()), library=LIBRARY)


def test_the_command_line_looks_asks_and_goes_on(engine, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    path = tmp_path / "desk.yaml"
    path.write_bytes(form(emptied("guidance")).data)
    command = ["import", "checklists", str(path), "--empty", "clears"]

    assert main([*command, "--dry-run"]) == 0
    told = capsys.readouterr()
    assert "guidance.en: 0 added, 0 changed (0 of them shortened), 12 emptied" in told.err
    assert "item 1: Look at 1. -> -" in told.err
    assert json.loads(told.out)["updated"] == COUNT

    assert (main(command), versions(engine)) == (2, 1)
    assert "--yes agrees" in capsys.readouterr().err
    assert (main([*command, "--yes"]), versions(engine)) == (0, 2)
