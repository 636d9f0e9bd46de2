"""Which passwords are taken; the examples are from lists of passwords that leaked."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput
from core.passwords import check_password


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
