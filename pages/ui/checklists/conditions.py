"""When an item or a section is asked: comparisons with earlier answers."""

from __future__ import annotations

import json
from collections.abc import Callable

import streamlit as st

from core.checklist.conditions import COMPARISONS, OPERATORS
from core.drafting import Content, DraftPosition, condition_rows
from core.drafting.condition_rows import Leaf
from pages.ui.checklists.checklist_words import item_label, operator_name, text_here
from pages.ui.checklists.draft import DraftWork
from pages.ui.checklists.fields import Fields
from pages.ui.kit.messages import _
from pages.ui.kit.terms import usual_answer

_COLUMNS = [3, 1.6, 3, 0.5]
Store = Callable[[Leaf | None], None]  # puts another comparison in a row's place, or none


def condition(work: DraftWork, fields: Fields, position: DraftPosition) -> None:
    """The condition as rows; one with inner groups as JSON text."""
    earlier = condition_rows.earlier(work.content, position)
    when = fields.value("when")
    if not earlier and when is None:
        return
    st.markdown(f"**{_('Asked only when')}**")
    flat = condition_rows.flat(when)
    if flat is None:
        _written(fields, when)
        return
    join, rows = flat
    if len(rows) > 1:
        _join(fields, join, rows)
    for number, leaf in enumerate(rows):
        _row(fields, earlier, flat, number, leaf)
    if earlier:
        first = next(iter(earlier))
        added = [*rows, {"item": first, "equals": condition_rows.option_keys(earlier[first])[:1]}]
        st.button(
            _("Add a condition") if not rows else _("Add another"),
            icon=":material/add:",
            key="when_add",
            type="tertiary",
            on_click=fields.set,
            args=("when", condition_rows.joined(join, added)),
        )


def _join(fields: Fields, join: str, rows: list[Leaf]) -> None:
    key = fields.own("when.join", join)
    st.segmented_control(
        _("How conditions combine"),
        ["all", "any"],
        format_func=lambda way: _("all of them") if way == "all" else _("at least one"),
        key=key,
        required=True,
        label_visibility="collapsed",
        on_change=lambda: fields.set("when", condition_rows.joined(st.session_state[key], rows)),
    )


def _row(
    fields: Fields,
    earlier: dict[str, Content],
    flat: tuple[str, list[Leaf]],
    number: int,
    leaf: Leaf,
) -> None:
    join, rows = flat

    def store(changed: Leaf | None) -> None:
        left = [] if changed is None else [changed]
        fields.set(
            "when", condition_rows.joined(join, [*rows[:number], *left, *rows[number + 1 :]])
        )

    source, operator, value, last = st.columns(_COLUMNS, gap="small")
    name = str(leaf.get("item", ""))
    with source:
        key = fields.own(f"when.{number}.item", name)
        st.selectbox(
            _("Item"),
            list(dict.fromkeys([*earlier, name])),
            format_func=lambda item_key: (
                item_label(earlier[item_key]) if item_key in earlier else item_key
            ),
            key=key,
            label_visibility="collapsed",
            on_change=lambda: store(condition_rows.first_on(earlier, st.session_state[key])),
        )
    item = earlier.get(name, {})
    with operator:
        _operator(fields, number, leaf, item, store)
    with value:
        _value(fields, number, leaf, item, store)
    last.button(
        "",
        icon=":material/close:",
        key=f"when_drop_{number}",
        type="tertiary",
        help=_("Remove"),
        on_click=store,
        args=(None,),
    )


def _operator(fields: Fields, number: int, leaf: Leaf, item: Content, store: Store) -> None:
    allowed: list[str] = [
        operator for operator in OPERATORS if operator != "all_of" or item.get("kind") == "multi"
    ]
    if item.get("kind") in condition_rows.COMPARABLE:
        allowed = ["compare", *(allowed if item.get("kind") == "graded" else [])]
    leaf_operator = condition_rows.operator_of(leaf)
    key = fields.own(f"when.{number}.operator", leaf_operator)

    def take() -> None:
        operator = st.session_state[key]
        if operator == "compare":
            store({"item": leaf["item"], "compare": {"op": ">=", "value": 0}})
        else:
            answers = leaf.get(leaf_operator) or condition_rows.option_keys(item)[:1]
            store({"item": leaf["item"], operator: answers})

    st.selectbox(
        _("Comparison"),
        list(dict.fromkeys([*allowed, leaf_operator])),
        format_func=operator_name,
        key=key,
        label_visibility="collapsed",
        on_change=take,
    )


def _value(fields: Fields, number: int, leaf: Leaf, item: Content, store: Store) -> None:
    operator = condition_rows.operator_of(leaf)
    if operator == "compare":
        _number(fields, number, leaf, store)
        return
    answers = leaf.get(operator)
    keys = [str(answer) for answer in (answers if isinstance(answers, list) else [answers])]
    names = {
        str(option.get("key")): (
            text_here(option.get("text")) or usual_answer(str(option.get("key")))
        )
        for option in item.get("options") or []
    }
    key = fields.own(f"when.{number}.value", keys)
    st.multiselect(
        _("Answers"),
        list(dict.fromkeys([*names, *keys])),
        format_func=lambda answer: names.get(answer, answer),
        key=key,
        label_visibility="collapsed",
        on_change=lambda: store({"item": leaf["item"], operator: st.session_state[key]}),
    )


def _number(fields: Fields, number: int, leaf: Leaf, store: Store) -> None:
    compare = leaf["compare"]
    sign, value = st.columns(2, gap="small")
    sign_key = fields.own(f"when.{number}.sign", compare.get("op", ">="))
    value_key = fields.own(f"when.{number}.number", float(compare.get("value") or 0))

    def take() -> None:
        comparison = {"op": st.session_state[sign_key], "value": st.session_state[value_key] or 0}
        store({"item": leaf["item"], "compare": comparison})

    sign.selectbox(
        _("Sign"),
        list(COMPARISONS),
        key=sign_key,
        label_visibility="collapsed",
        on_change=take,
    )
    value.number_input(
        _("Number"),
        step=1.0,
        format="%g",
        key=value_key,
        label_visibility="collapsed",
        on_change=take,
    )


def _written(fields: Fields, when: object) -> None:
    """A condition with inner groups, changed as JSON text; other text changes nothing."""
    key = fields.own("when.written", json.dumps(when, ensure_ascii=False, indent=1))

    def take() -> None:
        try:
            fields.set("when", json.loads(st.session_state[key] or "null"))
        except ValueError:
            st.session_state["when_unreadable"] = True

    st.text_area(
        _("Condition with inner groups"),
        key=key,
        height="content",
        on_change=take,
        help=_("all, any and not join comparisons; empty it to ask always."),
    )
    if st.session_state.pop("when_unreadable", False):
        st.warning(_("This is not readable as a condition, so nothing was changed."))
