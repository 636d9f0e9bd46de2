"""A refusal that somebody enters at a case closes it as one that an import brings."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from core.errors import NotAllowed, NotFound, PortalError
from db.encounters.models import Interaction
from db.inspection.models import Inspection
from db.safekeeping.queries.consent import customer_consent
from db.safekeeping.services.consent import enter_consent
from tests.factories import make_interaction
from tests.support.house.encounter_readers import CLOSED
from tests.support.house.refusing import Refusing, speaks


@pytest.fixture
def it(world):
    it = Refusing(world)
    it.other = world.scored(HELLO={"value": "no"})
    with world.seeded.transaction() as session:
        session.execute(update(Interaction).values(customer_ref="pseudonym"))
        it.every = sorted(session.scalars(select(Interaction.id)))
    return it


def entered(it, who=None, *, agrees=False, of_customer=False):
    values = {"inspection_id": it.inspection, "agrees": agrees, "of_customer": of_customer}
    return it.world.do(enter_consent, who or it.bob, **values)


def consents(it):
    rows = it.world.one(lambda s: s.execute(select(Interaction.id, Interaction.consent)).all())
    return {row_id: consent for row_id, consent in rows if consent is not None}


def reading(it):
    """The readers that still give something of the customer's encounters."""
    names = set()
    for name, call in CLOSED.items():
        with it.undone() as session:
            try:
                names |= {name} if speaks(call(it, session)) else set()
            except PortalError:
                continue
    return names


def test_the_whole_customer_is_closed_to_every_reader_and_opens_as_it_was(it):
    before = it.world.one(lambda s: s.get_one(Inspection, it.inspection).score)
    every = reading(it)
    assert entered(it, of_customer=True) == len(it.every)
    assert reading(it) == set()
    assert it.world.one(lambda s: s.get_one(Inspection, it.inspection).score) == before
    assert it.world.derived() == it.world.rebuilt()
    assert entered(it, agrees=True, of_customer=True) == len(it.every)
    assert reading(it) == every == set(CLOSED)


@pytest.mark.both
def test_one_alone_is_closed_and_each_is_in_the_log_once(it):
    assert entered(it) == 1
    assert entered(it) == 0
    assert consents(it) == {it.seen: False}
    assert entered(it, of_customer=True) == len(it.every) - 1
    noted = [(deed, row) for deed, row in it.world.noted() if deed == "refuse_consent"]
    assert sorted(row for _deed, row in noted) == sorted(map(str, it.every))


def test_of_an_unknown_customer_only_the_one_is_meant(it):
    with it.world.seeded.transaction() as session:
        session.execute(update(Interaction).values(customer_ref=None))
    assert entered(it, of_customer=True) == 1
    assert consents(it) == {it.seen: False}


def test_who_never_refused_is_not_said_to_agree(it):
    entered(it)
    assert entered(it, agrees=True, of_customer=True) == 1
    assert consents(it) == {it.seen: True}


def test_the_page_reads_how_many_encounters_the_customer_has(it):
    with it.world.seeded.transaction() as session:
        make_interaction(session, customer_ref="somebody else")
    standing = it.world.one(lambda s: customer_consent(s, it.bob, it.inspection))
    assert (standing.refuses, standing.encounters) == (False, len(it.every))
    entered(it)
    assert it.world.one(lambda s: customer_consent(s, it.bob, it.inspection)).refuses


@pytest.mark.parametrize("name", ["alice", "charlie", "tina"])
@pytest.mark.parametrize("agrees", [False, True])
def test_who_amends_nothing_enters_none(it, agrees, name):
    with pytest.raises(NotAllowed):
        entered(it, getattr(it, name), agrees=agrees)
    assert consents(it) == {}


def test_of_a_case_that_is_not_there_nothing_is_entered(it):
    it.inspection = 999
    with pytest.raises(NotFound):
        entered(it)
