"""Which passwords are taken; the examples are from lists of passwords that leaked."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput
from core.sign_in.passwords import check_password, strength


@pytest.mark.parametrize(
    "password",
    [
        "three blue parcels",
        "correct horse battery staple",
        "蘋果 月亮 鐵路 咖啡 雨傘 星期",
        "x7$Kq!m2Zp9w",
    ],
)
def test_long_and_unusual_passwords_are_taken(password):
    check_password(password, ["alice", "Alice Chen"])


@pytest.mark.parametrize("password", ["", "short", "x7$Kq!m2Zp9"])
def test_eleven_characters_are_too_few(password):
    with pytest.raises(InvalidInput, match="at least 12"):
        check_password(password, [])


def test_129_characters_are_too_many():
    check_password("correct horse battery staple" + "x" * 100, [])
    with pytest.raises(InvalidInput, match="at most 128"):
        check_password("x" * 129, [])


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "qwertyuiop123",
        "aaaaaaaaaaaaaaa",
        "123456789012",
        "P@ssw0rd2024!",
        "iloveyou12345",
    ],
)
def test_passwords_that_everyone_tries_first_are_refused(password):
    with pytest.raises(InvalidInput, match="easy to guess"):
        check_password(password, [])


@pytest.mark.parametrize(
    "password", ["margarethe.hsu", "Margarethe Hsu", "margarethe2024", "qualityportal"]
)
def test_what_is_known_of_the_person_does_not_make_a_password(password):
    with pytest.raises(InvalidInput, match="easy to guess"):
        check_password(password, ["margarethe.hsu", "Margarethe Hsu"])


@pytest.mark.parametrize(
    ("password", "level"),
    [
        ("short", 1),
        ("password1234", 1),
        ("Tr0ub4dour&3", 2),
        ("Tr0ub4dour&3x", 3),
        ("three blue parcels", 4),
    ],
)
def test_strength_has_four_levels_of_which_two_are_taken(password, level):
    found = strength(password, ["alice"])
    assert found.level == level
    assert (found.problem is None) == (level >= 3)


def test_what_comes_after_40_characters_makes_no_password_stronger():
    """The judge takes seconds for some longer texts, and a form asks it while one types."""
    assert strength("a" * 40 + "three blue parcels", []).level == 1
    assert strength("a" * 22 + "three blue parcels", []).level == 4
