"""What a run of all tests leaves to others, and that nothing is left out for good."""

import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.support.house.sample import (
    EXAMPLES,
    IN_CHROMIUM,
    ON_POSTGRESQL,
    SampledRun,
    alike_by_share,
    drawn,
    share_of,
)
from tests.support.requirements import ROOT

CONFTEST = """
import pytest
from tests.support.house.sample import SampledRun

def pytest_configure(config):
    config.addinivalue_line("markers", "sampled(n): of its variants a run draws one in n")
    config.addinivalue_line("markers", "soak: may be left out")
    config.pluginmanager.register(SampledRun(config))

@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request):
    return request.param
"""
TESTS = """
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

@pytest.mark.parametrize("number", range(8))
def test_services(databases, number):
    assert databases

@pytest.mark.sampled(2)
@pytest.mark.parametrize("number", range(6))
def test_pages(number):
    assert number < 6

@pytest.mark.parametrize("number", [settings().max_examples])
def test_examples(number):
    assert number

@given(st.integers())
def test_any(number):
    assert isinstance(number, int)
"""
OWN = ["-p", "xdist", "-p", "pytest_randomly", "-p", "no:cacheprovider"]


class Variant:
    """A collected test as far as the sample looks at it."""

    folder = "tests/integration"

    def __init__(self, name, function=None, *marks, **params):
        self.nodeid = f"{self.folder}/test_things.py::{name}"
        self.function = function or (lambda: None)
        self.marks = [mark.mark for mark in marks]
        self.callspec = SimpleNamespace(params=params)

    def iter_markers(self, name):
        return [mark for mark in self.marks if mark.name == name]

    def get_closest_marker(self, name):
        return next(iter(self.iter_markers(name)), None)


class InChromium(Variant):
    folder = "tests/browser"


def at_once(*calls):
    return calls


def threading():
    return at_once(1, 2)


@pytest.mark.parametrize(
    ("variant", "share"),
    [
        (Variant("test_it"), 1),
        (Variant("test_it[sqlite]", databases="sqlite"), 1),
        (Variant("test_it[postgresql]", databases="postgresql"), ON_POSTGRESQL),
        (Variant("test_it[postgresql]", None, pytest.mark.both, databases="postgresql"), 1),
        (Variant("test_it[postgresql]", threading, databases="postgresql"), 1),
        (
            Variant(
                "test_only_there[postgresql]",
                None,
                pytest.mark.parametrize("databases", ["postgresql"], indirect=True),
                databases="postgresql",
            ),
            1,
        ),
        (Variant("test_it[3]", None, pytest.mark.sampled(3), width=3), 3),
        (
            Variant("test_it[postgresql-3]", None, pytest.mark.sampled(3), databases="postgresql"),
            3 * ON_POSTGRESQL,
        ),
        (InChromium("test_it"), IN_CHROMIUM),
        (InChromium("test_a_journey", None, pytest.mark.sampled(1)), 1),
    ],
)
def test_one_in_so_many_is_drawn_of_what_another_variant_repeats(variant, share):
    assert share_of(variant) == share


@pytest.mark.parametrize("count", [1, 3, 4, 10])
@pytest.mark.parametrize("first", [0, 1, 4_294_967_293])
def test_as_many_seeds_in_succession_draw_each_variant_once(count, first):
    variants = [Variant(f"test_it[postgresql-{k}]", databases="postgresql") for k in range(count)]
    [(share, alike)] = alike_by_share(variants)
    runs = [drawn(alike, share, seed) for seed in range(first, first + share)]
    assert sorted(v.nodeid for run in runs for v in run) == sorted(v.nodeid for v in variants)
    assert {len(run) for run in runs} <= {count // share, -(-count // share)}


def test_functions_are_drawn_apart_and_in_whatever_order_they_are_collected():
    variants = [
        Variant(f"test_{name}[postgresql-{k}]", databases="postgresql")
        for k in range(5)
        for name in ("one", "other")
    ]
    groups = alike_by_share(variants)
    assert [len(alike) for _share, alike in groups] == [5, 5]
    for share, alike in groups:
        assert drawn(alike, share, 7) == drawn(alike[::-1], share, 7)


def config(*, names=(), keyword="", seed=5):
    """What pytest was called with."""
    source = pytest.Config.ArgsSource
    options = {"keyword": keyword, "randomly_seed": seed}
    return SimpleNamespace(
        args_source=source.ARGS if names else source.TESTPATHS,
        getoption=lambda name, default=None: options.get(name, default),
    )


@pytest.mark.parametrize(
    ("asked", "settings", "is_whole"),
    [
        (config(), {}, False),
        (config(), {"CI": "true"}, True),
        (config(), {"SOAK": "1"}, True),
        (config(names=["tests/unit"]), {}, True),
        (config(keyword="appeals"), {}, True),
        (config(seed=None), {}, True),
    ],
)
def test_nothing_is_left_out_that_somebody_asks_for(asked, settings, is_whole, monkeypatch):
    for name in ("CI", "SOAK"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    sampled = SampledRun(asked)
    assert sampled.is_whole is is_whole
    assert ("drawn by the seed" in sampled.pytest_report_header()) is not is_whole


@pytest.fixture
def run(tmp_path):
    """`run("-n2")`: which of TESTS ran, and what was printed."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/conftest.py").write_text(CONFTEST)
    (tmp_path / "tests/test_things.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = tests\n")
    bare = {key: os.environ[key] for key in os.environ.keys() - {"CI", "SOAK", "PYTEST_ADDOPTS"}}
    plugins = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    def ran(*arguments, **settings):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-v", *OWN, *arguments],
            cwd=tmp_path,
            env=bare | plugins | settings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        passed = [line for line in done.stdout.splitlines() if "PASSED" in line]
        return sorted(re.search(r"::(\S+)", line)[1] for line in passed), done.stdout

    return ran


def test_a_run_of_everything_draws_by_the_seed_in_every_worker(run):
    names, said = run("-n2", "--randomly-seed=5")
    assert len([name for name in names if "sqlite" in name]) == 8
    assert len([name for name in names if "postgresql" in name]) == 8 / ON_POSTGRESQL
    assert len([name for name in names if "test_pages" in name]) == 6 / 2
    assert f"test_examples[{EXAMPLES}]" in names
    assert "Using --randomly-seed=5" in said
    assert "One in 4 of what SQLite runs is repeated on PostgreSQL" in said
    assert run("--randomly-seed=5")[0] == names


def test_what_a_run_leaves_out_is_part_of_the_soak(run):
    names, said = run("-n2", "-m", "soak", SOAK="1")
    assert len([name for name in names if "postgresql" in name]) == 8
    assert len([name for name in names if "test_pages" in name]) == 6
    assert "test_any" in names
    assert len(names) == 8 + 6 + 1
    assert "Nothing is left to other runs." in said
