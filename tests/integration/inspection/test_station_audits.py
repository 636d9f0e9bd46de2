"""Station audits begun on site: one for each station, form and half-year."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import InvalidInput, NotAllowed, NotFound
from db.encounters.models import Interaction
from db.inspection.models import Assignment, Inspection
from db.inspection.queries.observations import audit_forms, audit_stations
from db.inspection.services.amendments import void
from db.inspection.services.drafts import Work, save_draft
from db.inspection.services.station_audits import StationAudit, begin_audit, half_year
from db.inspection.services.submission import submit
from db.inspection.tasks import ASSIGNED
from db.people.models import Staff, Station, User
from db.people.services.identities import identity_of
from tests.factories import make_station, make_version, version_of
from tests.support.clock import NOW
from tests.support.inspection.inspecting import NO, SMALL, World, answers

pytestmark = pytest.mark.both


class Site(World):
    """A shop in Taipei, and a form of five items for visits."""

    def __init__(self, seeded):
        super().__init__(seeded)
        with seeded.transaction() as session:
            self.shop = make_station(session, code="SHOP", kind="shop").id
            self.form = make_version(session, {**SMALL, "key": "visit", "channels": ["site"]}).id
            self.management = version_of(session, "station_audit_management")

    def begun(self, who=None, form=None, at=None, station=None):
        wanted = StationAudit(station or self.shop, form or self.form, at)
        with self.seeded.transaction() as session:
            return begin_audit(session, who=who or self.alice, wanted=wanted, now=NOW).id

    def scored_audit(self, task, who=None):
        key = ASSIGNED.task(task)
        work = Work(answers(HELLO=NO))
        self.do(save_draft, who or self.alice, task=key, version=0, work=work)
        return self.do(submit, who or self.alice, task=key, version=1).inspection_id


@pytest.fixture
def site(world):
    return Site(world.seeded)


def test_an_audit_without_staff_is_begun_scored_and_read(site):
    task = site.begun()
    assert site.begun() == task  # a second click
    row = site.inspection(site.scored_audit(task))
    assert (row.score, row.staff_id, row.station_id) == (pytest.approx(80), None, site.shop)
    assert (row.channel, row.sample_class, row.purpose) == ("site", "observed", "record")
    call = site.one(lambda session: session.get_one(Interaction, row.interaction_id))
    assert (call.case_kind, call.checklist) == ("station_audit", "visit")
    assert call.external_id == f"AUDIT-{half_year(NOW.date())}-{site.shop}-visit"
    assert ("begin_audit", str(task)) in site.noted()


def test_a_second_one_for_the_same_half_year_is_refused(site):
    iris = site.inspector("iris")
    first = site.begun()
    with pytest.raises(InvalidInput, match="has its audit"):
        site.begun(iris)
    inspection = site.scored_audit(first)
    for who in (site.alice, iris):
        with pytest.raises(InvalidInput, match="has its audit"):
            site.begun(who)
    assert site.begun(iris, form=site.management)  # the other form is another audit
    last_half = NOW - timedelta(days=182)
    assert site.begun(iris, at=last_half)
    site.do(void, site.bob, inspection_id=inspection, reason="The wrong station.")
    assert site.begun(iris)


def test_nobody_audits_their_own_station(site):
    with site.seeded.transaction() as session:
        charlie = session.get_one(Staff, site.seeded.staff_id)
        charlie.station_id = site.shop
        session.get_one(User, site.alice.user_id).staff_id = charlie.id
        session.flush()
        alice = identity_of(session, session.get_one(User, site.alice.user_id))
        assert site.shop not in {one.id for one in audit_stations(session, alice)}
    with pytest.raises(NotAllowed, match="own station"):
        site.begun(alice)
    assert site.count(Inspection) == 0


def test_every_kind_of_station_is_offered_and_what_does_not_fit_refused(site):
    before = site.count(Assignment)
    with site.seeded.reading() as session:
        offered = audit_stations(session, site.alice)
        kinds = {session.get_one(Station, one.id).kind for one in offered}
        forms = audit_forms(session, site.alice, site.shop, NOW.date())
        keys = [form.checklist.key for form in forms]
        for read in (audit_stations, lambda *args: audit_forms(*args, site.shop, NOW.date())):
            with pytest.raises(NotAllowed):
                read(session, site.charlie)
    assert kinds == {"shop", "phone_desk"}
    assert keys == ["station_audit_facilities", "station_audit_management", "visit"]
    with pytest.raises(InvalidInput, match="not in force"):
        site.begun(form=site.seeded.phone_id)
    with pytest.raises(InvalidInput, match="in the future"):
        site.begun(at=NOW + timedelta(hours=1))
    with pytest.raises(NotFound):
        site.begun(station=10**6)
    with pytest.raises(InvalidInput, match="Choose the station"):
        site.do(begin_audit, site.alice, wanted=StationAudit(None, site.form))
    with pytest.raises(NotAllowed):
        site.begun(site.bob)
    assert site.count(Assignment) == before


def test_the_half_year_is_that_of_the_station(site):
    """17:00 UTC on 30 June is 01:00 on 1 July in Taipei: the second half-year."""
    assert [half_year(day) for day in (date(2025, 6, 30), date(2025, 7, 1))] == [
        "2025-H1",
        "2025-H2",
    ]
    task = site.begun(at=datetime(2025, 6, 30, 17, tzinfo=UTC))
    call = site.one(lambda s: s.get_one(Interaction, s.get_one(Assignment, task).interaction_id))
    assert call.attributes == {"half_year": "2025-H2"}
