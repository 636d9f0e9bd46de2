"""Names and numbers of the staff list hidden in texts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.people.staff_names import NOBODY, StaffNames
from core.safekeeping.masking import PLACEHOLDER
from core.text.search_query import query_of

NAMES = (
    "朱芷晴",
    "王明",
    "陳大文 David Chan",
    "Chan Tai-man",
    "Emily Chen",
    "José Núñez",
    "O'Brien Sam",
    "佐藤花子",
    "김민수",
    "范",
    "林美 Grace",
)
NUMBERS = ("YF10031", "8812", "107", "S-77", "0099123")
STAFF = StaffNames(NAMES, NUMBERS)


def bars(text: str) -> str:
    """`[朱芷晴]` marks what must be hidden: as many bars as characters inside the brackets."""
    shown, _, rest = text.partition("[")
    if not rest:
        return shown
    inside, _, after = rest.partition("]")
    return shown + PLACEHOLDER * len(inside) + bars(after)


@pytest.mark.parametrize(
    "marked",
    [
        "我是客服[朱芷晴]，您好",
        "我是[朱 芷　晴]",
        "[朱\u200b芷\u2060晴]",
        "[朱·芷-晴]",
        "[朱\n芷晴]",
        "[王明]明，[王明]",
        "繁簡：[陳大文]、[陈大文]",
        "[陳大文 David Chan]",
        "[David Chan 陳大文]",
        "[陳大文(David Chan]) called",
        "[david chan]; [Chan David]; [CHAN, DAVID]",
        "agent [Chan Tai-man]; [Chan Tai Man]; [Chan Taiman]; [Tai-man Chan]",
        "[Ｅｍｉｌｙ　Ｃｈｅｎ] and [Chen  Emily]",
        "[Emily\u2011Chen]",
        "[Emi\u00adly Chen]",
        "[Jose Nunez] is [JOSÉ NÚÑEZ] is [Jose\u0301 Nu\u0301n\u0303ez]",
        "[O’Brien Sam], [Sam O'Brien]",
        "担当は[佐藤花子]です。[김민수]입니다",
        "[林美], [林美 Grace], [Grace 林美], but Grace and grace stay",
        "員工編號 [YF10031]，工號[8812]號",
        "[ｙｆ１００３１] [yf-10031] [YF 10031], 工號[S77]、員工編號：[s-77]",
        "agent number [8812].",
        "[YF10031]/[8812], [8812]",
        "number [0099123]",
        "👍🏽😀 [朱芷晴]👩🏽‍✈️ 𠮷𡘙 [YF10031]",
    ],
)
def test_hides_a_name_however_it_is_written(marked: str) -> None:
    plain = marked.replace("[", "").replace("]", "")
    assert STAFF.hide(plain) == bars(marked)


OF_OTHER_SCRIPTS = StaffNames(
    (
        *("สมชาย ใจดี", "กิตติ พงษ์", "ปู", "अनिल कुमार", "김민수", "Андрей Алёшин"),
        *("محمد علي", "أحمد سالم", "Γιώργος Παππάς", "ガガ花子", "เอก ๒"),
        *("Jürgen Müller", "Juergen Koch", "Bjørn Ås", "Ægir Þór", "Weiß Anna", "Nguyễn Văn Đức"),
    ),
    (),
)


@pytest.mark.parametrize(
    "marked",
    [
        "คุณ[กิตติ พงษ์]ครับ ผมชื่อ[สมชายใจดี] พี่[ปู]ค่ะ",
        "नमस्ते [अनिल कुमार] जी",
        "[김민수]입니다",
        "это [Андрей Алешин]; [Алёшин Андрей]",
        "[مُحَمَّد عَلِي] هنا; [محمـد علي]; [احمد سالم]",
        "[ΓΙΩΡΓΟΣ ΠΑΠΠΑΣ]",
        "[ガガ花子], [ｶﾞｶﾞ花子], but カカ花子 stays",
        "[Juergen Mueller]; [JURGEN MÜLLER]; [Jürgen Koch]; [Koch Jurgen]",
        "[Bjoern Aas]; [Bjorn As]; [Aegir Thor]; [ANNA WEISS]; [Anna Weiẞ]",
        "[Nguyen Van Duc]; [NGUYỄN VĂN ĐỨC]",
    ],
)
def test_hides_a_name_in_any_script_however_it_is_composed(marked: str) -> None:
    plain = marked.replace("[", "").replace("]", "")
    assert OF_OTHER_SCRIPTS.hide(plain) == bars(marked)
    decomposed = normalize("NFD", plain)
    hidden = OF_OTHER_SCRIPTS.hide(decomposed)
    assert len(hidden) == len(decomposed)
    shown = normalize("NFC", hidden.replace(PLACEHOLDER, ""))
    assert shown == normalize("NFC", bars(marked).replace(PLACEHOLDER, ""))


@pytest.mark.parametrize("text", ["अनिल कुमारी", "김 민", "Андреев Алёшин", "Maple grace"])
def test_leaves_other_words_of_other_scripts(text: str) -> None:
    assert OF_OTHER_SCRIPTS.hide(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "范先生",  # a name of one character is no entry
        "芷晴",  # the given name alone stands in no list
        "Tai-man, Emily, David",
        "Emily Chenoweth",
        "Memily Chen",
        "xYF10031 YF100310 YF10031a",
        "88120, 18812, 3.8812, 8812.5, A8812",
        "107, 8812, S77",  # of anything, without a word for a number of staff
        "王。明",
        "陳先生，大文件",
        "éEmily Chené",
    ],
)
def test_leaves_what_is_no_name(text: str) -> None:
    assert STAFF.hide(text) == text


def test_names_that_share_characters_are_hidden_together() -> None:
    assert StaffNames(["王大明", "明芷"], []).hide("王大明芷來") == "████來"


def test_a_reader_may_know_some_of_them() -> None:
    spared = STAFF.sparing(["朱芷晴"], ["YF10031"])
    assert spared.hide("朱芷晴 YF10031 王明 8812") == "朱芷晴 YF10031 ██ ████"
    assert STAFF.hide("朱芷晴") == "███"


def test_data_keeps_its_shape() -> None:
    data = {"朱芷晴": ["朱芷晴", 8812, None, {"x": "工號8812"}], "y": ("王明",)}
    hidden = {"朱芷晴": ["███", 8812, None, {"x": "工號████"}], "y": ("██",)}
    assert STAFF.hide_data(data) == hidden


@pytest.mark.parametrize(
    "query", ["朱芷晴", "芷晴", "我是朱芷晴", "我是朱", "晴為您", "yf10031", "yf1"]
)
def test_no_word_is_found_by_what_is_hidden(query: str) -> None:
    texts = ["您好，我是朱芷晴為您服務", "工號 YF10031"]
    typed = query_of(query)
    assert NOBODY.has_words(typed, texts)
    assert not STAFF.has_words(typed, texts)
    assert STAFF.has_words(typed, [*texts, "芷晴是一個名字"]) is (query == "芷晴")


def test_what_is_hidden_is_not_there_for_who_excludes_it_either() -> None:
    """`-朱芷晴` finds the text that names her as any other without her, and OR helps nobody."""
    texts = ["您好，我是朱芷晴為您服務"]
    assert STAFF.has_words(query_of("您好 -朱芷晴"), texts)
    assert not NOBODY.has_words(query_of("您好 -朱芷晴"), texts)
    assert not STAFF.has_words(query_of("朱芷晴 OR 行李"), texts)
    assert not STAFF.has_words(query_of('"我是 為您"'), texts)


def test_other_words_of_the_same_text_are_found() -> None:
    texts = ["您好，我是朱芷晴為您服務"]
    assert STAFF.has_words(query_of("您好 服務"), texts)


ALPHABET = "朱芷晴王明 \u200b\u0301-陳陈大文DavidCHANｅ8812YF10031.,，😀𠮷é\n█"


@given(st.text(alphabet=ALPHABET))
def test_the_length_stays_and_hiding_twice_changes_nothing(text: str) -> None:
    hidden = STAFF.hide(text)
    assert len(hidden) == len(text)
    assert STAFF.hide(hidden) == hidden
    pairs = zip(text, hidden, strict=True)
    assert all(after in (before, PLACEHOLDER) for before, after in pairs)


@given(st.text(alphabet="您好請問行李abcxyz 123，。\u200b😀"))
def test_texts_without_names_stay_as_they_are(text: str) -> None:
    assert STAFF.hide(text) == text
    assert NOBODY.hide(text) == text


def _calls(work: Callable[[], object]) -> int:
    """Function calls, C ones included: a count that no busy machine changes."""
    count = 0

    def note(_frame: object, _event: str, _arg: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(scope="module")
def thousands() -> StaffNames:
    """10,000 people with names of both scripts and numbers."""
    family, first = "陳林黃張李王吳劉蔡楊", "志家俊淑美雅文明玉建冠宗怡佳承柏宇廷翔霖"
    names = [
        f"{family[n % 10]}{first[n // 10 % 20]}{first[n // 200 % 20]} "
        f"Anna{'abcdefghij'[n % 10] * 2}{n // 10} Chan"
        for n in range(10_000)
    ]
    return StaffNames(names, [f"YF{n:05d}" for n in range(10_000)])


@pytest.mark.parametrize(
    "unit",
    [
        "行李在轉盤，陳志家為您服務。",
        "陳 志 ",
        "陳",
        "陳    ",
        "the agent Annaaa0 Chan YF00012 said ",
        "Anna" * 10,
        "Anna ",
        "YF ",
        "陳志\u200b",
    ],
)
def test_work_grows_with_the_text_alone(thousands: StaffNames, unit: str) -> None:
    """Twice the text is at most twice the calls (and some), whatever it is made of."""
    once, twice = (unit * (20_000 * n // len(unit)) for n in (1, 2))
    thousands.hide(once)  # characters met first are folded first
    few, many = (_calls(lambda text=text: thousands.hide(text)) for text in (once, twice))
    assert many <= 2.2 * few + 100


def test_work_does_not_grow_with_the_list(thousands: StaffNames) -> None:
    """10,000 people cost no more calls than 100 on a text that names nobody of either."""
    few = StaffNames(
        [f"陳{a}{b}" for a in "志家俊淑美雅文明玉建" for b in "志家俊淑美雅文明玉建"], []
    )
    text = "陳小姐您好，航班在樓上。" * 2_000
    thousands.hide(text)
    assert _calls(lambda: thousands.hide(text)) <= 1.2 * _calls(lambda: few.hide(text)) + 100


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("Jürgen Weiß", "[JÜRGEN WEISS]; [Jurgen Weiss]; [Weiß, Jürgen]"),
        ("Jon Grossman", "[Jon Großman] is [JON GROSSMAN]"),
        (
            "İbrahim Yılmaz",
            "[İBRAHIM YILMAZ]; [ibrahim yılmaz]; [Ibrahim Yilmaz]; [I\u0307brahim Yılmaz]",
        ),
        ("Łukasz Đặng", "[Lukasz Dang]; [ŁUKASZ ĐẶNG]"),
        ("Øyvind Åse", "[Oyvind Ase] called"),
        ("John A. Smith", "[John Smith], [Smith, John], [John A Smith], but not John B. Smith"),
        ("买买提·艾力", "[买买提．艾力], [買買提.艾力]"),
        ("高峰", "客服【[高峰]】，客服“[高峰]”，客服 @[高峰]，高峰时段"),
    ],
)
def test_letters_that_are_written_otherwise_are_the_same(name, marked):
    clear = marked.replace("[", "").replace("]", "")
    assert StaffNames([name], []).hide(clear) == bars(marked)


def test_a_short_number_is_hidden_inside_of_any_bracket():
    staff = StaffNames([], ["K12"])
    for text in ("工号【K12】", "工号“K12”", "工号 *K12*", "staff no. @K12"):
        assert staff.hide(text) == text.replace("K12", PLACEHOLDER * 3)
    assert staff.hide("gate K12") == "gate K12"
