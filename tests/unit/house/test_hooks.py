"""The hooks before a commit are the targets of `make lint`, neither more nor less."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest
import yaml

from tests.support.requirements import ROOT, need

HOOKS = [
    hook
    for repository in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    for hook in repository["hooks"]
]


@pytest.fixture(scope="module")
def targets() -> dict[str, list[str]]:
    """The Makefile's targets with what they depend on, as make reads them; nothing is run."""
    make = shutil.which("make")
    need(make, "make (apt-get install make)")
    database = subprocess.run(
        [str(make), "--print-data-base", "--question", "lint"],
        cwd=ROOT,
        env=os.environ | {"LC_ALL": "C", "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=False,  # 1 says that something is to be done
    ).stdout
    rules = re.sub(r"^# Not a target:\n.*\n", "", database, flags=re.MULTILINE)
    lines = re.findall(r"^([a-z-]+):(?!=)(.*)$", rules, re.MULTILINE)
    return {target: prerequisites.split() for target, prerequisites in lines}


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_a_hook_calls_one_target_of_the_makefile_whatever_has_changed(hook, targets):
    make, target = hook["entry"].split()
    assert make == "make"
    assert target in targets
    assert hook["language"] == "system"
    assert hook["always_run"]
    assert not hook["pass_filenames"]


def test_the_hooks_check_what_make_lint_checks(targets):
    checks = [name for name in targets["lint"] if not name.startswith(".")]
    assert checks
    assert [hook["entry"] for hook in HOOKS] == [f"make {check}" for check in checks]


def test_make_lint_does_nothing_beside_its_checks(targets):
    """Every target named lint-... is one of them."""
    assert {name for name in targets if name.startswith("lint-")} <= set(targets["lint"])
