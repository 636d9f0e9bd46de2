"""Every text of the code is translated into every language, and nothing else is."""

from __future__ import annotations

import string

import pytest

from tests.support.texts import TRANSLATED, catalogue, collected

pytestmark = pytest.mark.parametrize("language", TRANSLATED)


@pytest.fixture(scope="module")
def texts():
    return {message.id for message in collected() if message.id}


def translated(language):
    return [message for message in catalogue(language) if message.id]


def forms(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_catalogue_holds_the_texts_of_the_code(language, texts):
    """When this fails: make translations, then translate."""
    held = {message.id for message in translated(language)}
    assert held - texts == set(), "stale"
    assert texts - held == set(), "missing"


def test_every_text_is_translated(language):
    open_texts = [m.id for m in translated(language) if m.fuzzy or not all(forms(m))]
    assert open_texts == []


def test_translations_fill_the_same_places(language):
    """A place that is missing loses a figure; one too many breaks the page."""
    wrong = [
        message.id
        for message in translated(language)
        for form in filter(None, forms(message))
        if places(form) != places(message.id if isinstance(message.id, str) else message.id[1])
    ]
    assert wrong == []
