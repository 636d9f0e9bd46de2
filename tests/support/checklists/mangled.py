"""Forms damaged at random, the same for the same seed."""

from __future__ import annotations

import random
from copy import deepcopy
from typing import Any

WRONG: list[Any] = [
    *(None, True, False, 0, -1, 3.5, 1e308, -1e400, float("nan"), 10**30),
    *("", " ", "5", "NaN", "IN", "SINGLESELECT", "x" * 5000, "\x00\ud800"),
    *([], {}, [[]], [None], [1, "2", {}], {"a": {}}, {"Options": 7}),
]


def mangled(form, seed):
    """A copy with one to four changes: values replaced, removed, doubled, moved, keys renamed."""
    rng = random.Random(seed)
    form = deepcopy(form)
    for _ in range(rng.randint(1, 4)):
        _change(form, rng)
    return form


def _change(form, rng):
    holder, key = rng.choice(list(_places(form)) or [({}, "a")])
    way = rng.randrange(6)
    if way == 0:
        holder[key] = deepcopy(rng.choice(WRONG))
    elif way == 1:
        del holder[key]
    elif way == 2 and isinstance(holder, list):
        holder.insert(rng.randint(0, len(holder)), deepcopy(holder[key]))
    elif way == 3 and isinstance(holder, dict):
        holder[rng.choice(["x", "Title", "RefId", "key", ""])] = holder.pop(key)
    elif way == 4:
        other, other_key = rng.choice(list(_places(form)))
        holder[key] = deepcopy(other[other_key])
    else:
        holder[key] = {"Items": [deepcopy(holder[key])]}


def _places(part):
    keys = (
        list(part) if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
    )
    for key in keys:
        yield part, key
        yield from _places(part[key])
