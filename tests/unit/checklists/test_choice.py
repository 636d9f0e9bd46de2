"""Which checklist is for what."""

from __future__ import annotations

import pytest

from core.checklist.choice import (
    ANY,
    SHIPPED,
    ChoiceRow,
    EncounterKind,
    check_rows,
    fitting,
    unreached,
)
from core.errors import InvalidInput
from core.library import load_checklists, load_library

CHECKLISTS = {checklist.key: checklist for checklist in load_checklists(load_library())}
ORDER = ChoiceRow("record", "order", ANY, "order")


def test_a_row_leads_to_every_shipped_checklist():
    check_rows(SHIPPED, CHECKLISTS)
    assert unreached(SHIPPED, CHECKLISTS) == []
    assert unreached([ORDER], ["order", "phone", "chat"]) == ["chat", "phone"]


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (EncounterKind("bot", "none", "airline"), "chat"),
        (EncounterKind("record", "order", "agency"), "order"),
        (EncounterKind("record", "none", "agency"), "agency_journey"),
        (EncounterKind("record", "problem", "hotel"), "service_record"),
        (EncounterKind("site", "station_audit", "airline"), "station_audit_management"),
        (EncounterKind("site", "none", "airline"), "station_audit_facilities"),
    ],
)
def test_the_row_that_says_most_goes_first(kind, key):
    assert fitting(kind, SHIPPED)[0] == key


def test_what_is_named_stands_alone():
    named = EncounterKind("record", "order", "airline", "complaint")
    assert fitting(named, SHIPPED) == ["complaint"]
    assert fitting(EncounterKind("fax", "none", "airline"), SHIPPED) == []


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (ChoiceRow("fax", ANY, ANY, "phone"), "choose a channel"),
        (ChoiceRow("phone", "party", ANY, "phone"), "choose a channel and a kind"),
        (ChoiceRow("phone", ANY, ANY, ""), "choose a checklist in force"),
        (ChoiceRow("phone", ANY, ANY, "email"), "not for this channel"),
        (ORDER._replace(checklist="complaint"), "the same as one above"),
    ],
)
def test_a_row_that_leads_nowhere_is_refused(row, why):
    with pytest.raises(InvalidInput, match=why):
        check_rows([ORDER, row], CHECKLISTS)
