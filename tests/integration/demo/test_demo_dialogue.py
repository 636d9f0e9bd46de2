"""The demo's scenarios: every one can be played, and shows what it says it shows."""

import random
import re

import pytest

from db.demo.content_model import Block, Scenario
from db.demo.content_reading import load_content
from db.demo.dialogue import compose
from tests.support.importing.scenarios import AT, every_scenario, named, play


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
def test_evidence_of_every_item_is_a_turn_of_the_agent_the_log_or_a_bot_alone(scenario, met):
    composed = play(scenario, met=met)

    assert composed.met == dict.fromkeys(scenario.items, met)
    assert composed.evidence.keys() == composed.met.keys()
    speakers = {composed.turns[place - 1].speaker for place in composed.evidence.values()}
    assert speakers <= ({"bot"} if scenario.channel == "bot" else {"agent", "system"})
    assert min(composed.evidence.values()) >= 1


@every_scenario
def test_the_evidence_turn_holds_the_words_that_lost_the_item(scenario):
    for block in blocks(scenario):
        composed = play(scenario, lost=block.items)
        turn = composed.turns[composed.evidence[block.items[0]] - 1]
        said = [
            next((line for line in wording if line.speaker in {"agent", "system", "bot"}), None)
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
        composed = compose(scenario, quality=quality, rng=random.Random(1), begins_at=AT)
        assert set(composed.met) == set(scenario.items) - set(block.items)
        assert not set(block.items) & (composed.evidence.keys() | composed.clocks.keys())


def test_items_that_are_not_named_are_met_and_strangers_are_ignored():
    scenario = named("phone-tw-change-date")
    composed = compose(scenario, quality={"ATT-01": False}, rng=random.Random(1), begins_at=AT)

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

    english = play(named("phone-en-lost-tablet"), slots=staff.slots("en"))
    chinese = play(named("phone-tw-typhoon"), slots=staff.slots("zh_TW"))

    assert "Zoe" in english.turns[0].text
    assert "朱" in chinese.turns[0].text
    assert dict(staff.slots("zh_CN")) == {"agent": "朱", "agent_name": "朱芷晴"}
