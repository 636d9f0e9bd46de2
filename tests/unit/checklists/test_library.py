"""The shipped standards: all 392 items, and how a fault in a file is told."""

import json
import shutil
from pathlib import Path

import pytest

from core.checklist import parse_checklist, to_data
from core.checklist.problems import LibraryError
from core.i18n import CONTENT_LANGUAGES
from core.library import Library, load_checklists, load_library
from core.library.load import STANDARDS
from tests.support.requirements import ROOT

IDS = json.loads((ROOT / "tests" / "data" / "standards_ids.json").read_text("utf-8"))["ids"]
ADDED = {"WAIT-01", "WAIT-02", "INF-23", *(f"OPT-{number:02}" for number in range(1, 7))}


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def test_the_library_holds_every_standard(library: Library) -> None:
    """383 in the digest; two clocks of waiting that it missed, one derived, six of one's own."""
    assert len(IDS) == 383
    assert len(library) == 392
    assert {item.id for item in library} - set(IDS) == ADDED
    assert set(IDS) - {item.id for item in library} == set()
    assert len(library.groups) == 29
    kinds = [item.kind for item in library]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "yes_no": 289,
        "graded": 59,
        "clock": 44,
    }
    assert sum(item.critical is not None for item in library) == 71


def test_every_text_is_there_in_three_languages(library: Library) -> None:
    for item in library:
        assert set(item.term) == set(item.text) == set(CONTENT_LANGUAGES), item.id


def test_every_standard_is_in_a_checklist_or_says_why_not(library: Library) -> None:
    used = {item.key for checklist in load_checklists(library) for item in checklist.items()}
    assert [item.id for item in library if item.id not in used and not item.off] == []
    assert [item.id for item in library if item.id in used and item.off] == []


def test_there_are_twelve_checklists_of_15_to_45_items_that_weigh_100(library: Library) -> None:
    checklists = load_checklists(library)
    assert len(checklists) == 12
    for checklist in checklists:
        assert 15 <= len(checklist.by_key) <= 45, checklist.key
        assert sum(section.weight for section in checklist.sections) == 100, checklist.key
        assert (checklist.pass_mark, checklist.low_score_mark) == (85, 60)


def test_no_checklist_scores_an_alias_beside_what_it_stands_for(library: Library) -> None:
    for checklist in load_checklists(library):
        both = [
            item.key
            for item in checklist.items()
            if item.key in library.by_id and library.by_id[item.key].alias_of in checklist.by_key
        ]
        assert both == [], checklist.key


def test_an_item_brings_its_anchors_effects_and_clock_into_a_checklist(library: Library) -> None:
    used = ["ATD-01", "LNG-04", "CMP-09"]
    data = {"key": "c", "sections": [{"key": "s", "items": [{"use": name} for name in used]}]}
    items = parse_checklist(data, library=library).by_key
    assert items["ATD-01"].kind == "graded"
    assert all(set(option.text) == set(CONTENT_LANGUAGES) for option in items["ATD-01"].options)
    effects = {
        option.key: option.effect and option.effect.kind for option in items["LNG-04"].options
    }
    assert effects == {"yes": None, "no": "section_zero", "no_with_loss": "form_zero"}
    clock = items["CMP-09"].clock
    assert clock is not None
    assert clock.limit_minutes == 24 * 60


def test_a_checklist_may_override_what_it_uses(library: Library) -> None:
    use = {"use": "CMP-09", "clock": {"limit_minutes": 60}, "na": False, "weight": 3}
    data = {"key": "c", "sections": [{"key": "s", "items": [use]}]}
    item = parse_checklist(data, library=library).by_key["CMP-09"]
    assert item.clock is not None
    assert (item.clock.limit_minutes, item.clock.status) == (60, "use")
    assert item.clock.start
    assert (item.na_allowed, item.weight) == (False, 3)


def test_the_shipped_checklists_are_the_same_when_stored(library: Library) -> None:
    for checklist in load_checklists(library):
        assert parse_checklist(json.loads(json.dumps(to_data(checklist)))) == checklist
    json.dumps([item.to_data() for item in library])


@pytest.mark.parametrize(
    ("file", "right", "wrong", "told"),
    [
        ("library/INF.yaml", "kind: yes_no", "kind: maybe", "INF-01.kind: maybe is none of"),
        ("library/INF.yaml", "id: INF-02", "id: INF-01", "INF-01: The id is used twice."),
        ("library/ATT.yaml", "  source:", "  sauce:", "The key sauce is unknown here."),
        ("library/CMP.yaml", "status: use", "status: maybe", "clock.status: maybe is none of"),
        ("library/FST.yaml", "channels: [", "channels: [moon, ", "There is no channel moon."),
        ("anchors.yaml", "manner:", "manners:", "Its set of anchors is not in anchors.yaml."),
        ("unused.yaml", "INF-14:", "XXX-14:", "The key XXX-14 is unknown here."),
        ("unused.yaml", "  en:", "  fr:", "The key fr is unknown here."),
    ],
)
def test_a_fault_in_the_library_is_told_with_file_and_line(
    tmp_path: Path, file: str, right: str, wrong: str, told: str
) -> None:
    folder = _damaged(tmp_path, file, right, wrong)
    with pytest.raises(LibraryError) as caught:
        load_library(folder)
    problems = [str(problem) for problem in caught.value.problems]
    assert any(told in problem for problem in problems), problems
    assert all(".yaml, line " in problem for problem in problems if told in problem)


def test_a_fault_in_a_checklist_is_told_with_file_line_and_item(
    tmp_path: Path, library: Library
) -> None:
    folder = _damaged(tmp_path, "checklists/phone.yaml", "FST-02", "FST-92")
    text = (folder / "checklists/phone.yaml").read_text("utf-8")
    line = text[: text.index("FST-92")].count("\n") + 1
    with pytest.raises(LibraryError) as caught:
        load_checklists(library, folder)
    assert str(caught.value.problems[0]) == (
        f"phone.yaml, line {line}, FST-92.use: The library has no item FST-92."
    )


def _damaged(tmp_path: Path, file: str, right: str, wrong: str) -> Path:
    folder = tmp_path / "standards"
    shutil.copytree(STANDARDS, folder)
    path = folder / file
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), "utf-8")
    return folder
