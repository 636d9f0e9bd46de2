"""Replies from templates: every language, blanks filled from the file, what is unknown left out."""

from __future__ import annotations

import re

import pytest

from core.errors import InvalidInput
from core.files.fields import SOLUTIONS
from core.files.replies import LONGEST_REPLY, REPLIED, reply_from_template
from core.files.steps import Step
from core.i18n import CONTENT_LANGUAGES

FULL = {
    "number": "F-000012",
    "received": "2026-03-02 09:10",
    "station": "Taoyuan",
    "promised": "2026-03-05 12:00",
    "compensation": "1,200",
    "solution": "compensation",
}


@pytest.mark.parametrize("language", CONTENT_LANGUAGES)
@pytest.mark.parametrize("step", REPLIED)
def test_no_template_leaves_a_blank_open(step, language):
    for solution in ("", *SOLUTIONS):
        for blanks in (FULL | {"solution": solution}, {}, {"number": "F-1"}):
            reply = reply_from_template(step, language, blanks)
            assert reply
            assert not re.search(r"[{}]", reply)
            assert len(reply) < LONGEST_REPLY


def test_what_the_file_says_stands_in_the_reply():
    reply = reply_from_template(Step.TOLD, "en", FULL)
    assert "F-000012 of 2026-03-02 09:10" in reply
    assert "a compensation of 1,200." in reply
    assert reply.endswith("Taoyuan")


def test_a_sentence_with_an_unknown_blank_is_left_out():
    first = reply_from_template(Step.FIRST_RESPONSE, "en", FULL | {"promised": ""})
    assert "by " not in first
    without_sum = reply_from_template(Step.TOLD, "en", FULL | {"compensation": ""})
    assert "compensation" not in without_sum


def test_every_solution_has_its_sentence_in_every_language():
    for language in CONTENT_LANGUAGES:
        texts = {
            reply_from_template(Step.TOLD, language, FULL | {"solution": solution})
            for solution in ("", *SOLUTIONS)
        }
        assert len(texts) == 1 + len(SOLUTIONS)


@pytest.mark.parametrize(("step", "language"), [(Step.EXECUTED, "en"), (Step.TOLD, "fr")])
def test_what_has_no_template_is_refused(step, language):
    with pytest.raises(InvalidInput):
        reply_from_template(step, language, FULL)
