"""Items that stand in no checklist: each reason names one that is asked where it would be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

from core.library import LibraryItem, load_checklists, load_library

LIBRARY = load_library()
CHECKLISTS = {checklist.key: checklist for checklist in load_checklists(LIBRARY)}
LEFT_OUT = [item for item in LIBRARY if item.off]

# What each would be asked of, had it not been left out.
UNIT = {
    "airport_counter": "NED-01 COM-01 COM-02 COM-04 COM-07 ETQ-07 ETQ-09 AFT-01",
    "phone": "NED-04 CON-03 CON-06 CON-10 STD-17 STD-18 AFT-02 AFT-03 ATD-04 ATD-06",
    "order": "AFT-06",
    "complaint": "CMP-01 CMP-06 CMP-08 CMP-23 CMP-24 CMP-28 CPB-01 CPB-02 CPB-04 CPB-08 CPB-09"
    " CPB-10 CPB-11 CPB-13 CPB-14 AFT-09",
    "service_record": "COM-10 COM-12 SRV-07 SRV-11 CON-01 CON-04 AFT-05",
    "customer_profile": "INF-14 INF-16 NED-05 PRO-02 SRV-12",
    "agency_journey": "NED-07 NED-09",
    "station_audit_facilities": "CHK-03 CHK-16",
    "station_audit_management": "PRO-14 RDY-10 RDY-12 AFT-11",
}
# A sum of other items, a place without a checklist, limits that contradict each other, and what
# is in none of the sources.
STAND_FOR_NOTHING = {"STD-05", "STD-14", "FUP-08", *(f"OPT-{n:02}" for n in range(1, 7))}

unit_of = {item_id: unit for unit, ids in UNIT.items() for item_id in ids.split()}


def test_what_is_left_out_has_a_unit_or_stands_for_nothing():
    assert {item.id for item in LEFT_OUT} == unit_of.keys() | STAND_FOR_NOTHING


@pytest.mark.parametrize("item", LEFT_OUT, ids=lambda item: item.id)
def test_a_reason_names_an_item_that_is_asked_of_the_same_unit(item: LibraryItem):
    if item.id in STAND_FOR_NOTHING:
        return
    asked = CHECKLISTS[unit_of[item.id]].by_key
    named = set(named_in(item.off["en"]))
    assert named & asked.keys(), f"{item.id}: none of {sorted(named)} in {unit_of[item.id]}"


def test_the_three_languages_name_the_same_items():
    for item in LEFT_OUT:
        said = {language: set(named_in(text)) for language, text in item.off.items()}
        assert said["zh_TW"] == said["zh_CN"] == said["en"], item.id


def test_what_is_named_is_read_with_its_ranges():
    assert list(named_in("INF-01 to INF-03 and ETQ-08")) == ["INF-01", "INF-02", "INF-03", "ETQ-08"]
    assert list(named_in("由 CMP-01 至 CMP-02 計分")) == ["CMP-01", "CMP-02"]


def test_an_item_of_ones_own_is_in_no_checklist_until_it_is_added():
    own = [item for item in LIBRARY if item.basis == "own"]
    assert {item.group for item in own} == {"OPT"}
    used: Mapping[str, object] = {
        key: item for checklist in CHECKLISTS.values() for key, item in checklist.by_key.items()
    }
    assert [item.id for item in own if item.id in used] == []


def named_in(reason: str) -> Iterator[str]:
    """Item ids in a text; "INF-01 to INF-07" names seven."""
    for group, low, high in re.findall(r"([A-Z]+)-(\d\d)(?: (?:to|至) [A-Z]+-(\d\d))?", reason):
        for number in range(int(low), int(high or low) + 1):
            yield f"{group}-{number:02}"
