"""Reading clear values takes a role and a purpose, and is noted."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.errors import InvalidInput, NotAllowed
from db.models import AuditEvent
from db.services.unmasking import unmask
from tests.support.clock import NOW
from tests.support.databases import sqlite_only
from tests.support.nora import PHONE


@sqlite_only
def test_unmasking_takes_a_role_and_a_purpose_and_is_noted(nora):
    def asked(who, purpose="call the customer back"):
        with nora.world.seeded.transaction() as session:
            return unmask(
                session,
                nora.keys,
                who=who,
                inspection_id=nora.inspection,
                purpose=purpose,
                now=NOW,
            )

    for who in (nora.world.alice, nora.world.charlie):
        with pytest.raises(NotAllowed):
            asked(who)
    with pytest.raises(InvalidInput):
        asked(nora.bob, "  so ")
    assert PHONE in [value.text for value in asked(nora.bob)]
    with nora.world.seeded.reading() as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "unmask"))
    assert (event.user_id, event.reason) == (nora.bob.user_id, "call the customer back")
    assert event.details == {"kinds": {"phone": 3, "name": 1}}


@sqlite_only
def test_a_reason_that_names_a_number_is_masked_in_the_log(nora):
    with nora.world.seeded.transaction() as session:
        unmask(
            session,
            nora.keys,
            who=nora.bob,
            inspection_id=nora.inspection,
            purpose=f"call {PHONE} back",
            now=NOW,
        )
    assert PHONE not in nora.everything()
