"""The demo's texts: in the words of their language, showing every item, naming nobody."""

import random
import re

import pytest

from core.library import load_library
from core.safekeeping.masking import mask
from db.demo.placeholders import draw
from tests.support.importing.scenarios import SCENARIOS, every_scenario, play

pytestmark = pytest.mark.sampled(8)

ENCODING = {"zh_TW": "big5", "zh_CN": "gb2312", "en": "ascii"}
MAINLAND = "信息 短信 網絡 質量 打印 屏幕 軟件 郵箱 托運 櫃臺 身份證 登機牌 行李牌 服務員 視頻 默認"
TAIWAN = "资讯 简讯 网路 品质 列印 萤幕 软体 讯息 登机证 行李条号码 身分证 线上 柜檯 讯"


def all_texts(scenario):
    rows = [text for pool in scenario.slots.values() for row in pool for text in row.values()]
    return [*scenario.texts, *rows, scenario.title]


@every_scenario
def test_a_text_is_written_in_the_script_of_its_language(scenario):
    # Big5 holds no simplified-only and GB 2312 no traditional-only characters.
    for text in all_texts(scenario):
        text.encode(ENCODING[scenario.language])
    han = [text for text in scenario.texts if re.search(r"[\u4e00-\u9fff]", text)]
    assert bool(han) is (scenario.language != "en")


@every_scenario
def test_taiwan_and_the_mainland_keep_their_own_words(scenario):
    foreign = {"zh_TW": MAINLAND, "zh_CN": TAIWAN}.get(scenario.language, "")
    written = "".join(all_texts(scenario))

    assert [word for word in foreign.split() if word in written] == []


def test_the_three_languages_share_the_scenarios_about_equally():
    languages = [scenario.language for scenario in SCENARIOS]

    # 49 in all, 16 or 17 each.
    assert set(languages) == {"zh_TW", "zh_CN", "en"}
    assert min(languages.count(language) for language in set(languages)) >= 49 // 3


FORMS = {
    "phone": "ETQ-01 FST-02..04 INF-23 INF-09 NED-02 NED-04 LNG-01..05 ATD-01..08 SKL-01..07"
    " CON-02..03 CON-05 CON-08..09 WKO-07 WKO-09 SEC-02",
    "chat": "ETQ-01 FST-02..04 INF-23 INF-09 NED-02 NED-04 LNG-01..05 ATD-01..05 ATD-07..08"
    " SKL-01..07 CON-02..03 CON-05 CON-08..09 WKO-07 WKO-09 SEC-02",
    "airport_counter": "ATT-01..10 ETQ-01..06 ETQ-08 CHK-01 CHK-04..10 CHK-12..15 STD-01..02"
    " LNG-02..05 ATD-02 ATD-05 ATD-07 SKL-02 SKL-06..07 COM-03..04",
    "email": "LNG-01..05 SKL-02..07 CON-05 CON-08..09 PRB-10..13 WKO-12 INF-21",
    "complaint": "CLS-01..10 CMP-01..07 CMP-09..23 CMP-25..27 CMP-29 CPB-03 CPB-05..07",
    "service_record": "SRV-01..06 SRV-08..09 PRB-02..14 PRB-16..20 FUP-01..04 FUP-09..10",
    "work_order": "WKO-01..18 SRV-03 SRV-06",
    "customer_profile": "INF-01..12 PRO-03..11",
}


def spelled_out(form):
    for item in form.split():
        group, _, span = item.partition("-")
        low, _, high = span.partition("..")
        yield from (f"{group}-{number:02}" for number in range(int(low), int(high or low) + 1))


@pytest.mark.parametrize("form", FORMS)
def test_the_scenarios_of_a_form_show_each_of_its_items(form):
    shown = {item for found in SCENARIOS if found.checklist == form for item in found.items}

    assert shown >= set(spelled_out(FORMS[form]))


@every_scenario
def test_every_item_exists_in_the_standards(scenario):
    known = load_library().by_id.keys()

    assert {*scenario.items, *scenario.not_applicable} <= known


def test_there_are_as_many_scenarios_as_planned():
    counts = {}
    for scenario in SCENARIOS:
        counts[scenario.checklist] = counts.get(scenario.checklist, 0) + 1

    assert counts == {
        "phone": 12,
        "chat": 11,
        "airport_counter": 8,
        "email": 4,
        "complaint": 5,
        "service_record": 3,
        "work_order": 2,
        "customer_profile": 2,
        "order": 1,
        "agency_journey": 1,
    }


def test_phone_numbers_addresses_and_cards_belong_to_nobody():
    written = "\n".join(
        turn.text
        for scenario in SCENARIOS
        for seed in range(10)
        for turn in play(scenario, seed, met=seed % 2 == 0).turns
    )
    found = {}
    for span in mask(written).spans:
        found.setdefault(span.kind, set()).add(span.clear)

    numbers = {"phone", "email", "bank_card", "id_card", "tw_id", "passport"}
    other = {"name", "locator", "ticket", "address", "bag", "digits"}
    assert found.keys() == numbers | other
    assert all(" Demo " in address for address in found["address"])
    nobody = r"0900-00|130-0000|199-0000|\+63 900 000 0|\+65 0000 0"
    assert [phone for phone in found["phone"] if not re.match(nobody, phone)] == []
    assert {address.partition("@")[2] for address in found["email"]} == {
        "example.com",
        "example.org",
    }
    # Card schemes publish these for tests; no region has the code 999999, and nobody is 125.
    assert found["bank_card"] <= {
        "4000 0000 0000 0002",
        "4111 1111 1111 1111",
        "5555 5555 5555 4444",
    }
    assert all(number.startswith("99999919000101") for number in found["id_card"])
    assert found["tw_id"] == {"A123456789"}


@every_scenario
def test_masking_leaves_no_number_of_the_customer_readable(scenario):
    private = {"phone", "email", "identity", "passport", "card"}
    for seed in range(5):
        rng = random.Random(seed)
        known = {k: v for k, v in draw(scenario.slots, rng).items() if k in private}
        composed = play(scenario, seed, slots=known)
        stored = " ".join(mask(turn.text).text for turn in composed.turns)
        assert [value for value in known.values() if value in stored] == []
