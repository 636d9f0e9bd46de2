"""Thai is read as Thai where it is spelled so: any bytes beyond ASCII are letters of it."""

from __future__ import annotations

import pytest

from db.tabular.encodings import recognise
from db.tabular.tables import Unreadable

NAMES = ("สมชาย ใจดี", "เกาะสมุย แก้วน้ำ", "ฤๅษี เอื้อเฟื้อ", "กฤษณ์ ไพบูลย์", "โสภา ว่องไว")


def test_thai_names_are_read():
    assert recognise(("name\n" + "\n".join(NAMES)).encode("cp874")).codec == "cp874"


@pytest.mark.parametrize(
    "sample",
    [
        b"staff_no,name,station_code\r\n0007,\xcd\xf5\xd0\xa4\xe3\xd3\xa2,PEK\r\n0017,\xc0\xee\xbd",
        "name\n๕ะคใ\n".encode("cp874"),
    ],
)
def test_bytes_that_would_be_misspelt_thai_are_not(sample):
    """The first one is a file in GB18030, cut off after a name and a half."""
    with pytest.raises(Unreadable) as refusal:
        recognise(sample)
    assert "Windows-874" not in str(refusal.value)
