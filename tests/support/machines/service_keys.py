"""Service accounts and their keys, as tests of the services make and use them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.machines import services
from db.machines.models import ServiceKey
from db.machines.services import KeyRefused, ServiceData
from db.sign_in.services.failed_sign_ins import Visit
from tests.support.clock import NOW

HERE = Visit("192.0.2.1", NOW)
ELSEWHERE = Visit("192.0.2.2", NOW)
A_DAY = timedelta(days=1)


def save(session, admin, user_id=None, username="crm", name="The airline's CRM", active=True):
    data = ServiceData(username, name, active)
    return services.save_service_account(session, who=admin, user_id=user_id, data=data, now=NOW)


def issue(session, admin, user_id, label="nightly", days=services.USUAL_DAYS):
    issued = services.issue_key(
        session, who=admin, user_id=user_id, label=label, days=days, now=NOW
    )
    return issued.key


def identify(session, key, visit=HERE):
    """As the route does: a refused key is counted."""
    try:
        return services.identify(session, key=key, visit=visit)
    except KeyRefused as error:
        services.note_refusal(session, error, visit)
        raise


def refused(session, key, visit=HERE):
    with pytest.raises(KeyRefused) as caught:
        identify(session, key, visit)
    return caught.value.sentence


def revoke(session, admin, key):
    key_id = session.scalars(select(ServiceKey.id).filter_by(prefix=key[4:12])).one()
    services.revoke_key(session, who=admin, key_id=key_id, now=NOW)
