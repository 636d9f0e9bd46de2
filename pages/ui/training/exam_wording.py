"""How questions of exams read: what is asked, offered and right, why, and what is shown beside."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.checklist import text_in
from core.training import Answer, Question
from core.training.exam_words import CONSEQUENCE_WORDS, FOLLOWS
from db.training.queries.exam_bank import Wording
from db.training.queries.own_questions import OwnWording
from pages.ui.kit.messages import _, escape_markdown, language
from pages.ui.kit.terms import speaker_name


def kind_name(question: Question) -> str:
    """What a question of the bank is about, in few words."""
    return {
        "own": _("own question"),
        "case": _("case of a set"),
        "rule": _("guidance"),
        "level": _("level"),
        "follows": _("consequence"),
        "belongs": _("section"),
    }.get(question.kind, question.kind)


def question_text(question: Question, wording: Wording) -> str:
    """What is asked, in the reader's language."""
    if question.kind == "own":
        own = wording.own.get(question.subject)
        return text_in(own.question, language()) if own else _("This question is gone.")
    if question.kind == "case":
        lesson = wording.lessons.get(question.subject)
        return lesson.question if lesson else _("This case is no longer available.")
    return _made_text(question, wording)


def _made_text(question: Question, wording: Wording) -> str:
    name = text_in(wording.names.get(question.subject, {}), language()) or question.subject
    if question.kind == "rule":
        guidance = text_in(wording.guidance.get(question.subject, {}), language())
        return _("For which standard is this the guidance? “{guidance}”", guidance=guidance)
    if question.kind == "level":
        return _(
            'Standard "{name}": what describes level {level}?', name=name, level=question.about
        )
    if question.kind == "follows":
        return _(FOLLOWS, consequence=_consequence(question.about))
    if question.kind == "belongs":
        return _(
            'Which of these stands in the section "{section}"?',
            section=_section(question.about, wording),
        )
    return {
        "standard": _('Which text is the standard "{name}"?', name=name),
        "section": _('Where does the standard "{name}" stand?', name=name),
        "consequence": _('What follows when the standard "{name}" is missed?', name=name),
    }[question.kind]


def option_text(question: Question, wording: Wording, option: int) -> str:
    key = question.options[option]
    if question.kind == "own":
        own = wording.own.get(question.subject)
        return text_in(own.options.get(key, {}), language()) if own else "—"
    if question.kind == "case":
        lesson = wording.lessons.get(key)
        return lesson.answer if lesson else "—"
    if question.kind == "consequence":
        return _consequence(key)
    if question.kind == "level":
        return text_in(wording.levels.get(question.subject, {}).get(key, {}), language()) or key
    texts = {"rule": wording.names, "section": wording.sections}.get(
        question.kind, wording.standards
    )
    return text_in(texts.get(key, {}), language()) or key


def answer_text(question: Question, wording: Wording, answer: Answer | None) -> str:
    """The words of what was chosen; a dash where nothing was."""
    places = (answer,) if isinstance(answer, int) else answer or ()
    return _("; ").join(option_text(question, wording, option) for option in places) or "—"


def right_text(question: Question, wording: Wording) -> str:
    return answer_text(question, wording, tuple(sorted(question.right_places)))


def why_text(question: Question, wording: Wording) -> str:
    """Why the right answer is right, by the standards or the trainer; empty where nobody says."""
    if question.kind == "own":
        own = wording.own.get(question.subject)
        return text_in(own.why, language()) if own else ""
    if question.kind == "case":
        return ""
    right = question.options[question.right]
    item = right if question.kind in ("rule", "follows", "belongs") else question.subject
    name = text_in(wording.names.get(item, {}), language())
    standard = text_in(wording.standards.get(item, {}), language())
    if not name or not standard:
        return ""
    if question.kind in ("follows", "consequence"):
        effect = _consequence(wording.effects.get(item, "points"))
        return _(
            "“{name}”: {standard} If it is missed: {effect}.",
            name=name,
            standard=standard,
            effect=effect,
        )
    if question.kind in ("belongs", "section"):
        sections = _(", ").join(
            dict.fromkeys(_section(key, wording) for key in wording.places.get(item, ()))
        )
        return _("“{name}” stands in: {sections}.", name=name, sections=sections)
    return _("“{name}”: {standard}", name=name, standard=standard)


def evidence(question: Question, wording: Wording) -> None:
    """The picture and the part of the case that a question is about."""
    own = wording.own.get(question.subject) if question.kind == "own" else None
    if own is None:
        return
    if own.picture:
        name = escape(_("Picture of the question"))
        st.html(
            f'<img src="/api/exam-picture/{own.picture}" alt="{name}"'
            ' style="max-width: 100%; max-height: 22rem">'
        )
    if own.gone:
        st.caption(_("This case is no longer available."))
    elif own.turns:
        _turns(own)


def _turns(own: OwnWording) -> None:
    with st.container(border=True):
        for turn in own.turns or ():
            speaker = escape_markdown(speaker_name(turn.speaker))
            st.markdown(f"{turn.position} **{speaker}** {escape_markdown(turn.text)}")


def _section(key: str, wording: Wording) -> str:
    return text_in(wording.sections.get(key, {}), language()) or key


def _consequence(key: str) -> str:
    return _(CONSEQUENCE_WORDS[key])
