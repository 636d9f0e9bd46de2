"""What separates two versions of a checklist."""

from copy import deepcopy

from core.checklist import parse_checklist
from core.drafting import Change, difference

FIRST = {
    "key": "desk",
    "title": {"en": "Desk"},
    "sections": [
        {
            "key": "a",
            "title": {"en": "A"},
            "weight": 40,
            "items": [{"key": k, "text": {"en": k}} for k in ("A1", "A2", "A3")],
        },
        {"key": "b", "weight": 60, "items": [{"key": "B1", "text": {"en": "B1"}}]},
    ],
}


def changed(change):
    after = deepcopy(FIRST)
    change(after)
    return difference(parse_checklist(FIRST), parse_checklist(after))


def test_the_same_version_has_no_difference():
    assert changed(lambda after: None) == ()


def test_fields_of_form_section_and_item_stand_side_by_side():
    def change(after):
        after["pass_mark"] = 90
        after["sections"][0]["weight"] = 50
        after["sections"][1]["items"][0]["weight"] = 2

    assert changed(change) == (
        Change("changed", "form", "form", "pass_mark", 85.0, 90.0),
        Change("changed", "section", "a", "weight", 40.0, 50.0),
        Change("changed", "item", "B1", "weight", 1.0, 2.0),
    )


def test_added_and_removed_items_are_named_with_their_text():
    def change(after):
        after["sections"][1]["items"].append({"key": "B2", "text": {"en": "new"}})
        del after["sections"][0]["items"][0]

    assert changed(change) == (
        Change("added", "item", "B2", after={"en": "new"}),
        Change("removed", "item", "A1", before={"en": "A1"}),
    )


def test_only_what_was_moved_counts_as_moved():
    """A3 to the front: A1 and A2 keep their order and are not named."""

    def change(after):
        items = after["sections"][0]["items"]
        items.insert(0, items.pop())

    assert changed(change) == (Change("moved", "item", "A3", before="a", after="a"),)


def test_an_item_in_another_section_is_moved_not_replaced():
    def change(after):
        after["sections"][1]["items"].append(after["sections"][0]["items"].pop())

    assert changed(change) == (Change("moved", "item", "A3", before="a", after="b"),)


def test_a_changed_setting_and_condition_show_as_data():
    def change(after):
        after["settings"] = {"na_policy": "skip"}
        after["sections"][0]["items"][1]["when"] = {"item": "A1", "equals": "yes"}

    found = {(change.key, change.field): change for change in changed(change)}
    assert found["form", "settings"].before["na_policy"] == "within_section"
    assert found["form", "settings"].after["na_policy"] == "skip"
    assert found["A2", "when"].after == {"item": "A1", "equals": ["yes"]}
