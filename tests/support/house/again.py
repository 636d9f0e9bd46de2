"""After CI's tests: browser tests that failed are tried once more, on their own, and loudly so.

On a machine as busy as CI's a click in Chromium is lost once in some thousands. A fault of the
portal fails here again; anything else that failed is not tried at all.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from tests.support.requirements import ROOT

CACHE = ".pytest_cache"
_BROWSER = "tests/browser/"
_MOST = 2


def main() -> int:
    failed: dict[str, Any] = json.loads((ROOT / CACHE / "v/cache/lastfailed").read_text())
    if not worth_another_try(list(failed)):
        return 1
    print("Failed above; tried once more, alone:", *failed, sep="\n  ", flush=True)
    return pytest.main([*failed, "-v"])


def worth_another_try(failed: list[str]) -> bool:
    """Whether these are one or two browser tests and nothing else."""
    return 0 < len(failed) <= _MOST and all("::" in f and f.startswith(_BROWSER) for f in failed)


if __name__ == "__main__":
    sys.exit(main())
