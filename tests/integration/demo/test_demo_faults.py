"""A fault in the demo's files is named with its file and place."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from core.errors import InvalidInput
from db.demo.content_reading import CONTENT, load_content

SAMPLE = "phone/phone-en-special-meal.yaml"


@pytest.fixture
def folder(tmp_path):
    copy = shutil.copytree(CONTENT, tmp_path / "content")
    for path in (copy / "scenarios").glob("*/*.yaml"):
        if path.name != Path(SAMPLE).name:
            path.unlink()
    return copy


def edited(folder, change):
    path = folder / "scenarios" / SAMPLE
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")


def add(part):
    return lambda raw: raw["script"].append(part)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda raw: raw.update(id="other"), "id: must be phone-en-special-meal"),
        (lambda raw: raw.update(channel="letter"), "scenario channel: Input should be 'phone'"),
        (lambda raw: raw.update(colour="red"), "scenario colour: Extra inputs"),
        (add({"customer": "My {unknown}."}), "script: no words for {unknown}"),
        (add({"customer": "My {."}), "script: expected '}' before end of string"),
        (add({"use": "goodbye"}), "script 15: unknown shared block goodbye"),
        (add("Hello"), "script 15: is neither a speaker's line nor a block"),
        (add({"waiter": "Yes?"}), "line speaker: Input should be 'agent'"),
        (add({"items": "LNG-01", "good": "Yes.", "poor": "Yes."}), "LNG-01 are the same"),
        (add({"items": "LNG-03", "good": "Yes.", "poor": "No."}), "shown twice: LNG-03"),
        (add({"items": "ATD-05", "good": "Yes.", "poor": "No."}), "not applicable: ATD-05"),
        (add({"items": "lng-1", "good": "Yes.", "poor": "No."}), "String should match"),
        (add({"items": "", "good": "Yes.", "poor": "No."}), "a block needs an item"),
        (add({"items": "LNG-01", "good": "Yes."}), "poor: Tuple should have at least 1 item"),
        (
            add(
                {
                    "items": "LNG-01",
                    "good": "Yes.",
                    "poor": "No.",
                    "clock": {"good": "soon..2m", "poor": "3m..4m"},
                }
            ),
            "'soon' is no duration",
        ),
    ],
)
def test_a_fault_names_file_place_and_reason(folder, change, reason):
    edited(folder, change)

    with pytest.raises(InvalidInput) as caught:
        load_content(folder)

    assert str(caught.value).startswith("phone-en-special-meal.yaml: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: [", "file: while parsing"),
        ("- a list", "file: holds no mapping"),
        ("stations: [{code: X}]", "stations 1 name_zh_tw: Field required"),
    ],
)
def test_a_broken_file_is_named(folder, text, reason):
    (folder / "stations.yaml").write_text(text)

    with pytest.raises(InvalidInput, match=re.escape(f"stations.yaml: {reason}")):
        load_content(folder)
