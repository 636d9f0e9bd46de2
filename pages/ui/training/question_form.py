"""The form for a question that a trainer writes: texts in three languages, picture, case."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.access import Identity
from core.errors import InvalidInput, PortalError
from core.i18n import CONTENT_LANGUAGES, LANGUAGES
from core.inspection.picture import read_picture
from db.inspection.services.photos import new_name
from db.training.queries.courses import Course
from db.training.queries.own_questions import EvidenceCase, OwnWording, evidence_cases
from db.training.queries.question_bank import WrittenQuestion, written_question
from db.training.services.exam_questions import (
    MOST_CHARACTERS,
    MOST_OPTIONS,
    CaseStretch,
    QuestionData,
    picture_file,
    save_question,
)
from pages.ui.kit import forms, wiring
from pages.ui.kit.cached_figures import Reader
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, show_error
from pages.ui.training.training_fields import taught

_NEW = "question_new"
_KEEP = "keep"
_MOST_MEGABYTES = 10


def question_form(who: Identity, course: Course, question_id: int | None) -> None:
    """Write a question of a course, or change one."""
    with wiring.reading() as session:
        written = written_question(session, who, question_id) if question_id else None
        cases = evidence_cases(session, who)
    form = f"question_{question_id}" if question_id else _NEW
    with forms.opened(form):
        st.caption(
            _(
                "Write it in the languages of those who are examined. Each line of the answers is"
                " one answer, in the same order in each language."
            )
        )
        texts = _texts(form, written)
        options = _options(texts)
        right = _right(form, written)
        item = _item(form, course, written)
        picture = _picture(form, written)
        stretch = _case(form, cases, written)
        saved = st.button(_("Save question"), type="primary", key=f"{forms.key(form)}_save")
    if not saved:
        return
    try:
        name = _stored(picture, written)
    except PortalError as error:
        show_error(error)
        return
    data = QuestionData(
        question={language: question for language, (question, _answers, _why) in texts.items()},
        options=options,
        right=right,
        why={language: why for language, (_asked, _answers, why) in texts.items()},
        item=item,
        picture=name,
        case=stretch,
    )
    with change(_("Saved."), form) as session:
        save = partial(
            save_question,
            session,
            course_id=course.id,
            question_id=question_id,
            data=data,
            now=wiring.now(),
        )
        forms.made(session, who, form, partial(save, who=who), entered=(course.id, data))


def _texts(form: str, written: WrittenQuestion | None) -> dict[str, tuple[str, str, str]]:
    """Question, answers and reason by language, as typed."""
    words = written.wording if written else None
    texts = {}
    for language, tab in zip(
        CONTENT_LANGUAGES, st.tabs([LANGUAGES[code] for code in CONTENT_LANGUAGES]), strict=True
    ):
        with tab:
            question = st.text_area(
                _("Question"),
                words.question.get(language, "") if words else "",
                height=80,
                max_chars=MOST_CHARACTERS,
                key=forms.field(form, f"question_{language}"),
            )
            answers = st.text_area(
                _("Answers, one a line, three to {most}", most=MOST_OPTIONS),
                _lines(words, language),
                height=120,
                key=forms.field(form, f"answers_{language}"),
            )
            why = st.text_area(
                _("Why that is right (shown with the result)"),
                words.why.get(language, "") if words else "",
                height=80,
                max_chars=MOST_CHARACTERS,
                key=forms.field(form, f"why_{language}"),
            )
        texts[language] = question, answers, why
    return texts


def _lines(words: OwnWording | None, language: str) -> str:
    texts = words.options.values() if words else ()
    return "\n".join(text[language] for text in texts if language in text)


def _options(texts: dict[str, tuple[str, str, str]]) -> tuple[dict[str, str], ...]:
    """The answers with their texts by language; those of a line belong together."""
    lines = {
        language: [line.strip() for line in answers.splitlines() if line.strip()]
        for language, (_question, answers, _why) in texts.items()
    }
    most = max(map(len, lines.values()))
    return tuple(
        {language: typed[number] for language, typed in lines.items() if number < len(typed)}
        for number in range(most)
    )


def _right(form: str, written: WrittenQuestion | None) -> tuple[int, ...]:
    places = list(range(MOST_OPTIONS))
    picked = st.multiselect(
        _("Right answers"),
        places,
        format_func=lambda number: _("answer {number}", number=number + 1),
        placeholder=_("Choose one or several"),
        help=_("Where several are right, exactly those have to be chosen for it to count."),
        **forms.choice(form, "right", list(written.right) if written else [], places),
    )
    return tuple(sorted(picked))


def _item(form: str, course: Course, written: WrittenQuestion | None) -> str:
    names = {"": _("no item"), **taught(Reader()).items}
    picked = written.item if written else ""
    keys = list(dict.fromkeys([*names, picked, *course.items]))
    return str(
        st.selectbox(
            _("Item it is about (its weight says how soon it is drawn)"),
            keys,
            format_func=lambda key: names.get(key, key),
            **forms.choice(form, "item", picked, keys),
        )
    )


def _picture(form: str, written: WrittenQuestion | None) -> bytes | str | None:
    """The bytes of a new picture, _KEEP for the one that is there, None for none."""
    if written and written.wording.picture:
        keeps = st.checkbox(_("Keep the picture"), **forms.choice(form, "keep_picture", value=True))
    else:
        keeps = False
    file = st.file_uploader(
        _("Picture (JPEG, PNG or WebP)"),
        type=["jpg", "jpeg", "png", "webp"],
        max_upload_size=_MOST_MEGABYTES,
        key=f"{forms.key(form)}_picture",
    )
    if file is not None:
        return file.getvalue()
    return _KEEP if keeps else None


def _stored(picture: bytes | str | None, written: WrittenQuestion | None) -> str | None:
    """The name of the picture, whose file is written before a question names it.

    Raises:
        InvalidInput: it is too large, or no picture that can be read.
    """
    if picture is None or isinstance(picture, str):
        return written.wording.picture if picture and written else None
    if len(picture) > _MOST_MEGABYTES * 1_000_000:
        raise InvalidInput("The photo is larger than {limit} MB.", limit=_MOST_MEGABYTES)
    name = new_name()
    wiring.files().write(picture_file(name), read_picture(picture).data)
    return name


def _case(
    form: str, cases: Sequence[EvidenceCase], written: WrittenQuestion | None
) -> CaseStretch | None:
    """The case shown with the question and its turns; offered only where there is any."""
    positions = {case.member_id: case.positions for case in cases}
    names = {case.member_id: f"{case.title} · {case.number}" for case in cases}
    before = written.member_id if written else None
    ids = list(dict.fromkeys([None, *positions, before]))
    if ids == [None]:
        return None
    member = st.selectbox(
        _("Case shown with it (of your issued case sets)"),
        ids,
        format_func=lambda key: _("no case") if key is None else names.get(key, f"#{key}"),
        **forms.choice(form, "case", before, ids),
    )
    if member is None:
        return None
    same = written is not None and member == before
    turns = positions.get(member) or (
        (written.first_turn or 0, written.last_turn or 0) if same and written else (0, 0)
    )
    first, last = st.columns(2)
    ends = (written.first_turn, written.last_turn) if same and written else (turns[0], turns[-1])
    bounds = (turns[0], turns[-1])
    from_ = first.number_input(
        _("From turn"), *bounds, **forms.amount(form, f"first_{member}", ends[0], bounds)
    )
    to = last.number_input(
        _("To turn"), *bounds, **forms.amount(form, f"last_{member}", ends[1], bounds)
    )
    return CaseStretch(member_id=member, first=int(from_), last=int(to))
