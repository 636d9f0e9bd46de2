"""What one run leaves to others: tests that a second database or many alike repeat.

Of each test function that runs on both databases a part runs on PostgreSQL too, unless it is
marked `both` or starts threads; of one with many variants, or marked `sampled(n)`, one in so many
runs; of the files that drive Chromium one in seventeen, each with a portal of its own to start; of
all other tests on pages and in a database half; hypothesis tries fewer examples. The seed that
pytest-randomly prints decides which, so that `--randomly-seed` repeats a run, and as many seeds in
succession as the share draw everything. Nothing is left out with CI=true, with SOAK=1, of paths on
the command line, or without a seed; `make soak` runs what may be left out.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import hypothesis
import pytest
from xdist.workermanage import WorkerController

ON_POSTGRESQL = 12
"""One in so many of the tests that have run on SQLite runs on PostgreSQL too."""
IN_CHROMIUM = 17
"""One in so many of the files that drive a browser runs, and what is marked `sampled(1)` always.

A prime, so that the variants of a function in such a file are all drawn with it some time.
"""
MANY, OF_MANY = 4, 6
"""Of a function with so many variants on one database, one in so many runs."""
OF_PAGES_AND_DATABASES = 2
"""One in so many of the tests of a file below tests/app and tests/integration, but the house's."""
EXAMPLES = 20
"""What hypothesis tries then, of its usual 100."""
_BROWSER = "tests/browser/"
_HALVED = re.compile("tests/(?:app|integration)/(?!house/)")
_THREADS = {"at_once", "Barrier", "Thread", "ThreadPoolExecutor"}


class SampledRun:
    """Leaves out what other seeds run, in this process and in the workers of xdist alike."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @cached_property
    def is_whole(self) -> bool:
        """A worker does as the process that has started it."""
        workers: dict[str, bool] = getattr(self._config, "workerinput", {})
        return workers["whole"] if "whole" in workers else _is_whole(self._config)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: WorkerController) -> None:
        node.workerinput["whole"] = self.is_whole

    def pytest_report_header(self) -> str:
        if self.is_whole:
            return "Nothing is left to other runs."
        return (
            f"One in {ON_POSTGRESQL} of what SQLite runs is repeated on PostgreSQL, of {MANY} and"
            f" more variants one in {OF_MANY} runs, of the files that drive Chromium one in"
            f" {IN_CHROMIUM}, of other tests on pages and in a database one in"
            f" {OF_PAGES_AND_DATABASES}, and hypothesis tries {EXAMPLES} examples of 100, drawn"
            " by the seed; SOAK=1 runs all."
        )

    def pytest_sessionstart(self) -> None:
        """Before any test is read: its settings are taken from the profile then."""
        if not self.is_whole:
            usual = hypothesis.settings()
            hypothesis.settings.register_profile("sampled", usual, max_examples=EXAMPLES)
            hypothesis.settings.load_profile("sampled")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            if getattr(getattr(item, "function", None), "is_hypothesis_test", False):
                item.add_marker(pytest.mark.soak)
        out: set[pytest.Item] = set()
        for group in groups_of(items):
            for item in group.items:
                item.add_marker(pytest.mark.soak)
            if not self.is_whole:
                seed: int = self._config.getoption("randomly_seed")
                out |= set(group.items) - set(group.drawn(seed))
        self._config.hook.pytest_deselected(items=list(out))
        items[:] = [item for item in items if item not in out]


@dataclass(frozen=True)
class Group:
    """Tests alike, by what is drawn whole: a variant of a function, or a file."""

    name: str
    share: int
    tests: Mapping[str, Sequence[pytest.Item]]

    @property
    def items(self) -> list[pytest.Item]:
        return [item for items in self.tests.values() for item in items]

    def drawn(self, seed: int) -> list[pytest.Item]:
        """Those of one in so many; where to begin differs from group to group."""
        begin = seed + crc32(self.name.encode())
        names = (
            name for place, name in enumerate(sorted(self.tests), begin) if not place % self.share
        )
        return [item for name in names for item in self.tests[name]]


def groups_of(items: Sequence[pytest.Item]) -> list[Group]:
    """What is drawn from: variants of a function, files that drive a browser, tests of a file."""
    variants = Counter(_function(item) for item in items if not _is_on_postgresql(item))
    tests: defaultdict[tuple[str, int], defaultdict[str, list[pytest.Item]]]
    tests = defaultdict(lambda: defaultdict(list))
    for item in items:
        function = _function(item)
        share = share_of(item, variants=variants[function])
        if share > 1:
            tests[function, share][item.nodeid].append(item)
        elif _HALVED.match(item.nodeid) and _own_share(item) != 1:
            file = item.nodeid.partition("::")[0]
            tests[file, OF_PAGES_AND_DATABASES][function].append(item)
        if item.nodeid.startswith(_BROWSER) and _own_share(item) != 1:
            tests[_BROWSER, IN_CHROMIUM][item.nodeid.partition("::")[0]].append(item)
    return [Group(name, share, alike) for (name, share), alike in tests.items()]


def share_of(item: pytest.Item, *, variants: int = 1) -> int:
    """One in how many of a function's variants runs, where it has so many on one database."""
    usual = OF_MANY if variants >= MANY else 1
    return (_own_share(item) or usual) * (ON_POSTGRESQL if _repeats(item) else 1)


def _own_share(item: pytest.Item) -> int | None:
    mark = item.get_closest_marker("sampled")
    return mark.args[0] if mark else None


def _function(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def _is_on_postgresql(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return callspec is not None and callspec.params.get("databases") == "postgresql"


def _repeats(item: pytest.Item) -> bool:
    """Whether it does on PostgreSQL what it does on SQLite, and nobody says that both matter."""
    if not _is_on_postgresql(item):
        return False
    own = any("databases" in mark.args[0] for mark in item.iter_markers("parametrize"))
    return not (own or item.get_closest_marker("both") or _runs_threads(item))


def _runs_threads(item: pytest.Item) -> bool:
    code = getattr(getattr(item, "function", None), "__code__", None)
    return code is not None and not _THREADS.isdisjoint(code.co_names)


def _is_whole(config: pytest.Config) -> bool:
    """Whether somebody asks for everything, or for something by its name."""
    return (
        os.environ.get("CI") == "true"
        or bool(os.environ.get("SOAK"))
        or config.args_source is not pytest.Config.ArgsSource.TESTPATHS
        or bool(config.getoption("keyword"))
        or not isinstance(config.getoption("randomly_seed", None), int)
    )
