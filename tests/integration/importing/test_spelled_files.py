"""An alphabet is read as such where words are spelled so: any bytes are letters of some."""

from __future__ import annotations

import unicodedata

import pytest

from db.tabular.encodings import recognise, refuse_if_chinese
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


def test_cyrillic_with_signs_in_its_words_is_none():
    """Names in Big5 of which bytes were lost."""
    names = ("іЇ©Й§g", "Є57У©ъ", "ONeill Pa€")
    sample = "staff_no,name,station_code\n" + "".join(f"1,{name},PEK\n" for name in names)
    with pytest.raises(Unreadable):
        recognise(sample.encode("cp1251"))
    real = "name\nІван Петренко\nМарія Шевченко\nОлег Коваль\nдом №5, ул. Ленина\n"
    assert recognise(real.encode("cp1251")).codec == "cp1251"


def test_latin_with_signs_in_its_words_is_none():
    """Another file in Big5 that lost bytes: it was read as Windows-1257."""
    sample = (
        b'staff_no,name,station_code\r\n0007,\xa4"\xfd\xa8q\xad^,PEK\r\n0027,Ann Lee,PEK\r\n'
        b"0\xfa,PEK\xaf\xa9\xc9\xa7g,PEK\r\n0057,\xaaLEK\r\n0\xfa,K\r\n"
    )
    with pytest.raises(Unreadable):
        recognise(sample)


CHINESE_AS_UTF8 = ("郑英", "韦霞", "盛倩", "谢雪", "袁小", "鲁帅", "駱建", "蕭貞", "賴志", "卓英")
OTHERS = ("José Muñoz", "Łukasz Żak", "Σπύρος", "Иван Щукин", "Trần Văn Bình", "דוד", "محمد", "é")


@pytest.mark.parametrize("name", CHINESE_AS_UTF8)
def test_chinese_bytes_that_happen_to_be_utf_8_are_refused(name):
    """One name in GB18030, whose bytes are UTF-8 of scripts mixed in a word, or of no script."""
    sample = f"staff_no,name,station_code\nZ000,{name},PEK\n".encode("gb18030")
    assert sample.decode("utf-8")
    with pytest.raises(Unreadable, match="too few characters tell"):
        refuse_if_chinese(sample)


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_in_utf_8_are_not(name, form):
    """With their accents in the letter or behind it, as Macs write them."""
    refuse_if_chinese(f"name\n{unicodedata.normalize(form, name)}\n".encode())
