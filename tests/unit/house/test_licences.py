"""Licences of others: read from what packages say, and refused where they bind the portal."""

from __future__ import annotations

import pytest

from tests.support.house import licences
from tests.support.house.licences import Package, expression, is_allowed


@pytest.mark.parametrize(
    ("wording", "licence"),
    [
        ("MIT License", "MIT"),
        ("Apache Software License; MIT License", "Apache-2.0 AND MIT"),
        ("Apache-2.0 OR BSD-3-Clause", "Apache-2.0 OR BSD-3-Clause"),
        ("UNKNOWN", "UNKNOWN"),
    ],
)
def test_a_licence_is_an_expression_whatever_the_package_says(wording, licence):
    assert expression(wording) == licence


@pytest.mark.parametrize(
    "licence", ["MIT", "BSD-3-Clause AND ISC", "GPL-3.0-only OR MIT", "LGPL-3.0-only", "MPL-2.0"]
)
def test_what_is_permissive_or_a_library_s_own_is_allowed(licence):
    assert is_allowed(licence)


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0-only", "UNKNOWN", "BUSL-1.1"]
)
def test_what_binds_the_portal_or_says_nothing_is_refused(licence):
    assert not is_allowed(licence)


def test_a_package_that_is_not_listed_fails_the_lint(monkeypatch, capsys):
    newcomer = Package(name="newcomer", licence="MIT", home="")
    monkeypatch.setattr(licences, "installed", lambda: [newcomer])
    assert licences.check() == 1
    assert "THIRD-PARTY.md does not name: newcomer" in capsys.readouterr().out


def test_a_licence_outside_the_list_fails_the_lint(monkeypatch, capsys):
    bound = Package(name="psycopg", licence="GPL-3.0-only", home="")
    monkeypatch.setattr(licences, "installed", lambda: [bound])
    assert licences.check() == 1
    assert "psycopg: GPL-3.0-only is not among the licences" in capsys.readouterr().out


def test_libraries_that_others_bring_along_are_counted_and_tools_are_not():
    names = {package.name.lower() for package in licences.installed()}
    assert {"streamlit", "psycopg-binary", "starlette"} <= names
    assert "pytest" not in names
