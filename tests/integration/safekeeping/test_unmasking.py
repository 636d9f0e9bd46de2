"""Reading clear values takes a role and a purpose, and is noted."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.errors import InvalidInput, NotAllowed
from db.store.models import AuditEvent
from tests.support.databases import sqlite_only
from tests.support.safekeeping.nora import PHONE


@sqlite_only
def test_unmasking_takes_a_role_and_a_purpose_and_is_noted(nora):
    why = "call the customer back"
    for who in (nora.world.alice, nora.world.charlie):
        with pytest.raises(NotAllowed):
            nora.unmask(why, who)
    with pytest.raises(InvalidInput):
        nora.unmask("  so ")
    assert PHONE in [value.text for value in nora.unmask(why)]
    with nora.world.seeded.reading() as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "unmask"))
    assert (event.user_id, event.reason) == (nora.bob.user_id, "call the customer back")
    assert event.details == {"kinds": {"phone": 3, "name": 1}}


@sqlite_only
def test_a_reason_that_names_a_number_is_masked_in_the_log(nora):
    nora.unmask(f"call {PHONE} back")
    assert PHONE not in nora.everything()
