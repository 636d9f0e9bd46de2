"""Requests for a correction as tests make and read them."""

from __future__ import annotations

from datetime import timedelta

from db.cases.services import open_case
from db.inspection.models import CorrectionRequest
from db.inspection.services.corrections import (
    ask_for_correction,
    decline_correction,
    withdraw_correction,
)

TEN = timedelta(minutes=10)
WRONG = "I heard the greeting only now, at 0:03."


def asked(world, inspection_id, *, who=None, words=WRONG, within=timedelta(0)):
    """A request of alice's, long after submitting unless `within` says otherwise."""
    if not within:
        world.do(open_case, world.bob, inspection_id=inspection_id)  # so it is not taken back
    return world.do(
        ask_for_correction,
        who or world.alice,
        inspection_id=inspection_id,
        words=words,
        within=within,
    )


def declined(world, request_id, *, who=None, reason="It is not there."):
    world.do(decline_correction, who or world.bob, request_id=request_id, reason=reason)


def withdrawn(world, request_id, *, who=None):
    world.do(withdraw_correction, who or world.alice, request_id=request_id)


def requests(world):
    columns = (CorrectionRequest.state, CorrectionRequest.answer, CorrectionRequest.ended_at)
    return [tuple(row) for row in world.all(*columns)]
