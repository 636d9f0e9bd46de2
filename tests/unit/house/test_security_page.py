"""What docs/security.md calls proven is proven by a file that exists."""

from __future__ import annotations

import re

import pytest

from tests.support.requirements import ROOT

PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
FILES = sorted(set(re.findall(r"`((?:tests/\w+/)?test_\w+\.py|core/\w+\.py)`", PAGE)))


@pytest.mark.parametrize("name", FILES)
def test_a_named_proof_exists(name):
    if "/" in name:
        assert (ROOT / name).exists()
    else:
        assert list((ROOT / "tests/integration").rglob(name))


def test_every_requirement_says_how_it_stands():
    rows = [line.split("|")[1:-1] for line in PAGE.splitlines() if re.match(r"\| \d+\.\d", line)]
    states = ("met", "open", "not applicable", "the operator's")
    assert rows
    assert [row[0] for row in rows if not row[1].strip().startswith(states)] == []
    assert [row[0] for row in rows if len(row) != 3 or not row[2].strip()] == []
