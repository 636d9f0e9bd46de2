"""Settings stop the start when they are wrong, and name themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from core.access import Role
from core.errors import SettingError
from core.settings import Settings


def test_nothing_set_serves_one_laptop():
    settings = Settings.parse({})
    assert settings.database_url == "sqlite:///var/portal.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 8501)
    assert settings.is_loopback
    assert settings.allows_demo_accounts
    assert not settings.secure_cookies


def test_values_are_read_from_capital_names_and_others_ignored():
    settings = Settings.parse({"PORT": "9000", "VAR_DIR": "/srv/portal", "HOME": "/root"})
    assert (settings.port, settings.var_dir) == (9000, Path("/srv/portal"))


def test_an_empty_value_means_not_set():
    assert Settings.parse({"PORT": ""}).port == 8501


@pytest.mark.parametrize(
    ("given", "driven_by"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("sqlite:////srv/portal.db", "sqlite:////srv/portal.db"),
    ],
)
def test_every_usual_form_of_a_database_url_is_understood(given, driven_by):
    assert Settings.parse({"DATABASE_URL": given}).database_url == driven_by


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "eighty"),
        ("DATABASE_URL", "mysql://h/d"),
        ("PUBLIC_URL", "portal.example.org"),
        ("SESSION_HOURS", "0"),
        ("SESSION_HOURS", "-1"),
        ("SESSION_IDLE_HOURS", "nan"),
        ("DEMO_ACCOUNTS", "perhaps"),
        ("MAX_IMPORT_MB", "0"),
        ("RECALL_MINUTES", "-1"),
    ],
)
def test_a_wrong_value_stops_with_one_sentence_naming_it(name, value):
    with pytest.raises(SettingError) as raised:
        Settings.parse({name: value})
    sentence = str(raised.value)
    assert sentence.startswith(f"The setting {name}={value} is wrong: ")
    assert sentence.count("\n") == 0
    assert sentence.endswith(".")
    assert not sentence.endswith("..")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_loopback_needs_no_leave_for_demo_accounts(host):
    settings = Settings.parse({"HOST": host})
    assert settings.is_loopback
    assert settings.allows_demo_accounts


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "portal.example.org"])
def test_beyond_loopback_demo_accounts_need_leave(host):
    assert not Settings.parse({"HOST": host}).is_loopback
    assert not Settings.parse({"HOST": host}).allows_demo_accounts
    assert Settings.parse({"HOST": host, "DEMO_ACCOUNTS": "1"}).allows_demo_accounts


def test_cookies_are_secure_where_the_public_address_is():
    assert Settings.parse({"PUBLIC_URL": "https://portal.example.org/"}).secure_cookies
    assert not Settings.parse({"PUBLIC_URL": "http://portal.example.org"}).secure_cookies


def test_the_public_address_carries_no_slash_at_its_end():
    assert Settings.parse({"PUBLIC_URL": "https://p.example/"}).public_url == "https://p.example"


def test_settings_cannot_be_changed_afterwards():
    settings = Settings.parse({})
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1


OIDC = {"OIDC_ISSUER": "https://id.example/", "OIDC_CLIENT_ID": "portal"}


def test_a_provider_is_read_with_the_roles_its_claims_bring():
    settings = Settings.parse(OIDC | {"OIDC_ROLES": '{"qa-team": "inspector"}'})
    assert settings.oidc_issuer == "https://id.example"
    assert settings.oidc_roles == {"qa-team": Role.INSPECTOR}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"OIDC_ISSUER": "http://id.example"}, "OIDC_ISSUER"),
        ({"OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID"),
        ({"OIDC_ROLES": "inspector"}, "OIDC_ROLES"),
        ({"OIDC_ROLES": '{"qa": "king"}'}, "OIDC_ROLES"),
        ({"OIDC_ROLES": '{"qa": "service_account"}'}, "OIDC_ROLES"),
        ({"HOST": "0.0.0.0"}, "PUBLIC_URL"),
    ],
)
def test_a_provider_that_is_set_up_by_half_stops_the_start(given, said):
    with pytest.raises(SettingError, match=said):
        Settings.parse(OIDC | given)


def test_a_providers_secret_is_not_shown():
    assert "hush" not in repr(Settings.parse(OIDC | {"OIDC_CLIENT_SECRET": "hush"}))


def test_without_the_demo_its_accounts_are_refused_everywhere():
    assert not Settings.parse({"DEMO": "0"}).allows_demo_accounts
    assert not Settings.parse({"DEMO": "0", "DEMO_ACCOUNTS": "1"}).allows_demo_accounts


def test_the_portal_answers_to_its_public_name_and_to_this_machine():
    here = {"localhost:8501", "127.0.0.1:8501", "[::1]:8501"}
    assert Settings.parse({}).hosts == here
    public = {"PUBLIC_URL": "https://Portal.example", "HOST": "0.0.0.0"}
    assert Settings.parse(public).hosts == here | {"portal.example"}
    assert Settings.parse({"HOST": "0.0.0.0"}).hosts == set()


@pytest.mark.parametrize("user", ["u:secret", "u:sec@ret", "u:sec:ret@"])
def test_a_wrong_database_url_is_told_without_its_password(user):
    with pytest.raises(SettingError) as refused:
        Settings.parse({"DATABASE_URL": f"mysql://{user}@h/d"})
    assert str(refused.value).startswith("The setting DATABASE_URL=mysql://…@h/d is wrong: ")
