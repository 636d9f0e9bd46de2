"""How large a module and a folder may be: a reader holds one subject in mind, and finds it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from tests.support.requirements import ROOT

ROOMS = ("core", "db", "pages")
MOST_LINES = 400
FEWEST_LINES = 40
MOST_MODULES = 25


class Reason(StrEnum):
    """Why a module may be smaller than what is worth opening a file for."""

    REGISTRY = "others register or ask here, so that neither side imports the other"
    START = "a program, framework or route begins here"
    GROUND = "several subjects or packages stand on it, and it belongs to none of them"
    DOOR = "the only one of its kind among the subject's services"
    ADDRESS = "old revisions of the database, or callers outside, know it by this name"


SMALL = {
    "core/files/fields.py": Reason.GROUND,
    "core/inspection/put_aside.py": Reason.GROUND,
    "core/ranking/arrays.py": Reason.GROUND,
    "core/text/cache_keys.py": Reason.GROUND,
    "core/text/sentence.py": Reason.ADDRESS,
    "core/training/exam_words.py": Reason.GROUND,
    "db/appeals/followers.py": Reason.REGISTRY,
    "db/cases/signed_result.py": Reason.DOOR,
    "db/demo/load_state.py": Reason.REGISTRY,
    "db/jobs/services.py": Reason.DOOR,
    "db/migrations/env.py": Reason.START,
    "db/migrations/search.py": Reason.ADDRESS,
    "db/people/staff_fields.py": Reason.GROUND,
    "db/inspection/followers.py": Reason.REGISTRY,
    "db/results/followers.py": Reason.REGISTRY,
    "db/teaching/followers.py": Reason.REGISTRY,
    "db/store/config.py": Reason.START,
    "db/store/days.py": Reason.GROUND,
    "pages/web/allowance.py": Reason.GROUND,
    "pages/web/assets.py": Reason.START,
    "pages/web/encounters/prints.py": Reason.START,
    "pages/web/routes.py": Reason.START,
}


def is_counted(path: Path) -> bool:
    """Packages' own files, page scripts and revisions are as short or long as they must be."""
    return (
        path.name not in {"__init__.py", "__main__.py"}
        and path.parent.name not in {"pages", "versions"}
        and "__pycache__" not in path.parts
    )


def modules(root: Path) -> Iterator[Path]:
    for room in ROOMS:
        yield from filter(is_counted, sorted((root / room).rglob("*.py")))


def lengths(root: Path) -> dict[str, int]:
    return {
        path.relative_to(root).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in modules(root)
    }


def too_long(root: Path) -> list[str]:
    return [name for name, lines in lengths(root).items() if lines > MOST_LINES]


def short(root: Path) -> set[str]:
    """The tables and the states of a subject have a module each, however few there are."""
    return {
        name
        for name, lines in lengths(root).items()
        if lines < FEWEST_LINES and not name.endswith(("/models.py", "/states.py"))
    }


def too_full(root: Path) -> list[str]:
    folders = Counter(path.parent.relative_to(root).as_posix() for path in modules(root))
    return [name for name, count in folders.items() if count > MOST_MODULES]


def test_no_module_is_longer_than_a_reader_holds_in_mind():
    assert too_long(ROOT) == []


def test_a_short_module_has_its_reason_and_a_reason_its_module():
    """A new one belongs to what it serves; one that has grown or gone leaves the list."""
    assert short(ROOT) == set(SMALL)


def test_no_folder_holds_more_modules_than_a_reader_looks_through():
    assert too_full(ROOT) == []


@pytest.fixture
def house(tmp_path):
    """A room with one module of each size."""
    folder = tmp_path / "core/subject"
    folder.mkdir(parents=True)
    sizes = {"__init__": 0, "states": 5, "short": 39, "right": 40, "large": 400, "long": 401}
    for name, lines in sizes.items():
        (folder / f"{name}.py").write_text("pass\n" * lines)
    return tmp_path


def test_the_sizes_are_seen(house):
    assert too_long(house) == ["core/subject/long.py"]
    assert short(house) == {"core/subject/short.py"}
    assert too_full(house) == []


def test_a_full_folder_is_seen_and_page_scripts_are_not_counted(house):
    (house / "pages").mkdir()
    for number in range(MOST_MODULES):
        (house / f"core/subject/more{number}.py").touch()
        (house / f"pages/page{number}.py").touch()
        (house / f"pages/other{number}.py").touch()
    assert too_full(house) == ["core/subject"]
