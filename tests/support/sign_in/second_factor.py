"""One-time codes as a person with a code generator sets them up and signs in with them."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp

from db.sign_in.services import second_factor
from db.sign_in.services.failed_sign_ins import Visit
from db.store.keys import Keys
from tests.factories import PASSWORD
from tests.support.clock import NOW
from tests.support.sign_in import sessions

KEYS = Keys(b"k" * 32)
STEP = timedelta(seconds=30)


def begun(session, alice, session_id=0):
    address = second_factor.begin(session, KEYS, who=alice, session_id=session_id)
    return parse_qs(urlsplit(address).query)["secret"][0]


def confirmed(session, alice, secret, session_id):
    return second_factor.confirm(
        session, KEYS, who=alice, code=code_at(secret, NOW), session_id=session_id, now=NOW
    )


def code_at(secret, now):
    return pyotp.TOTP(secret).at(now)


def sign_in(session, password=PASSWORD, now=NOW):
    return sessions.sign_in(session, "alice", password, now=now)


def finish(session, step, code, now=NOW, keys=KEYS):
    return second_factor.finish_sign_in(
        session, sessions.SETTINGS, keys, token=step.token, code=code, visit=Visit("here", now)
    )
