"""`make audit`: are there known advisories about the packages the portal stands on?"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.support.requirements import ROOT

NOT_RUN = "not run: no source of advisories is reachable from here"
_COMMAND = (
    *(".audit/bin/python", "-m", "pip_audit", "-r", "requirements.txt"),
    *("--format", "json", "--progress-spinner", "off"),
)


def main() -> int:
    try:
        done = subprocess.run(
            _COMMAND, cwd=ROOT, capture_output=True, check=False, text=True, timeout=300
        )
    except subprocess.TimeoutExpired:
        print(NOT_RUN)
        return 0
    status, text = verdict(done.stdout)
    print(text)
    return status


def verdict(output: str) -> tuple[int, str]:
    """Exit status and what to say of pip-audit's JSON.

    Where nothing at all could be looked up the check did not happen, and that is what it says.
    """
    try:
        found: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError):
        return 0, NOT_RUN
    looked_up = [each for each in found if "skip_reason" not in each]
    if not looked_up:
        return 0, NOT_RUN
    bad = [
        f"{each['name']} {each['version']}: {flaw['id']}, fixed in {flaw['fix_versions']}"
        for each in looked_up
        for flaw in each["vulns"]
    ]
    counted = f"{len(looked_up)} packages looked up, {len(found) - len(looked_up)} not known"
    return (1 if bad else 0), "\n".join([counted, *bad])


if __name__ == "__main__":
    sys.exit(main())
