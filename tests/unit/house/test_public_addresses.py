"""What others call stays where it is: an address that goes fails here, by its name."""

from __future__ import annotations

import json
import runpy
from typing import NamedTuple

import pytest

import core.sampling
from tests.support.house import public_addresses
from tests.support.house.public_addresses import CASES, PACKAGES, PROGRAMS, TABLES
from tests.support.requirements import ROOT

UPDATE = "python -m tests.support.house.public_addresses"


@pytest.fixture(scope="module")
def listed() -> set[str]:
    return set(public_addresses.listed())


def test_no_address_that_others_call_has_gone():
    assert public_addresses.gone() == []


def test_every_new_address_is_in_the_list():
    assert public_addresses.unlisted() == [], f"run {UPDATE}, then read what has changed"


def test_the_list_has_the_programs_packages_cases_and_tables(listed):
    """Nothing is promised by a list that lost its head."""
    assert {f"python -m {program}" for program in PROGRAMS} <= listed
    assert {f"table {table}" for table in TABLES} <= listed
    assert {"SCORING_CASES expects score", "SCORING_CASES expects readings"} <= listed
    assert {address.split("::")[0] for address in listed if "::" in address} == {CASES}
    for package in PACKAGES:
        assert any(address.startswith(f"{package}.") for address in listed), package
    assert list(public_addresses.listed()) == sorted(listed)


def test_a_renamed_parameter_is_missed(monkeypatch):
    """wilson_interval(k, n, …): a caller may name both, or give them in this order."""
    monkeypatch.setattr(core.sampling, "wilson_interval", lambda hits, n: None)
    gone = public_addresses.gone()
    assert "core.sampling.wilson_interval(k=)" in gone
    assert "core.sampling.wilson_interval(k) is argument 1" in gone
    assert "core.sampling.wilson_interval(level) may be omitted" in gone
    assert "core.sampling.wilson_interval(hits=)" in public_addresses.unlisted()


def test_a_field_that_left_a_result_is_missed(monkeypatch):
    class Interval(NamedTuple):
        upper: float

    Interval.__module__ = "core.sampling.shares"
    monkeypatch.setattr(core.sampling, "Interval", Interval)
    assert public_addresses.gone() == [
        "core.sampling.Interval.lower",
        "core.sampling.Interval.lower is entry 1",
        "core.sampling.Interval.upper is entry 2",
    ]


def test_a_name_that_left_a_package_is_missed(monkeypatch):
    names = [name for name in core.sampling.__all__ if name != "margin_of_error"]
    monkeypatch.setattr(core.sampling, "__all__", names)
    assert "core.sampling.margin_of_error" in public_addresses.gone()


def test_others_score_cases_of_their_own(monkeypatch, tmp_path):
    theirs = [{"id": "theirs", "system": "portal"}]
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"cases": theirs}), encoding="utf-8")
    monkeypatch.setenv("SCORING_CASES", str(path))
    assert runpy.run_path(str(ROOT / CASES))["CASES"] == theirs
