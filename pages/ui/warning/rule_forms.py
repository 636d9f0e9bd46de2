"""How the rules are set: on or off, the limit, who gets their warnings at first."""

from __future__ import annotations

import streamlit as st

from core.access import Identity
from core.warning.rules import LARGEST_LIMIT, RULES
from db.warning.queries.rules import possible_rule_owners, rules_looked
from db.warning.rule_settings import RuleSet
from db.warning.services.rules import RuleSetting, set_rule
from pages.ui.kit import forms, wiring
from pages.ui.kit.forms import change
from pages.ui.kit.messages import _, plural
from pages.ui.warning.warning_words import rule_name


def show(who: Identity) -> None:
    """A form for each rule."""
    with wiring.reading() as session:
        rules = rules_looked(session, who)
    for rule in rules:
        _form(who, rule)


def _form(who: Identity, rule: RuleSet) -> None:
    declared, form = RULES[rule.key], f"warning_rule_{rule.key.value}"
    with wiring.reading() as session:
        owners = possible_rule_owners(session, who, rule.key)
    names = {owner.user_id: owner.name for owner in owners}
    options = [None, *names]
    limit: int | None = None
    with forms.opened(form):
        st.markdown(f"**{rule_name(rule.key)}**")
        st.caption(_(declared.explanation))
        if rule.looked_at is not None:
            st.caption(plural("{count} cell compared", "{count} cells compared", rule.cells))
        is_on = st.toggle(_("In use"), **forms.choice(form, "is_on", rule.is_on))
        left, right = st.columns(2)
        if declared.usual_limit is not None:
            with left:
                amount = st.number_input(
                    _("Limit: files"),
                    min_value=0,
                    max_value=LARGEST_LIMIT,
                    step=1,
                    **forms.amount(form, "limit", rule.limit),
                )
                limit = None if amount is None else int(amount)
        with right if limit is not None else left:
            owner = st.selectbox(
                _("Who gets its warnings at first"),
                options,
                format_func=lambda key: names.get(key, _("The station's manager")),
                **forms.option(form, "owner", rule.owner_id, options),
            )
        pressed = st.button(_("Save"), key=f"{forms.key(form)}_save")
    if pressed:
        setting = RuleSetting(is_on=is_on, limit=limit, owner_id=owner)
        with change(_("Saved."), form) as session:
            set_rule(session, who=who, rule=rule.key, setting=setting, now=wiring.now())
