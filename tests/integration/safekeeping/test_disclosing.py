"""Customers and staff are given what is stored of them."""

from __future__ import annotations

import json

import pytest

from core.errors import NotAllowed
from db.safekeeping.services.disclosure import disclose_customer, disclose_staff
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.inspection.correcting import asked
from tests.support.safekeeping.nora import PHONE, REFERENCE, STAFF_NAME, STAFF_NO, TURNS


@sqlite_only
def test_a_customer_is_given_everything_in_clear(nora):
    with nora.world.seeded.transaction() as session:
        found = disclose_customer(
            session, nora.keys, who=nora.admin, reference=REFERENCE, reason="asked", now=NOW
        )
        with pytest.raises(NotAllowed):
            disclose_customer(
                session, nora.keys, who=nora.bob, reference=REFERENCE, reason="x", now=NOW
            )
    (encounter,) = found["encounters"]
    assert [turn["text"] for turn in encounter["turns"]] == [turn["text"] for turn in TURNS]
    assert encounter["clear_attributes"] == {"/passenger/mobile": PHONE}
    json.dumps(found)


@sqlite_only
def test_a_member_of_staff_is_given_results_and_own_deeds(nora):
    asked(nora.world, nora.inspection, words=f"I heard {STAFF_NAME} too late.")
    with nora.world.seeded.transaction() as session:
        found = disclose_staff(session, who=nora.admin, staff_no=STAFF_NO, reason="asked", now=NOW)
    assert found["staff"]["name"] == STAFF_NAME
    assert [row["id"] for row in found["results"]] == [nora.inspection]
    [appeal] = found["results"][0]["appeals"]
    assert appeal["state"] == "open"
    assert [point["item_key"] for point in appeal["points"]] == ["HELLO"]
    assert STAFF_NAME in appeal["points"][0]["reason"]
    [request] = found["results"][0]["corrections"]
    assert (request["state"], request["words"]) == ("open", f"I heard {STAFF_NAME} too late.")
    assert found["accounts"][0]["sessions"]
    assert "password_hash" not in json.dumps(found)
