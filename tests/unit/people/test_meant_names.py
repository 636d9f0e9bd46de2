"""Names that are words too and short numbers: hidden where they are meant, and nowhere else."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter

import pytest

from core.people.staff_names import StaffNames
from tests.support.requirements import real_data
from tests.support.safekeeping.labelled import real_conversations
from tests.unit.people.test_staff_names import bars

STAFF = StaffNames(
    (
        "高峰",
        "黎明",
        "方便",
        "白雪",
        "李明",
        "朱芷晴",
        "程中",
        "Grace",
        "Hope",
        "Will Long",
        "王宏 Mark",
    ),
    ("8812", "YF10031", "A12", "77", "1234567", "10010", "2026"),
)


@pytest.mark.parametrize(
    "marked",
    [
        "客服[高峰]您好",
        "您好，我是客服[高峰]，工號[8812]",
        "[高峰]先生、[白雪]小姐",
        "我是[黎明]",
        "這裡是 [黎明]",
        "由[高峰]為您服務",
        "客服 [方便] 為您服務",
        "謝謝[白雪]",
        "早安 [白雪]！",
        "[高峰]您好",
        "[高峰]（[8812]）",
        "員工編號[8812] [高峰]",
        "[YF10031] [高峰]",
        "[高峰] 工號[77]",
        "[高峰] [8812]",
        "主管：[高峰]",
        "[朱芷晴]、[高峰]代班",
        "[朱芷晴][8812]",
        "[李明]來了，同事[李明]",
        "hi [Grace], hello",
        "Agent [Grace] and Ms [hope]",
        "this is [Hope]",
        "[Will Long] was late",
        "Mr [will long]",
        "[王宏 Mark]",
        "agent number [8812], badge: [77], staff no. [A12]",
        "[8812]號客服",
        "[1234567]",
        "在過程中，[程中]遲到",
    ],
)
def test_an_entry_beside_a_title_a_job_a_number_or_a_greeting_is_hidden(marked: str) -> None:
    plain = marked.replace("[", "").replace("]", "")
    assert STAFF.hide(plain) == bars(marked)


@pytest.mark.parametrize(
    "text",
    [
        "現在是高峰時段",
        "高峰 2026年",
        "謝謝高峰期的等候",
        "您方便嗎？您好方便嗎",
        "天快黎明了，下了白雪",
        "行李明天到",  # the end of one word and the beginning of the next
        "李 明天",
        "grace period, I hope so, mark it",
        "will long queues",
        "thank you, hope to see you; my manager will help",
        "8812 元, 8812年, 2026 年, 共 8812",
        "登機門 A12、座位 77",
        "客服10010、客服8812-7654321",  # telephones of a service
    ],
)
def test_words_and_counts_stay(text: str) -> None:
    assert STAFF.hide(text) == text


def test_a_name_is_a_word_where_words_take_up_all_of_it() -> None:
    """國王 and 明天 explain all of 王明; without 國王 it is a name, although 明天 is a word."""
    staff = StaffNames(["王明"], [])
    assert staff.hide("王明天來") == "██天來"
    assert staff.hide("國王明天來") == "國王明天來"


FAMILY = (
    "王李張劉陳楊黃趙吳周徐孫馬朱胡郭何林羅鄭梁謝宋唐許韓馮鄧曹彭曾蕭田董潘袁蔡蔣余于杜葉程魏蘇呂丁任盧"
    "姚沈鍾姜崔譚陸范汪廖石金韋賈夏付方鄒熊白孟秦邱侯江尹薛段雷龍史陶賀毛郝顧龔邵萬錢嚴莫孔向常"
)
GIVEN = (
    "明志家俊文偉國華建軍平強輝東海波斌宇浩凱健帆雲飛鵬傑濤磊超勇剛洋林峰龍勝學祥才武新利清光天達安中茂進有堅"
    "和彪博誠先敬震振壯會思群豪心邦承樂紹功松善厚慶民友裕河哲江亮政謙亨奇固之翰朗伯宏言若鳴朋梁棟維啟克倫翔旭"
    "澤晨辰士以致樹炎德行時泰盛雄琛鈞冠策騰楠榕風航弘秀娟英慧巧美娜靜淑惠珠翠雅芝玉萍紅娥玲芬芳燕彩春菊蘭鳳潔"
    "梅琳素蓮真環雪榮愛妹霞香月鶯媛豔瑞凡佳嘉瓊勤珍貞莉桂娣璧璐婭琦晶妍茜秋珊莎錦黛青倩婷姣婉嫻瑾穎露瑤怡蓉眉君"
)
NICKNAMES = (
    "Grace Amy May Hope Will Mark Jack Tom Anna Ivy Joy Sunny Max Sky Rose King Long Bill Frank"
    " Kevin Peter Jason Vivian Candy Apple Angel"
)


def ten_thousand(seed: int) -> list[str]:
    """Names of two (15 in 100) and three characters, one in five with an English one behind."""
    drawn = random.Random(seed)
    names = []
    for _ in range(10_000):
        given = drawn.choice(GIVEN) + (drawn.choice(GIVEN) if drawn.random() >= 0.15 else "")
        nickname = f" {drawn.choice(NICKNAMES.split())}" if drawn.random() < 0.2 else ""
        names.append(drawn.choice(FAMILY) + given + nickname)
    return names


@pytest.fixture(scope="module")
def real_turns() -> list[tuple[str, str]]:
    return [
        (turn.corpus, re.sub(r"@\S+", "@", turn.text))
        for turns in real_conversations()
        for turn in turns
    ]


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_of_real_turns_one_in_a_thousand_is_changed_by_ten_thousand_names(
    real_turns: list[tuple[str, str]], seed: int
) -> None:
    """Counted are all turns that change, also where a person of that name is really meant.

    Not counted are accounts, as in @余承东: they name other people, and are no words.
    """
    staff = StaffNames(ten_thousand(seed), [f"{n}" for n in range(10_000, 20_000)])
    changed = Counter(corpus for corpus, text in real_turns if staff.hide(text) != text)
    print(f"\nseed {seed}: changed {dict(changed)} of {len(real_turns)} turns")
    assert len(real_turns) == 19_582
    assert changed["crsa"] <= 0.001 * 4_182
    assert changed.total() <= 0.001 * len(real_turns)


def test_english_words_stay_though_people_are_called_so() -> None:
    staff = StaffNames(NICKNAMES.split(), [])
    with gzip.open(real_data("stc3") / "dialogues_en.jsonl.gz", "rt", encoding="utf-8") as file:
        turns = ["\n".join(t["utterances"]) for row in map(json.loads, file) for t in row["turns"]]
    changed = [text for text in turns if staff.hide(text) != text]
    print(f"\nchanged {len(changed)} of {len(turns)} English turns")
    assert len(changed) <= 0.001 * len(turns)
