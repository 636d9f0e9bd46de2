"""The portal beside a real identity provider on this machine."""

from __future__ import annotations

import json

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from core.access import Role
from pages.ui.kit import wiring
from pages.web.gate import Gate
from pages.web.routes import routes
from tests.factories import make_user
from tests.support.inspection.pads import wired_to
from tests.support.sign_in.oidc import PORTAL
from tests.support.sign_in.provider import provider as serving


@pytest.fixture(scope="module")
def server():
    with serving() as found:
        yield found


@pytest.fixture
def provider(server):
    yield server
    server.tamper()


@pytest.fixture
def wired(seeded_sqlite, provider, tmp_path, monkeypatch):
    """The portal with the provider set up; dana has an account without a password."""
    monkeypatch.setenv("OIDC_ISSUER", provider.issuer)
    monkeypatch.setenv("OIDC_CLIENT_ID", "portal")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "secret")
    with seeded_sqlite.transaction() as session:
        make_user(session, "dana", Role.TRAINER, password_hash="")
    with wired_to(seeded_sqlite.engine, tmp_path, monkeypatch):
        yield seeded_sqlite


@pytest.fixture
def mapped(wired, monkeypatch):
    """As `wired`, with roles from the claim `groups`."""
    monkeypatch.setenv("OIDC_ROLES_CLAIM", "groups")
    monkeypatch.setenv("OIDC_ROLES", json.dumps({"qa": "inspector", "boss": "quality_manager"}))
    wiring.settings.cache_clear()
    return wired


@pytest.fixture
def browser(wired):
    app = Starlette(routes=routes, middleware=[Middleware(Gate)])
    return TestClient(app, PORTAL, follow_redirects=False)
