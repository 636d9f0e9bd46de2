"""Bad input by the thousand: how many cases each part gets, and the values they are made of.

`make fuzz` runs FUZZ=100000 cases, shared out below; the normal run takes a small seeded sample.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.support.inspection.inspecting import answers

CASES = int(os.environ.get("FUZZ", "600"))
SHARES = {"routes": 0.5, "submit": 0.1, "login": 0.02, "import": 0.08, "answers": 0.3}

texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["<script>alert(1)</script>", "=1+1", "\x00", "\ud800", "%00", "🧾" * 9, "1e999"]
    ),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(texts, parts, max_size=3),
    max_leaves=6,
)
item_keys = st.sampled_from([*answers(), "", "x", "../../etc/passwd", "' OR 1=1 --", "\u202e"])
numbers = st.one_of(st.integers(-3, 9), st.sampled_from([2**31, 2**63, 2**64, 10**40]))


def cases(share):
    """So many examples of a strategy; the same ones each time in the normal run."""
    return settings(
        max_examples=max(1, int(CASES * SHARES[share])),
        derandomize="FUZZ" not in os.environ,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
