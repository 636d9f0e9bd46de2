"""The demo's written content: every scenario can be played, and shows what it says it shows."""

import json
import random
import re
import shutil
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from core.access import PEOPLE
from core.errors import InvalidInput
from core.masking import mask
from db.demo.dialogue import compose
from db.demo.pace import Said, timings
from db.demo.reading import CONTENT, load_content
from db.demo.script import Block, Scenario, seconds
from db.demo.slots import draw

DATA = Path(__file__).parents[1] / "data"
AT = datetime(2025, 5, 12, 10, 22, tzinfo=ZoneInfo("Asia/Taipei"))
SCENARIOS = load_content().scenarios
LIVE = {"phone", "chat", "counter"}
every_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)


def play(scenario, seed=1, *, met=True, lost=(), at=AT, **more):
    quality = {item: met and item not in lost for item in scenario.items}
    return compose(scenario, quality=quality, rng=random.Random(seed), at=at, **more)


def named(scenario_id):
    return next(scenario for scenario in SCENARIOS if scenario.id == scenario_id)


def blocks(scenario):
    return [part for part in scenario.script if isinstance(part, Block)]


@every_scenario
@pytest.mark.parametrize("met", [True, False], ids=["good", "poor"])
def test_a_scenario_has_8_to_20_turns_with_every_slot_filled(scenario, met):
    for seed in range(8):
        turns = play(scenario, seed, met=met).turns
        assert 8 <= len(turns) <= 20
        assert not [turn.text for turn in turns if re.search(r"[{}#^]", turn.text)]
        assert all(turn.text == turn.text.strip() for turn in turns)


@every_scenario
@pytest.mark.parametrize("met", [True, False], ids=["good", "poor"])
def test_evidence_of_every_item_is_a_turn_of_the_agent_or_the_log(scenario, met):
    composed = play(scenario, met=met)

    assert composed.met == dict.fromkeys(scenario.items, met)
    assert composed.evidence.keys() == composed.met.keys()
    speakers = {composed.turns[place - 1].speaker for place in composed.evidence.values()}
    assert speakers <= {"agent", "system"}
    assert min(composed.evidence.values()) >= 1


@every_scenario
def test_the_evidence_turn_holds_the_words_that_lost_the_item(scenario):
    for block in blocks(scenario):
        composed = play(scenario, lost=block.items)
        turn = composed.turns[composed.evidence[block.items[0]] - 1]
        said = [
            next((line for line in wording if line.speaker in {"agent", "system"}), None)
            for wording in block.poor
        ]
        heard = [line is None or re.search(as_pattern(line.text), turn.text) for line in said]
        assert any(heard), (block.items, turn)
        lost = {item for item, met in composed.met.items() if not met}
        assert lost == set(block.items)


def as_pattern(text):
    return "".join(
        part if part == ".+" else re.escape(part) for part in re.split(r"(\.\+)", slots_open(text))
    )


def slots_open(text):
    return re.sub(r"\{[^}]*\}", ".+", text)


@every_scenario
def test_losing_one_item_changes_the_transcript(scenario):
    good = [turn.text for turn in play(scenario).turns]

    for item in scenario.items:
        assert [turn.text for turn in play(scenario, lost=[item]).turns] != good


@every_scenario
def test_no_two_wordings_of_a_scenario_are_the_same(scenario):
    for block in blocks(scenario):
        wordings = [*block.good, *block.poor]
        assert len(set(wordings)) == len(wordings)


@every_scenario
def test_the_same_seed_gives_the_same_transcript_and_another_seed_another(scenario):
    assert play(scenario, 7) == play(scenario, 7)
    assert len({play(scenario, seed).turns for seed in range(10)}) > 1


def test_names_and_numbers_of_a_seed_do_not_depend_on_the_quality():
    scenario = named("phone-en-refund-status")

    def amounts(met):
        texts = " ".join(turn.text for turn in play(scenario, met=met).turns)
        return set(re.findall(r"USD \d+\.\d\d", texts))

    assert amounts(True) == amounts(False) != set()


@every_scenario
def test_an_item_that_does_not_apply_leaves_its_step_out(scenario):
    for block in blocks(scenario):
        quality = dict.fromkeys(block.items)
        composed = compose(scenario, quality=quality, rng=random.Random(1), at=AT)
        assert set(composed.met) == set(scenario.items) - set(block.items)
        assert not set(block.items) & (composed.evidence.keys() | composed.clocks.keys())


def test_items_that_are_not_named_are_met_and_strangers_are_ignored():
    scenario = named("phone-tw-change-date")
    composed = compose(scenario, quality={"ATT-01": False}, rng=random.Random(1), at=AT)

    assert set(composed.met.values()) == {True}
    assert "ATT-01" not in composed.met


def test_a_step_left_out_points_to_the_turn_that_should_have_held_it():
    composed = play(named("phone-en-special-meal"), lost=["SKL-06"])

    # The call ends with SKL-07 in the last turn, where the thanks are missing.
    assert composed.evidence["SKL-06"] == len(composed.turns) == composed.evidence["SKL-07"]
    assert "Thank you" not in composed.turns[-1].text


def test_a_step_missing_before_the_agent_speaks_points_to_their_first_turn():
    greeting = {"items": "FST-01", "good": [[{"agent": "Welcome."}]], "poor": [[]]}
    scenario = Scenario.model_validate(
        {
            "id": "short",
            "title": "Short",
            "checklist": "phone",
            "channel": "phone",
            "language": "en",
            "script": [{"customer": "Hello?"}, greeting, {"agent": "Yes."}, {"agent": "Well?"}],
        }
    )

    composed = play(scenario, met=False)

    assert [turn.text for turn in composed.turns] == ["Hello?", "Yes. Well?"]
    assert composed.evidence == {"FST-01": 2}


def test_the_agent_introduces_themselves_by_the_given_name():
    staff = next(member for member in load_content().staff if member.name_en == "Zoe Chu")

    english = play(named("phone-en-lost-tablet"), given=staff.slots("en"))
    chinese = play(named("phone-tw-typhoon"), given=staff.slots("zh_TW"))

    assert "Zoe" in english.turns[0].text
    assert "朱" in chinese.turns[0].text
    assert dict(staff.slots("zh_CN")) == {"agent": "朱", "agent_name": "朱芷晴"}


# --- times


@every_scenario
@pytest.mark.parametrize("met", [True, False], ids=["good", "poor"])
def test_live_encounters_run_forward_and_files_carry_no_seconds(scenario, met):
    composed = play(scenario, met=met)
    starts = [turn.start_seconds for turn in composed.turns]

    if scenario.channel not in LIVE:
        assert set(starts) == {None}
        assert composed.duration_seconds is None
        return
    assert starts[0] == 0
    assert all(later > earlier for earlier, later in pairwise(starts))
    assert starts[-1] <= composed.duration_seconds <= 30 * 60


def test_two_turns_never_begin_in_the_same_second():
    said = [Said("agent", "?", None), Said("customer", "?", 0), Said("agent", "?", 0)]

    times = timings(said, channel="phone", language="en", rng=random.Random(1))

    assert [time.start for time in times] == [0, 1, 2]


@pytest.mark.parametrize("scenario_id", ["phone-tw-typhoon", "phone-en-refund-status"])
def test_people_on_the_phone_speak_at_a_human_pace(scenario_id):
    scenario = named(scenario_id)
    turns = play(scenario).turns
    gaps = [
        (later.start_seconds - turn.start_seconds, len(turn.text))
        for turn, later in pairwise(turns)
        if len(turn.text) > 40
    ]

    # Conversation runs at roughly 150 English words or 250 Chinese characters a minute:
    # 12.5 letters or 4.2 characters a second; holding the line makes single turns longer.
    usual = sorted(length / seconds_taken for seconds_taken, length in gaps)[len(gaps) // 2]
    assert (8 <= usual <= 18) if scenario.language == "en" else (3 <= usual <= 6)


# Limits as the standards print them, in seconds.
LIMITS = {
    "CMP-09": 24 * 3600,
    "PRB-16": 24 * 3600,
    "PRB-17": 48 * 3600,
    "FUP-01": 24 * 3600,
    "FUP-03": 24 * 3600,
    "FUP-04": 48 * 3600,
    "FUP-06": 3 * 24 * 3600,
    "FUP-07": 10 * 24 * 3600,
    "FUP-10": 24 * 3600,
    "WKO-02": 10 * 60,
    "WKO-03": 4 * 3600,
    "PRO-08": 183 * 24 * 3600,
}


@pytest.mark.parametrize("seed", range(5))
def test_timed_steps_keep_or_break_the_printed_limit(seed):
    seen = set()
    for scenario in SCENARIOS:
        good, poor = play(scenario, seed).clocks, play(scenario, seed, met=False).clocks
        assert good.keys() == poor.keys()
        for item in good:
            kept = (good[item].stop - good[item].start).total_seconds()
            broken = (poor[item].stop - poor[item].start).total_seconds()
            assert kept < broken
            limit = LIMITS.get(item, (kept + broken) / 2)
            assert kept <= limit < broken, (scenario.id, item)
            seen.add(item)
    assert set(LIMITS) <= seen


@every_scenario
def test_a_clock_of_a_file_is_printed_in_the_line_that_is_its_evidence(scenario):
    if scenario.channel in LIVE:
        return
    composed = play(scenario)
    for item, clock in composed.clocks.items():
        text = composed.turns[composed.evidence[item] - 1].text
        assert f"{clock.stop:%Y-%m-%d %H:%M}" in text


def test_a_clock_of_a_chat_is_the_pause_before_its_turn():
    composed = play(named("chat-cn-invoice"), lost=["CON-02"])
    place = composed.evidence["CON-02"]
    before, late = composed.turns[place - 2 : place]
    clock = composed.clocks["CON-02"]

    assert clock.start == AT + timedelta(seconds=before.start_seconds)
    assert clock.stop == AT + timedelta(seconds=late.start_seconds)
    assert timedelta(seconds=190) <= clock.stop - clock.start <= timedelta(seconds=421)


def test_dates_in_the_text_follow_the_encounter():
    scenario = named("phone-tw-change-date")
    later = AT.replace(month=12, day=28)

    # The new flight is nine days on: 12 May + 9 = 21 May, 28 December + 9 = 6 January.
    assert any("5月21日" in turn.text for turn in play(scenario).turns)
    assert any("1月6日" in turn.text for turn in play(scenario, at=later).turns)


@pytest.mark.parametrize(
    ("text", "expected"), [("40s", 40), ("9m", 540), ("26h", 93_600), ("-170d", -14_688_000)]
)
def test_durations_are_read_in_seconds(text, expected):
    assert seconds(text) == expected


# --- language

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

    # 44 in all: 15, 15 and 14.
    assert set(languages) == {"zh_TW", "zh_CN", "en"}
    assert min(languages.count(language) for language in set(languages)) >= 44 // 3


# --- what is covered

FORMS = {
    "phone": "FST-01..04 INF-08..09 NED-02 NED-04 LNG-01..05 ATD-01..08 SKL-01..07 CON-02..03"
    " CON-05 CON-08..09 WKO-07 WKO-09 SEC-02",
    "chat": "FST-01..04 INF-08..09 NED-02 NED-04 LNG-01..05 ATD-01..05 ATD-07..08 SKL-01..07"
    " CON-02..03 CON-05 CON-08..09 WKO-07 WKO-09 SEC-02",
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
    known = set(json.loads((DATA / "standards_ids.json").read_text())["ids"])

    assert {*scenario.items, *scenario.not_applicable} <= known


def test_there_are_as_many_scenarios_as_planned():
    counts = {}
    for scenario in SCENARIOS:
        counts[scenario.checklist] = counts.get(scenario.checklist, 0) + 1

    assert counts == {
        "phone": 12,
        "chat": 8,
        "airport_counter": 8,
        "email": 4,
        "complaint": 5,
        "service_record": 3,
        "work_order": 2,
        "customer_profile": 2,
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
    assert found.keys() == numbers | {"name", "locator", "ticket"}
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
        composed = play(scenario, seed, given=known)
        stored = " ".join(mask(turn.text).text for turn in composed.turns)
        assert [value for value in known.values() if value in stored] == []


# --- stations and people


def test_twelve_stations_stand_under_regions_under_one_company():
    stations = {station.code: station for station in load_content().stations}
    top = [station for station in stations.values() if station.parent_code is None]
    regions = [station for station in stations.values() if station.parent_code == top[0].code]
    leaves = [station for station in stations.values() if station.languages]

    assert len(top) == 1
    assert len(leaves) == 12
    assert {leaf.parent_code for leaf in leaves} == {region.code for region in regions}
    assert len(stations) == 1 + len(regions) + len(leaves)
    assert sorted(leaf.kind for leaf in leaves) == sorted(
        ["airport"] * 7 + ["phone_desk"] * 3 + ["city_office", "chat_desk"]
    )
    for station in stations.values():
        ZoneInfo(station.timezone)
        station.name_zh_tw.encode("big5")
        station.name_zh_cn.encode("gb2312")


def test_120_people_serve_ten_at_each_station():
    content = load_content()
    codes = [member.station_code for member in content.staff]

    assert {codes.count(station.code) for station in content.stations if station.languages} == {10}
    assert len({member.staff_no for member in content.staff}) == 120
    assert len({member.name_en for member in content.staff}) == 120
    for member in content.staff:
        member.name_zh_tw.encode("big5")
        # GB 2312 lacks some rarer characters of names; GBK has them.
        member.name_zh_cn.encode("gbk")


def test_every_role_of_the_portal_has_an_account():
    content = load_content()
    roles = [user.role for user in content.users]

    assert set(roles) == {role.value for role in PEOPLE}
    assert roles.count("inspector") == 8
    assert len({user.username for user in content.users}) == len(content.users)
    staff = {member.staff_no for member in content.staff}
    assert all(user.staff_no in staff for user in content.users if user.role == "staff")
    stations = {station.code for station in content.stations}
    assert all(
        user.station_code in stations for user in content.users if user.role == "station_manager"
    )


def test_a_station_plays_only_scenarios_its_customers_could_speak():
    content = load_content()
    manila = next(station for station in content.stations if station.code == "MNC")

    suited = content.suited("phone", manila)

    assert len(suited) == 4
    assert {(scenario.checklist, scenario.language) for scenario in suited} == {("phone", "en")}


# --- faults in the files

SAMPLE = "phone/phone-en-special-meal.yaml"


@pytest.fixture
def folder(tmp_path):
    copy = shutil.copytree(CONTENT, tmp_path / "content")
    for path in (copy / "scenarios").glob("*/*.yaml"):
        if path.name != Path(SAMPLE).name:
            path.unlink()
    return copy


def edited(folder, change):
    path = folder / "scenarios" / SAMPLE
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")


def add(part):
    return lambda raw: raw["script"].append(part)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda raw: raw.update(id="other"), "id: must be phone-en-special-meal"),
        (lambda raw: raw.update(channel="letter"), "scenario channel: Input should be 'phone'"),
        (lambda raw: raw.update(colour="red"), "scenario colour: Extra inputs"),
        (add({"customer": "My {unknown}."}), "script: no words for {unknown}"),
        (add({"customer": "My {."}), "script: expected '}' before end of string"),
        (add({"use": "goodbye"}), "script 15: unknown shared block goodbye"),
        (add("Hello"), "script 15: is neither a speaker's line nor a block"),
        (add({"waiter": "Yes?"}), "line speaker: Input should be 'agent'"),
        (add({"items": "LNG-01", "good": "Yes.", "poor": "Yes."}), "LNG-01 are the same"),
        (add({"items": "LNG-03", "good": "Yes.", "poor": "No."}), "shown twice: LNG-03"),
        (add({"items": "ATD-05", "good": "Yes.", "poor": "No."}), "not applicable: ATD-05"),
        (add({"items": "lng-1", "good": "Yes.", "poor": "No."}), "String should match"),
        (add({"items": "", "good": "Yes.", "poor": "No."}), "a block needs an item"),
        (add({"items": "LNG-01", "good": "Yes."}), "poor: Tuple should have at least 1 item"),
        (
            add(
                {
                    "items": "LNG-01",
                    "good": "Yes.",
                    "poor": "No.",
                    "clock": {"good": "soon..2m", "poor": "3m..4m"},
                }
            ),
            "'soon' is no duration",
        ),
    ],
)
def test_a_fault_names_file_place_and_reason(folder, change, reason):
    edited(folder, change)

    with pytest.raises(InvalidInput) as caught:
        load_content(folder)

    assert str(caught.value).startswith("phone-en-special-meal.yaml: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: [", "file: while parsing"),
        ("- a list", "file: holds no mapping"),
        ("stations: [{code: X}]", "stations 1 name_zh_tw: Field required"),
    ],
)
def test_a_broken_file_is_named(folder, text, reason):
    (folder / "stations.yaml").write_text(text)

    with pytest.raises(InvalidInput, match=re.escape(f"stations.yaml: {reason}")):
        load_content(folder)
