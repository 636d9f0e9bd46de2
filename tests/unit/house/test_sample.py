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
    MANY,
    OF_MANY,
    OF_PAGES_AND_DATABASES,
    ON_POSTGRESQL,
    SampledRun,
    groups_of,
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
SERVICES = OF_MANY * ON_POSTGRESQL
TESTS = f"""
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

@pytest.mark.parametrize("number", range({SERVICES}))
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

    folder = "tests/unit"

    def __init__(self, name, function=None, *marks, folder=None, **params):
        self.nodeid = f"{folder or self.folder}/test_things.py::{name}"
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
        (InChromium("test_it"), 1),
    ],
)
def test_one_in_so_many_is_drawn_of_what_another_variant_repeats(variant, share):
    assert share_of(variant) == share


def test_one_in_so_many_is_drawn_of_many_variants():
    assert share_of(Variant("test_it[5]", number=5), variants=MANY - 1) == 1
    assert share_of(Variant("test_it[5]", number=5), variants=MANY) == OF_MANY
    own = Variant("test_it[5]", None, pytest.mark.sampled(2), number=5)
    assert share_of(own, variants=MANY) == 2
    repeated = Variant("test_it[postgresql-5]", databases="postgresql")
    assert share_of(repeated, variants=MANY) == OF_MANY * ON_POSTGRESQL


@pytest.mark.parametrize("count", [1, 3, 4, 10])
@pytest.mark.parametrize("first", [0, 1, 4_294_967_293])
def test_as_many_seeds_in_succession_draw_each_variant_once(count, first):
    variants = [Variant(f"test_it[postgresql-{k}]", databases="postgresql") for k in range(count)]
    [group] = groups_of(variants)
    runs = [group.drawn(seed) for seed in range(first, first + group.share)]
    assert sorted(v.nodeid for run in runs for v in run) == sorted(v.nodeid for v in variants)
    assert {len(run) for run in runs} <= {count // group.share, -(-count // group.share)}


def test_functions_are_drawn_apart_and_in_whatever_order_they_are_collected():
    variants = [
        Variant(f"test_{name}[postgresql-{k}]", databases="postgresql")
        for k in range(5)
        for name in ("one", "other")
    ]
    groups = groups_of(variants)
    assert [len(group.items) for group in groups] == [5, 5]
    names = [{v.nodeid for v in group.drawn(7)} for group in groups]
    assert (
        names == [{v.nodeid for v in group.drawn(7)} for group in groups_of(variants[::-1])][::-1]
    )


def test_a_file_that_drives_chromium_is_drawn_whole_and_journeys_always_run():
    files = [InChromium(f"test_it[{k}]", folder=f"tests/browser/{k}") for k in range(IN_CHROMIUM)]
    beside = InChromium("test_beside", folder="tests/browser/0")
    journey = InChromium("test_journey", None, pytest.mark.sampled(1), folder="tests/browser/0")
    [group] = groups_of([*files, beside, journey])
    assert group.share == IN_CHROMIUM
    assert journey not in group.items
    runs = [group.drawn(seed) for seed in range(IN_CHROMIUM)]
    assert sorted(map(len, runs)) == [1] * (IN_CHROMIUM - 1) + [2]
    assert {files[0], beside} in [set(run) for run in runs]


@pytest.mark.parametrize("folder", ["tests/app/cases", "tests/integration/cases"])
def test_of_a_file_on_pages_or_in_a_database_half_the_tests_are_drawn_with_their_variants(folder):
    tests = [
        Variant(f"test_{name}[{k}]", folder=folder, number=k) for name in "abcd" for k in range(2)
    ]
    always = Variant("test_always", None, pytest.mark.sampled(1), folder=folder)
    [group] = groups_of([*tests, always])
    runs = [group.drawn(seed) for seed in range(OF_PAGES_AND_DATABASES)]
    assert [len(run) for run in runs] == [4, 4]
    assert {test.nodeid for run in runs for test in run} == {test.nodeid for test in tests}
    assert {test.nodeid[-2] for test in runs[0]} == {"0", "1"}


def test_what_holds_the_house_is_never_left_out():
    assert groups_of([Variant("test_it", folder="tests/integration/house")]) == []


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
    assert len([name for name in names if "sqlite" in name]) == ON_POSTGRESQL
    assert len([name for name in names if "postgresql" in name]) == 1
    assert len([name for name in names if "test_pages" in name]) == 6 / 2
    assert f"test_examples[{EXAMPLES}]" in names
    assert "Using --randomly-seed=5" in said
    assert f"One in {ON_POSTGRESQL} of what SQLite runs is repeated on PostgreSQL" in said
    assert run("--randomly-seed=5")[0] == names


def test_what_a_run_leaves_out_is_part_of_the_soak(run):
    names, said = run("-n2", "-m", "soak", SOAK="1")
    assert len([name for name in names if "test_services" in name]) == 2 * SERVICES
    assert len([name for name in names if "test_pages" in name]) == 6
    assert "test_any" in names
    assert len(names) == 2 * SERVICES + 6 + 1
    assert "Nothing is left to other runs." in said
