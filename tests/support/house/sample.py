"""What one run leaves to others: tests that a second database or many alike repeat.

Of each test function that runs on both databases a part runs on PostgreSQL too, unless it is
marked `both` or starts threads; of one marked `sampled(n)` one variant in n runs, and of the tests
in Chromium one in four; hypothesis tries fewer examples. The seed that pytest-randomly prints
decides which, so that `--randomly-seed` repeats a run, and n seeds in succession draw everything.
Nothing is left out with CI=true, with SOAK=1, of paths on the command line, or without a seed;
`make soak` runs what may be left out.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from zlib import crc32

import hypothesis
import pytest
from xdist.workermanage import WorkerController

ON_POSTGRESQL = 4
"""One in so many of the tests that have run on SQLite runs on PostgreSQL too."""
IN_CHROMIUM = 4
"""One in so many of the tests that drive a browser runs, unless its own mark says otherwise."""
EXAMPLES = 30
"""What hypothesis tries then, of its usual 100."""
_BROWSER = "tests/browser/"
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
            f"One in {ON_POSTGRESQL} of what SQLite runs is repeated on PostgreSQL, one in"
            f" {IN_CHROMIUM} of what drives Chromium runs, and hypothesis tries {EXAMPLES} examples"
            " of 100, drawn by the seed; SOAK=1 runs all."
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
        for share, alike in alike_by_share(items):
            for item in alike:
                item.add_marker(pytest.mark.soak)
            if not self.is_whole:
                seed: int = self._config.getoption("randomly_seed")
                out |= set(alike) - set(drawn(alike, share, seed))
        self._config.hook.pytest_deselected(items=list(out))
        items[:] = [item for item in items if item not in out]


def alike_by_share(items: Sequence[pytest.Item]) -> list[tuple[int, list[pytest.Item]]]:
    """The variants of each function of which one in so many is drawn, with that number."""
    groups: defaultdict[tuple[str, int], list[pytest.Item]] = defaultdict(list)
    for item in items:
        share = share_of(item)
        if share > 1:
            groups[item.nodeid.partition("[")[0], share].append(item)
    return [(share, alike) for (_name, share), alike in groups.items()]


def share_of(item: pytest.Item) -> int:
    sampled = item.get_closest_marker("sampled")
    usual = IN_CHROMIUM if item.nodeid.startswith(_BROWSER) else 1
    share: int = sampled.args[0] if sampled else usual
    return share * (ON_POSTGRESQL if _repeats(item) else 1)


def drawn(alike: Sequence[pytest.Item], share: int, seed: int) -> list[pytest.Item]:
    """Every so manieth of the variants; where to begin differs from function to function."""
    ordered = sorted(alike, key=lambda item: item.nodeid)
    begin = seed + crc32(ordered[0].nodeid.partition("[")[0].encode())
    return [item for number, item in enumerate(ordered, begin) if number % share == 0]


def _repeats(item: pytest.Item) -> bool:
    """Whether it does on PostgreSQL what it does on SQLite, and nobody says that both matter."""
    callspec = getattr(item, "callspec", None)
    if callspec is None or callspec.params.get("databases") != "postgresql":
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
