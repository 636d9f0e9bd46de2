"""Finding standards by word."""

import pytest

from core.library import load_library
from core.library.search import ItemQuery, search

LIBRARY = load_library()


def ids(**wanted):
    return [item.id for item in search(LIBRARY, ItemQuery(**wanted))]


def test_without_anything_wanted_every_item_is_found():
    assert len(ids()) == len(LIBRARY) == 392


@pytest.mark.parametrize(
    ("traditional", "simplified"), [("行李", "行李"), ("客戶資料", "客户资料"), ("投訴", "投诉")]
)
def test_either_script_finds_the_same(traditional, simplified):
    assert ids(words=traditional) == ids(words=simplified) != []


def test_words_are_all_needed_and_case_makes_no_difference():
    both = ids(words="UNIFORM colour")
    assert "ATT-02" in both
    assert set(both) <= set(ids(words="uniform")) & set(ids(words="colour"))


def test_an_id_comes_before_texts_that_mention_the_word():
    assert ids(words="att-0")[0] == "ATT-01"
    assert ids(words="uniform")[0] == "ATT-01"


def test_filters_narrow_together():
    found = search(LIBRARY, ItemQuery(group="CHK", channel="counter", kind="yes_no", critical=True))
    assert found
    assert all(
        (item.group, item.kind, "counter" in item.channels, item.critical is not None)
        == ("CHK", "yes_no", True, True)
        for item in found
    )


def test_nothing_fits_nonsense():
    assert ids(words="xyzzy") == []


def test_full_width_letters_and_either_script_find_the_same():
    assert ids(words="ＣＨＫ") == ids(words="chk") != []
    assert ids(words="隨著") == ids(words="随着")
