"""Small worlds to learn from: dialogues made up with a fixed seed, and what people answered."""

from __future__ import annotations

import random
from collections.abc import Sequence

from core.prescore.dialogue import Dialogue, Label
from tests.support.prescore.dialogues import dialogue

Labelled = list[tuple[Dialogue, Label]]

_WISHES = ("a table for two", "a room in Leeds", "three tickets", "a car on Monday", "a taxi home")
_QUESTIONS = ("Which day do you prefer", "What time suits you", "How many are you", "From where")
_ASKED = ("Shall I send you a receipt", "Would you like a receipt", "Do you need the receipt sent")
_ENDS = ("Have a nice day", "Goodbye and enjoy your day", "Goodbye, have a nice evening")
_PROBLEMS = ("手机信号很差", "流量扣多了", "账单算错了", "宽带又断了", "充值没有到账")
_SOLVED = ("问题已经为您解决", "已经为您处理完成并恢复", "为您解决好了，现在可以使用")
_PENDING = ("已经为您记录，请等待", "我们会向上反馈，请留意", "请稍后再试试看")
_PLEASED = ("好的已经可以了", "可以了，解决了", "恢复了，好的")
_WAITING = ("怎么还不行", "我等了三天了", "还是不行")


def bookings(count: int, seed: int) -> Labelled:
    """English bookings; yes where the agent asks for a receipt, and in which turn."""
    draw = random.Random(seed)
    return [_booking(draw, f"booking {seed} {number}") for number in range(count)]


def complaints(count: int, seed: int, extra: Sequence[str] = ()) -> Labelled:
    """Chinese complaints; the share of raters who say solved. `extra` is added to texts in turn."""
    draw = random.Random(seed)
    return [
        _complaint(draw, f"complaint {seed} {number}", extra[number % len(extra)] if extra else "")
        for number in range(count)
    ]


def _booking(draw: random.Random, name: str) -> tuple[Dialogue, Label]:
    turns = [f"C: I would like {draw.choice(_WISHES)} please"]
    for _ in range(draw.randint(1, 3)):
        turns += [
            f"A: {draw.choice(_QUESTIONS)}?",
            f"C: {draw.choice(('Five', 'Ten', 'Tomorrow'))}",
        ]
    shown = frozenset({len(turns) + 1} if draw.random() < 0.5 else ())
    if shown:
        turns += [f"A: {draw.choice(_ASKED)}?", "C: Yes please"]
    turns += [f"A: {draw.choice(_ENDS)}."]
    return dialogue(*turns, name=name, language="en"), Label(float(bool(shown)), shown)


def _complaint(draw: random.Random, name: str, extra: str) -> tuple[Dialogue, Label]:
    solved = draw.random() < 0.5
    turns = [
        f"C: 你们的{draw.choice(_PROBLEMS)}，请问怎么办{extra}",
        f"A: 您好，{draw.choice(_SOLVED if solved else _PENDING)}。",
        f"C: {draw.choice(_PLEASED if solved else _WAITING)}",
    ]
    share = draw.choice((0.8, 0.9, 1.0) if solved else (0.0, 0.1, 0.2))
    return dialogue(*turns, name=name, language="zh-CN"), Label(share)


def decoded(key: int) -> str:
    """The characters that are packed into a number."""
    letters = [chr(key >> 16 * place & 0xFFFF) for place in reversed(range(4))]
    return "".join(letters).lstrip("\0")
