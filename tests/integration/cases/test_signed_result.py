"""The scored person takes home a result that proves itself, also after the portal's key changed."""

from __future__ import annotations

import json

import pytest

from core.results.proof import check, read_keys, written_keys
from db.cases.queries.case import case
from db.cases.signed_result import signed_result, signing_fingerprint
from db.store.keys import Keys
from tests.support.inspection.inspecting import NO

KEYS = Keys(b"the secret of this portal, so long")


@pytest.fixture
def own(world):
    """Charlie's own result: not HELLO, 80 of 100; the inspector is Alice."""
    inspection_id = world.scored(HELLO=NO | {"note": "No greeting."})
    return world.one(lambda session: case(session, world.charlie, inspection_id))


def test_it_states_the_score_that_follows_from_it(own):
    result = json.loads(signed_result(own, KEYS))
    verdict = check(result, read_keys(written_keys(KEYS.signing_keys_ever()).encode()))
    assert (verdict.holds, verdict.score) == (True, 80.0)
    assert verdict.key == signing_fingerprint(KEYS)
    about = result["about"]
    assert (about["inspection"], about["encounter"]) == (own.inspection_id, own.case_no)
    assert result["answers"]["HELLO"]["note"] == "No greeting."


def test_who_inspected_is_not_in_it(own):
    assert "alice" not in signed_result(own, KEYS).lower()


def test_it_still_proves_itself_after_a_change_of_key(own):
    before = json.loads(signed_result(own, KEYS))
    changed = Keys(b"the next secret of the same portal", (KEYS.secret,))
    trusted = read_keys(written_keys(changed.signing_keys_ever()).encode())
    assert check(before, trusted).holds
    assert check(json.loads(signed_result(own, changed)), trusted).holds
    assert not check(before, trusted[:1]).holds
