"""Words of YAML files: what is a number, a truth value, nothing, or a text."""

from __future__ import annotations

import pytest

from core.text.yamlfile import load_data


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("E1", "E1"),  # a key of an item, and no power of ten
        ("e10", "e10"),
        ("1e3", 1000.0),
        ("-2.5", -2.5),
        (".5", 0.5),
        ("12", 12),
        ("007", "007"),
        ("12:30", "12:30"),
        ("no", "no"),
        ("true", True),
        ("~", None),
        ("", None),
    ],
)
def test_only_numbers_are_read_as_numbers(tmp_path, written, read):
    path = tmp_path / "words.yaml"
    path.write_text(f"key: {written}\n")
    assert load_data(path).data["key"] == read
