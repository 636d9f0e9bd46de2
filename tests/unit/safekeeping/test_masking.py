"""What is masked, what stays readable, and that offsets hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.safekeeping.masking import PLACEHOLDER, mask, mask_turns
from tests.support.safekeeping.labelled import shipped

FILES = ("personal_data", "personal_data_fresh", "personal_data_apart")
# Identity numbers: 11010519491231002X is the worked example of GB 11643-1999; A123456789 the usual
# Taiwan example (A = 10: 1*1 + 0*9 = 1; 1*8+2*7+3*6+4*5+5*4+6*3+7*2+8*1+9*1 = 129; 1 + 129 = 130).
# Hong Kong: A123456(3) and AB987654(3), the usual examples (a blank counts 36, A 10:
# 36*9 + 10*8 + 1*7 + 2*6 + 3*5 + 4*4 + 5*3 + 6*2 = 481, and 481 + 3 = 44 * 11).
# Card numbers: the card schemes' published test numbers.
MASKED = [
    ("我的 LINE 帳號是amy_lin88", "account", "amy_lin88"),
    ("微信账号：wx.liming", "account", "wx.liming"),
    ("Passenger: Nguyen Van An", "name", "Nguyen Van An"),
    ("Passenger: Le Van Long", "name", "Le Van Long"),
    ("three passengers: Ana Souza", "name", "Ana Souza"),
    ("My name is Eva Chen", "name", "Eva Chen"),
    ("My name is Ana.", "name", "Ana"),
    ("I have you as Sue Miller", "name", "Sue Miller"),
    ("Guest O'Brien is here", "name", "O'Brien"),
    ("my ref is ZK4P9Q", "locator", "ZK4P9Q"),
    ("出生于一九八五年三月八日", "birth", "一九八五年三月八日"),
    ("reg no. KA05 MX 1234", "plate", "KA05 MX 1234"),
    ("Mrs. van der Berg asked", "name", "van der Berg"),
    ("My name is de la Cruz", "name", "de la Cruz"),
    ("a seat for Mehmet Özdemir please", "name", "Mehmet Özdemir"),
    ("a ticket for Nguyễn Văn Đức", "name", "Nguyễn Văn Đức"),
    (
        "This is Nguye\u0302\u0303n Va\u0306n Đu\u031bc calling",
        "name",
        "Nguye\u0302\u0303n Va\u0306n Đu\u031bc",
    ),
    ("My name is Jose\u0301 Nu\u0301n\u0303ez", "name", "Jose\u0301 Nu\u0301n\u0303ez"),
    ("my name is Łukasz Żak", "name", "Łukasz Żak"),
    ("passenger named Şule Yıldız", "name", "Şule Yıldız"),
    ("this is İbrahim Çelik", "name", "İbrahim Çelik"),
    ("我先生方大同", "name", "方大同"),
    ("我叫方大同明天飞", "name", "方大同"),
    ("我叫王明今天去", "name", "王明"),
    ("my DOB 's 12 March 1985", "birth", "12 March 1985"),
    ("her birthday's March 3rd 1985", "birth", "March 3rd 1985"),
    ("我的手机13812345678。", "phone", "13812345678"),
    ("手机 138 1234 5678", "phone", "138 1234 5678"),
    ("我是１３８１２３４５６７８", "phone", "１３８１２３４５６７８"),
    ("+86 138-1234-5678", "phone", "+86 138-1234-5678"),
    ("北京010-62345678转", "phone", "010-62345678"),
    ("請打0912-345-678", "phone", "0912-345-678"),
    ("(02) 2712-3456 分機 3", "phone", "(02) 2712-3456"),
    ("+886 912 345 678", "phone", "+886 912 345 678"),
    ("+852 9123 4567", "phone", "+852 9123 4567"),
    ("我的號碼是 9123 4567", "phone", "9123 4567"),
    ("電話：23456789", "phone", "23456789"),
    ("call +44 20 7946 0958 please", "phone", "+44 20 7946 0958"),
    ("008613812345678", "phone", "008613812345678"),
    ("发到chen.li@example.com谢谢", "email", "chen.li@example.com"),
    ("身份证11010519491231002X，", "id_card", "11010519491231002X"),
    ("身份证110105 19491231 002x", "id_card", "110105 19491231 002x"),
    ("身分證A123456789", "tw_id", "A123456789"),
    ("身份證A123456(3)，", "hk_id", "A123456(3)"),
    ("ab987654（3）", "hk_id", "ab987654（3）"),
    ("护照号码是E12345678", "passport", "E12345678"),
    ("Passport No. 310012345", "passport", "310012345"),
    ("卡号4111 1111 1111 1111 共100元", "bank_card", "4111 1111 1111 1111"),
    ("card 378282246310005", "bank_card", "378282246310005"),
    ("卡号4111 1111 1111 1112", "bank_card", "4111 1111 1111 1112"),  # announced, so masked
    ("身份证号是1928201861917239271", "id_card", "1928201861917239271"),  # announced, so masked
    ("电子客票999-1234567890", "ticket", "999-1234567890"),
    ("ticket number 1762345678901", "ticket", "1762345678901"),
    ("訂位代號是ABC123", "locator", "ABC123"),
    ("订单号110105194912310021", "locator", "110105194912310021"),
    ("乘机人李强，", "name", "李强"),
    ("歐陽娜娜小姐", "name", "歐陽娜娜"),
    ("My name is John Smith.", "name", "John Smith"),
    ("手机138\u200b1234\u200b5678好", "phone", "138\u200b1234\u200b5678"),
    ("chen\u200b.li@example\u2060.com", "email", "chen\u200b.li@example\u2060.com"),
    ("王\ufeff小明先生", "name", "王\ufeff小明"),
    ("電話0912\u00a0345\u00a0678", "phone", "0912\u00a0345\u00a0678"),
    ("0912\u2011345\u2011678", "phone", "0912\u2011345\u2011678"),
    ("手机 138\u20131234\u20135678", "phone", "138\u20131234\u20135678"),
    ("卡号4111\u20091111\u20091111\u20091111", "bank_card", "4111\u20091111\u20091111\u20091111"),
    ("請打0912.345.678", "phone", "0912.345.678"),
    ("请打138.1234.5678", "phone", "138.1234.5678"),
    ("(0912)345-678", "phone", "(0912)345-678"),
    ("886912345678", "phone", "886912345678"),
    ("chen+li@example.com", "email", "chen+li@example.com"),
    ("身分證 A-123456789", "tw_id", "A-123456789"),
    ("護照號碼 A 1234 5678", "passport", "A 1234 5678"),
    ("訂位代碼ABC123", "locator", "ABC123"),
    ("訂位編號：ABC123", "locator", "ABC123"),
    ("您好，陳怡君老師", "name", "陳怡君"),
    ("验证码是 774 201", "code", "774 201"),
    ("otp 77-42-01", "code", "77-42-01"),
    ("您的驗證碼：7 7 4 2", "code", "7 7 4 2"),
    ("經辦：林，代接：陳志明", "name", "陳志明"),
]
READABLE = [
    "请拨打4008123456或95530",
    "免付費電話0800-123-456",
    "6月8号09:00的CA1234，票价1350元",
    "2026-06-08 09:00 到 2026-06-09",
    "2025 2026",
    "A123456(4)",  # wrong check digit
    "航班 YF103203 (2)",
    "流水110105194912310021",  # wrong check digit: 11010519491231002X is right
    "MU5103和CZ3311都可以",
    "位先生，那位小姐",
    "！何为经理？",
    "今天\u200b没有",
    "我是华为手机",
    "A123456788",  # wrong check digit
    "付了4111 1111 1111 1112",  # wrong Luhn digit
    "E12345678",  # no cue word
    "@中国电信 客服",
    "",
    "驗證碼 10-12 分鐘內有效",
    "the otp is valid for 24-48 hours",
]


@pytest.mark.parametrize(("text", "kind", "clear"), MASKED)
def test_personal_data_is_replaced(text, kind, clear):
    masked = mask(text)
    assert [(span.kind, span.clear) for span in masked.spans] == [(kind, clear)]
    assert masked.text == text.replace(clear, PLACEHOLDER * len(clear))


@pytest.mark.parametrize("text", READABLE)
def test_other_numbers_stay_readable(text):
    assert mask(text).text == text
    assert mask(text).spans == ()


def test_every_stretch_is_found_with_its_place():
    #       0123456789...
    text = "电话13812345678，邮箱a@b.cn，电话13912345678"
    spans = [(span.start, span.length, span.kind) for span in mask(text).spans]
    assert spans == [(2, 11, "phone"), (16, 6, "email"), (25, 11, "phone")]


def test_what_a_masked_stretch_uncovers_is_masked_too():
    # The identity number hides the phone number that follows it without a break.
    text = "11010519491231002X13812345678"
    assert mask(text).text == PLACEHOLDER * len(text)


alphabet = st.text(alphabet="0123456789 -+()@.xXaA电话护照:１３😀█\u200b\u00a0\u2013", max_size=80)
pieces = st.lists(st.sampled_from([clear for _, _, clear in MASKED]) | alphabet, max_size=5)


@given(pieces.map("".join) | st.text())
def test_masking_keeps_length_and_offsets(text):
    masked = mask(text)
    assert len(masked.text) == len(text)
    rebuilt = masked.text
    for span in masked.spans:
        end = span.start + span.length
        assert masked.text[span.start : end] == PLACEHOLDER * span.length
        assert text[span.start : end] == span.clear
        rebuilt = rebuilt[: span.start] + span.clear + rebuilt[end:]
    assert rebuilt == text


@given(pieces.map("".join) | st.text())
def test_a_masked_text_has_nothing_left_to_mask(text):
    assert mask(mask(text).text).spans == ()


turns = [turn.text for name in FILES for conversation in shipped(name) for turn in conversation]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(turns) | pieces.map("".join), max_size=6))
def test_a_masked_conversation_has_nothing_left_to_mask(texts):
    once = [turn.text for turn in mask_turns(texts)]
    assert [len(text) for text in once] == [len(text) for text in texts]
    assert [turn.text for turn in mask_turns(once)] == once
