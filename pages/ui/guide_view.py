"""The guide of a person's role: its pages in the order of a day, then the rules behind verdicts."""

from __future__ import annotations

import streamlit as st

from core.access import PEOPLE, Identity, Role
from pages.ui.kit.address import pill
from pages.ui.kit.guide import PICTURES, VERDICTS, GuideFile, GuideSection, guide_file, in_page
from pages.ui.kit.messages import _, language
from pages.ui.kit.terms import role_name


def show(who: Identity) -> None:
    """Of several roles one is chosen; first stands one that tells of what was asked about."""
    about = st.query_params.get("about", "")
    own = [role for role in PEOPLE if role in who.roles]
    roles = sorted(own, key=lambda role: not _tells(role, about))
    role = roles[0]
    if len(roles) > 1:
        role = pill(_("Role"), "role", roles, role_name)
    guide = guide_file(role, language())
    st.title(guide.title, anchor=False)
    st.markdown(guide.opening)
    st.markdown(" · ".join(f"[{section.title}](#{section.key})" for section in guide.sections))
    for section in guide.sections:
        _section(section)
        if section.key == VERDICTS:
            _rules(guide)


def _tells(role: Role, about: str) -> bool:
    guide = guide_file(role, language())
    return about in guide.linked or guide.section(about) is not None


def _section(section: GuideSection) -> None:
    """What is written about a page, with its picture where `make screenshots` has taken one."""
    st.header(section.title, anchor=section.key)
    st.markdown(in_page(section.text))
    picture = PICTURES / f"{section.key}.{language()}.png"
    if picture.exists():
        st.image(str(picture), caption=section.title, alt=section.title)


def _rules(guide: GuideFile) -> None:
    """The sections of the verdicts' file that a guide links to."""
    rules = guide_file(VERDICTS, language())
    for section in (rules.section(key) for key in guide.linked):
        if section is not None:
            st.subheader(section.title, anchor=section.key)
            st.markdown(in_page(section.text))
