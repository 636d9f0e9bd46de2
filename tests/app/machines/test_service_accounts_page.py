"""Service accounts on the people page: made, given a key that is shown once, revoked."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.access import Role
from db.machines import services
from db.machines.models import ServiceKey
from db.people.models import User
from db.sign_in.services.failed_sign_ins import Visit
from pages.ui.kit import wiring
from tests.support.house.app_pages import clicked, field
from tests.support.machines.files import make_key

ROW = {"selection": {"rows": [0], "columns": [], "cells": []}}


@pytest.fixture
def page(open_app):
    """The tab, with the only account selected if there is one to select."""

    def opened(*, selected=False):
        app = open_app("administrator").run()
        app.session_state["people_tab"] = "Service accounts"
        if selected:
            app.session_state["services_table"] = ROW
        return app.switch_page("people.py").run()

    return opened


def opens(key):
    visit = Visit("x", wiring.now())
    with wiring.reading() as session:
        return services.identify(session, key=key, visit=visit).who.username


def test_an_account_is_made_with_its_one_role(wired, page):
    app = page()
    app.toggle(key="services_new").set_value(True).run()
    field(app.text_input, "Account").set_value("crm")
    field(app.text_input, "Name").set_value("The CRM")
    clicked(app, "Save")
    with wired.reading() as session:
        user = session.scalars(select(User).filter_by(username="crm")).one()
        assert [held.role for held in user.roles] == [Role.SERVICE]
    assert app.dataframe[0].value["Account"].tolist() == ["crm"]


def test_a_key_is_shown_once_and_opens(wired, page):
    make_key(wired)
    app = page(selected=True)
    field(app.text_input, "What the key is for").set_value("nightly calls")
    clicked(app, "Make a key")
    key = next(code.value for code in app.code if "curl" not in code.value)
    assert key.startswith("qik_")
    assert opens(key) == "crm"
    assert [text.value for text in app.text if "nightly" in text.value] == [
        "nightly calls",
        "nightly",
    ]
    app.run()
    assert key not in [code.value for code in app.code]
    assert key[13:] not in str(app.session_state)


def test_a_key_without_a_purpose_is_not_made(wired, page):
    make_key(wired)
    app = page(selected=True)
    clicked(app, "Make a key")
    assert [box.value for box in app.error] == ["Fill in every required field."]
    with wired.reading() as session:
        assert len(session.scalars(select(ServiceKey)).all()) == 1


def test_a_key_is_revoked_after_asking(wired, page):
    key = make_key(wired)
    app = page(selected=True)
    clicked(app, "Revoke")
    assert opens(key) == "crm"
    clicked(app, "Revoke for good")
    with pytest.raises(services.KeyRefused):
        opens(key)
    assert "Revoke" not in [button.label for button in app.button]
    over = app.table[0].value
    assert over["Begins with"].tolist() == [f"{key[:12]}…"]


def test_a_closed_account_gets_no_key(wired, page):
    key = make_key(wired)
    app = page(selected=True)
    app.checkbox[0].uncheck()
    clicked(app, "Save")
    with pytest.raises(services.KeyRefused):
        opens(key)
    app = page(selected=True)
    assert "Make a key" not in [button.label for button in app.button]


def test_service_accounts_are_not_among_the_users_and_their_role_is_not_offered(wired, open_app):
    make_key(wired)
    app = open_app("administrator").run()
    app.session_state["people_tab"] = "Users"
    app.switch_page("people.py").run()
    assert "crm" not in app.dataframe[0].value["User name"].tolist()
    app.toggle(key="users_new").set_value(True).run()
    assert "Service account" not in app.multiselect[0].options
    assert "Auditor" in app.multiselect[0].options
