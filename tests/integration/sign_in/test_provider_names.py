"""Names of people at an identity provider that no account here can have."""

from __future__ import annotations

import pytest

from core.access import Role
from core.settings import Settings
from db.people.models import User
from db.sign_in.services import identity_provider
from db.sign_in.services.failed_sign_ins import SignInRefused, Visit
from db.sign_in.services.identity_provider import Claims
from tests.factories import identity, make_user
from tests.support.clock import NOW

SETTINGS = Settings(oidc_roles={"qa": Role.INSPECTOR})


@pytest.mark.parametrize("name", ["x" * 65, "x" * 1000, "x\x00y"])
def test_a_name_that_cannot_be_kept_whole_opens_no_account(session, name):
    make_user(session, "x" * 64, Role.QUALITY_MANAGER)
    claims = Claims("https://idp.example", "s-1", name, "Mallory", frozenset({"qa"}))
    with pytest.raises(SignInRefused, match="Nobody here"):
        identity_provider.enter(session, SETTINGS, claims, Visit("here", NOW))
    assert session.query(User).count() == 1


def test_who_is_linked_comes_in_whatever_the_provider_calls_them(session):
    make_user(session, "mallory", Role.QUALITY_MANAGER)
    who = identity(session, "mallory")
    claims = Claims("https://idp.example", "s-1", "x" * 65, "Mallory", frozenset())
    identity_provider.link(session, who=who, claims=claims, now=NOW)
    assert identity_provider.enter(session, SETTINGS, claims, Visit("here", NOW)).token
