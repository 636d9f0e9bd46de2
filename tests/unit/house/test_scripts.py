"""The scripts' own tests, run by node; and what Python sends them is what they expect."""

from __future__ import annotations

import re
import shutil
import subprocess

from pages.ui.inspection.pad.texts import practice_texts, texts
from tests.support.requirements import ROOT, need

OLDEST = 18
TESTS = sorted((ROOT / "tests").rglob("*.test.js"))


def test_the_scripts_pass_their_own_tests():
    need(node_version() >= OLDEST, f"Node {OLDEST} or newer (apt-get install nodejs)")
    run = subprocess.run(["node", "--test", *TESTS], capture_output=True, text=True, check=False)
    print(run.stdout, run.stderr, sep="\n")
    assert run.returncode == 0
    assert int(re.search(r"^\S+ pass (\d+)$", run.stdout, re.MULTILINE)[1]) >= 25


def test_the_pads_script_knows_every_text_it_is_given():
    types = (ROOT / "pages/ui/inspection/pad/js/types.d.ts").read_text(encoding="utf-8")
    named = set(re.findall(r'"(\w+)"', types.partition("export type TextName =")[2]))
    given = texts()
    assert {name for name, text in given.items() if isinstance(text, str)} == named
    assert set(practice_texts()) <= {*given, "left"}


def node_version():
    """The major version of node; 0 without one."""
    if not shutil.which("node"):
        return 0
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    return int(said.stdout.removeprefix("v").partition(".")[0])
