"""What `make audit` makes of pip-audit's answer."""

from __future__ import annotations

import json

from tests.support.house.audit import NOT_RUN, verdict

GOOD = {"name": "altair", "version": "6.3.0", "vulns": []}
BAD = {
    "name": "jinja2",
    "version": "2.4.1",
    "vulns": [{"id": "PYSEC-2014-8", "fix_versions": ["2.7.2"]}],
}
UNKNOWN = {"name": "et-xmlfile", "skip_reason": "Dependency not found on PyPI"}


def said(*dependencies):
    return verdict(json.dumps({"dependencies": dependencies}))


def test_no_advisory_is_good():
    assert said(GOOD, UNKNOWN) == (0, "1 packages looked up, 1 not known")


def test_an_advisory_fails_and_is_named():
    status, text = said(GOOD, BAD)
    assert status == 1
    assert "jinja2 2.4.1: PYSEC-2014-8, fixed in ['2.7.2']" in text


def test_where_nothing_could_be_looked_up_it_says_not_run():
    assert said(UNKNOWN, UNKNOWN) == (0, NOT_RUN)
    assert verdict("") == (0, NOT_RUN)
    assert verdict("ERROR: Connection refused") == (0, NOT_RUN)
