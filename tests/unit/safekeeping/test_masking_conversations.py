"""What a question, a key or an earlier turn says of what stands elsewhere."""

from __future__ import annotations

import pytest

from core.safekeeping.masking import mask, mask_data, mask_turns


def shown(*texts):
    return [turn.text for turn in mask_turns(texts)]


@pytest.mark.parametrize(
    ("question", "answer", "masked"),
    [
        ("請問您的訂位代號？", "R8KT2M，謝謝", "██████，謝謝"),
        ("May I have your booking code?", "ABCDEF", "██████"),
        ("请问您的姓名？", "欧阳娜娜", "████"),
        ("May I have your name?", "katarzyna nowak", "███████████████"),
        ("您的电话是多少？", "27123456，谢谢", "████████，谢谢"),
        ("What is your date of birth?", "12 May 1985", "███████████"),
        ("請問地址？", "幸福社區三樓", "██████"),
        ("And the three digits on the back?", "it is 907", "it is ███"),
    ],
)
def test_a_question_announces_what_its_answer_holds(question, answer, masked):
    assert shown(question, answer) == [question, masked]
    assert mask(answer).spans == ()


def test_an_answer_may_wait_for_two_turns_and_no_longer():
    question, wait, answer = "Your booking code, please?", "one moment", "ABCDEF"
    assert shown(question, wait, wait, answer)[-1] == "██████"
    assert shown(question, wait, wait, wait, answer)[-1] == answer


def test_an_answer_that_says_something_else_stays_readable():
    turns = ["請問您的訂位代號？", "我找一下", "What is your name?", "Why do you ask?"]
    assert shown(*turns) == turns


def test_a_question_may_stand_in_the_text_of_its_answer():
    text = "客服：請問訂位代號？\n旅客：R8KT2M"
    assert mask(text).text == "客服：請問訂位代號？\n旅客：██████"


def test_what_is_masked_once_is_masked_where_it_is_repeated():
    turns = shown("我是陳美玲，訂位代號 R8KT2M", "那 R8KT2M 是陳美玲的", "Ms Carter", "so Carter")
    assert turns == ["我是███，訂位代號 ██████", "那 ██████ 是███的", "Ms ██████", "so ██████"]


def test_days_and_short_numbers_are_not_looked_for_again():
    turns = shown("生日是2026年3月8日，安全碼 418", "2026年3月8日出發，418 公斤")
    assert turns[1] == "2026年3月8日出發，418 公斤"


@pytest.mark.parametrize("key", ["bookingCode", "booking_code", "PNR", "訂位代號"])
def test_a_key_announces_its_value(key):
    masked, spans = mask_data({key: "ABCDEF", "fare": "ABCDEF"})
    assert masked == {key: "██████", "fare": "ABCDEF"}
    assert [(span.field, span.span.clear) for span in spans] == [(f"/{key}", "ABCDEF")]


def test_a_key_announces_every_value_of_a_list():
    masked, _ = mask_data({"passenger_names": ["Emily Carter", "張三"], "bags": 2})
    assert masked == {"passenger_names": ["████████████", "██"], "bags": 2}
