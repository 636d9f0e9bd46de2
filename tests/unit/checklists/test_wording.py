"""What a check says of the wording of items, others' and ours, and how often it is right."""

from __future__ import annotations

from typing import Any

import pytest

from core.checklist import Checklist, Item, Option, lint, parse_checklist, wording
from core.i18n import CONTENT_LANGUAGES
from core.library import LibraryItem, load_checklists, load_library
from tests.support.requirements import ROOT

LIBRARY = load_library()
PAGE = (ROOT / "docs" / "checklists.md").read_text(encoding="utf-8")
SENTENCES = {
    "occasion": "speaks of an occasion that may not come",
    "pair": "asks two things in one",
    "channel": "asks for what does not show in",
}

# What the texts of the library ask for, as read by a person without their guidance.
NEEDS_AN_OCCASION = (
    "AFT-08 AFT-10 AFT-12 ATD-05 ATD-08 CHG-05 CHK-13 CLS-05 CLS-06 CLS-07 CLS-08 CLS-09"
    " CMP-26 CMP-27 COM-03 COM-08 CON-07 CPA-17 CPA-21 CPB-06 CPB-12 FST-04 FUP-12 INF-14"
    " INF-20 INF-21 OPT-06 PRB-11 PRB-21 PRB-23 PRB-24 RDY-11 RDY-13 SEC-06 SEC-08 SKL-05"
    " SRV-02 SRV-05 STD-12 STD-13 STD-14 TRV-11 TRV-15 TRV-17 WAIT-02 WKO-09 WKO-14 WKO-18"
)
# Two acts, or two qualities; a list of like things is one question that the guidance decides.
ASKS_TWO = (
    "AFT-05 AFT-07 AFT-08 AFT-09 AFT-11 AFT-12 ATT-07 CHG-01 CHG-03 CHG-05 CHK-09 CHK-11"
    " CHK-16 CLS-07 CMP-12 CMP-13 CMP-16 CMP-21 CMP-24 CMP-25 CMP-26 CMP-27 CMP-29 COM-12"
    " CPA-07 CPA-08 CPA-10 CPA-11 CPA-13 CPA-17 CPA-19 CPA-21 CPB-08 CPB-11 CPB-13 CPB-14"
    " FUP-13 INF-01 INF-08 INF-09 INF-10 INF-14 INF-15 INF-19 INF-21 INF-22 INF-23 NED-09"
    " ORD-06 ORD-09 PRB-01 PRB-06 PRB-10 PRB-15 PRB-24 PRO-02 PRO-04 PRO-10 RDY-04 RDY-11"
    " RFD-01 RFD-05 SAT-09 SAT-12 SEC-01 SEC-04 SEC-05 SEC-08 SKL-02 SRV-02 SRV-10 SRV-12"
    " STD-04 STD-07 STD-08 STD-09 STD-15 STD-20 TRV-01 TRV-08 TRV-09 TRV-12 TRV-14 TRV-17"
    " TRV-19 WKO-07 WKO-11 WKO-14 WKO-16 WKO-18 WKO-20"
)
# Item and channel: whether a document is genuine, what is done now and then, files looked up.
DOES_NOT_SHOW = frozenset(
    (key, channel)
    for key, channels in (
        ("INF-08", "phone chat"),
        ("INF-14", "counter phone chat email"),
        ("NED-04", "phone chat"),
    )
    for channel in channels.split()
)

OTHERS_WITH_AN_OCCASION = (
    "If the caller is upset, the agent shows empathy.",
    "Complaints are escalated where necessary.",
    "When a flight was cancelled, rebooking was offered.",
    "In case of an emergency the supervisor was called.",
    "Any discount was approved by a manager.",
    "Should the customer ask for a refund, the policy was explained.",
    "Callers who speak another language were offered an interpreter.",
    "After a failed payment the agent offered another method.",
    "如客户要求退款，已说明规则",
    "遇客戶情緒激動時，已先安撫",
    "必要时升级至主管",
    "發生系統故障時，已告知旅客",
    "客户不满意时，已转交主管",
    "未成年乘客者，已確認監護人",
)
OTHERS_WITHOUT = (
    "The agent asked whether the customer had further questions.",
    "The booking reference was read back.",
    "The agent checked if seats were left.",
    "No jargon was used at any time.",
    "The reason for the call was established.",
    "The customer knows when the bag arrives.",
    "It was recorded who called and when.",
    "服務結束時，已致謝",
    "首次接觸時，已問候",
    "已詢問客戶是否需要協助",
    "已告知预计完成时间",
    "通话开始时已报公司名称",
)
OTHERS_THAT_ASK_TWO = (
    "Did the agent greet the caller and confirm their name?",
    "The agent greeted the customer and verified identity.",
    "The rep was polite and professional.",
    "Agent apologised, and offered a refund.",
    "Was the ticket logged? Was the customer told?",
    "The call was answered promptly; the caller was addressed by name.",
    "Issue was diagnosed correctly and the right team informed.",
    "Advisor explained the fees as well as confirmed consent.",
    "Guests are welcomed at the door and are shown to their table.",
    "Did the agent summarize the interaction and confirm customer satisfaction?",
    "Did the agent show empathy and build rapport with the customer?",
    "主動問候並核對身分",
    "记录完整且准确",
    "客服已道歉，并提供补偿方案",
    "已說明費用；已取得同意",
    "已核对证件，未泄露个人信息",
)
OTHERS_THAT_ASK_ONE = (
    "The customer's name and phone number are recorded.",
    "Prices, taxes and fees were stated.",
    "The agent spoke to the customer before and after the transfer.",
    "Terms and conditions were read out.",
    "Check-in and boarding followed the procedure.",
    "The reply names the flight, the date and the gate.",
    "Did the agent demonstrate appropriate knowledge of products and services?",
    "Did the agent effectively use available tools and resources?",
    "已記錄姓名與電話",
    "價格、稅金和手續費均已說明",
    "退票与改签规则已说明",
    "工单已在系统中合并",
)
OTHERS_FOR_OTHER_SENSES = (
    ("phone", "The agent kept eye contact."),
    ("chat", "The tone of voice was calm."),
    ("email", "客服語速適中"),
    ("phone", "着装整洁，佩戴胸牌"),
    ("phone", "The letter is free of spelling mistakes."),
    ("chat", "Cases are archived."),
    ("counter", "邮件主题行写明航班号"),
)
OTHERS_FOR_THIS_SENSE = (
    ("counter", "The agent kept eye contact."),
    ("phone", "The tone of voice was calm."),
    ("chat", "The wording was polite."),
    ("email", "附件齊全"),
    ("record", "Cases are archived."),
    ("record", "The uniform form is used."),
)


def said(*items: dict[str, Any], **of_section: Any) -> list[str]:
    """Which of the three are said of the first item of a checklist."""
    section = {"key": "s", "weight": 100, "items": list(items), **of_section}
    data = {"key": "c", "channels": ["phone", "counter", "record", "chat", "email"]}
    checklist = parse_checklist(data | {"sections": [section]})
    return kinds(checklist, items[0]["key"])


def kinds(checklist: Checklist, key: str) -> list[str]:
    told = " ".join(str(p) for p in lint(checklist) if p.path.endswith(".text"))
    return [kind for kind, sentence in SENTENCES.items() if f"{key} {sentence}" in told]


def item(text: str, **rest: Any) -> dict[str, Any]:
    is_chinese = any("\u4e00" <= letter <= "\u9fff" for letter in text)
    return {"key": "a", "text": {"zh_CN" if is_chinese else "en": text}, **rest}


@pytest.mark.parametrize("text", OTHERS_WITH_AN_OCCASION)
def test_an_occasion_that_may_not_come_is_told(text: str) -> None:
    assert "occasion" in said(item(text))


@pytest.mark.parametrize("text", OTHERS_WITHOUT)
def test_what_comes_in_every_encounter_is_no_occasion(text: str) -> None:
    found = said(item(text))
    assert "occasion" not in found


@pytest.mark.parametrize("text", OTHERS_THAT_ASK_TWO)
def test_two_questions_in_one_are_told(text: str) -> None:
    assert "pair" in said(item(text))


@pytest.mark.parametrize("text", OTHERS_THAT_ASK_ONE)
def test_a_list_of_like_things_is_one_question(text: str) -> None:
    assert "pair" not in said(item(text))


def test_guidance_a_condition_a_rule_or_an_option_settles_an_occasion() -> None:
    text = "When a flight was cancelled, rebooking was offered."
    assert said(item(text)) == ["occasion"]
    assert said(item(text, guidance={"en": "Look at the fare rules."})) == ["occasion"]
    assert said(item(text, guidance={"en": "N/A where all flights left."})) == []
    before = {"key": "b", "text": {"en": "B"}}
    data = {
        "key": "c",
        "sections": [
            {"key": "s", "items": [before, item(text, when={"item": "b", "equals": "yes"})]},
            {"key": "t", "items": [item(text, key="x")], "when": {"item": "b", "equals": "yes"}},
        ],
    }
    assert [kinds(parse_checklist(data), key) for key in ("a", "x")] == [[], []]
    options = [
        {"key": "y", "text": {"en": "Yes"}, "points": 1},
        {"key": "n", "text": {"en": "Not applicable"}},
    ]
    assert said(item(text, kind="single", options=options)) == []


def test_guidance_settles_two_questions_in_its_own_language_only() -> None:
    texts = {"en": "The agent greeted and thanked the caller.", "zh_TW": "已問候，並已致謝"}
    guidance = {"en": "Yes only if both hold."}
    assert said({"key": "a", "text": texts}) == ["pair"]
    assert said({"key": "a", "text": texts, "guidance": guidance}) == ["pair"]
    guidance["zh_TW"] = "兩者都成立才答「是」。"
    assert said({"key": "a", "text": texts, "guidance": guidance}) == []


def test_a_graded_item_may_weigh_two_things_and_what_is_not_scored_is_left_alone() -> None:
    text = "The rep was polite and professional."
    assert said(item(text, kind="graded")) == []
    assert said(item(text, excluded=True), item("B", key="b")) == []


@pytest.mark.parametrize(("channel", "text"), OTHERS_FOR_OTHER_SENSES)
def test_what_does_not_show_in_the_channel_is_told(channel: str, text: str) -> None:
    assert "channel" in in_channel(channel, text)


@pytest.mark.parametrize(("channel", "text"), OTHERS_FOR_THIS_SENSE)
def test_what_shows_in_the_channel_is_not_told(channel: str, text: str) -> None:
    assert "channel" not in in_channel(channel, text)


def test_guidance_may_say_by_what_it_shows() -> None:
    heard = {"guidance": {"en": "Hear whether the voice smiles."}}
    assert "channel" in in_channel("phone", "The agent smiled.")
    assert "channel" not in in_channel("phone", "The agent smiled.", **heard)


def in_channel(channel: str, text: str, **rest: Any) -> list[str]:
    section = {"key": "s", "weight": 100, "items": [item(text, **rest)]}
    return kinds(parse_checklist({"key": "c", "channels": [channel], "sections": [section]}), "a")


def test_a_long_text_is_read_in_no_time() -> None:
    """Patterns that try much would take minutes over such a text."""
    assert said(item("The agent was " + "quick and the record was name " * 2000)) == ["pair"]
    assert said(item("已記錄姓名、" * 5000)) != []


@pytest.mark.parametrize("checklist", load_checklists(LIBRARY), ids=lambda one: one.key)
def test_none_of_ours_is_named_in_any_language(checklist: Checklist) -> None:
    told = [str(problem) for problem in lint(checklist)]
    assert [one for one in told if any(sentence in one for sentence in SENTENCES.values())] == []


@pytest.mark.parametrize("language", CONTENT_LANGUAGES)
def test_hits_and_false_alarms_over_the_library_are_those_of_the_page(language: str) -> None:
    """Of the texts alone, without guidance: how many are named, how many rightly, of how many."""
    bare = [text_alone(one, language) for one in LIBRARY]
    channels = {one.id: one.channels for one in LIBRARY}
    shown = {
        (one.key, channel)
        for one in bare
        for channel in channels[one.key]
        if wording.unseen_sense(one, [channel])
    }
    for what, named, truth in (
        (
            "occasion",
            {one.key for one in bare if wording.unsaid_occasion(one)},
            words(NEEDS_AN_OCCASION),
        ),
        ("two in one", {one.key for one in bare if wording.unsettled_pair(one)}, words(ASKS_TWO)),
        ("channel", shown, DOES_NOT_SHOW),
    ):
        row = f"| {what} | {language} | {len(named)} | {len(named & truth)} | {len(truth)} |"
        assert row in PAGE, row


def words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def text_alone(one: LibraryItem, language: str) -> Item:
    options = (Option("yes", 1), Option("no", 0)) if one.kind == "yes_no" else ()
    return Item(one.id, one.kind, text={language: one.text[language]}, options=options)
