"""The field's words for what is stored as a code, in the reader's language."""

from __future__ import annotations

import re

from core.access import Role
from core.clock.event_keys import EVENTS
from core.clock.event_names import event_of
from core.i18n import LANGUAGES
from pages.ui.kit.file_terms import class_code_name
from pages.ui.kit.messages import _

POSTS = ("agent", "counter", "after_sales", "supervisor", "guide", "account_manager")


def role_name(role: Role) -> str:
    return {
        Role.ADMINISTRATOR: _("Administrator"),
        Role.QUALITY_MANAGER: _("Quality manager"),
        Role.STATION_MANAGER: _("Station manager"),
        Role.INSPECTOR: _("QA inspector"),
        Role.CASE_HANDLER: _("Case handler"),
        Role.TRAINER: _("Trainer"),
        Role.STAFF: _("Service staff"),
        Role.AUDITOR: _("Auditor"),
        Role.SERVICE: _("Service account"),
    }[role]


def post_name(post: str) -> str:
    return {
        "agent": _("Agent"),
        "counter": _("Counter staff"),
        "after_sales": _("After-sales agent"),
        "supervisor": _("Supervisor"),
        "guide": _("Guide"),
        "account_manager": _("Account manager"),
    }.get(post, post)


def station_kind(kind: str) -> str:
    return {
        "airport": _("Airport"),
        "city_office": _("City office"),
        "phone_desk": _("Phone desk"),
        "chat_desk": _("Chat desk"),
        "shop": _("Shop"),
        "head_office": _("Head office"),
    }.get(kind, kind)


def channel_name(channel: str) -> str:
    return {
        "counter": _("Counter"),
        "phone": _("Phone"),
        "chat": _("Chat"),
        "email": _("E-mail"),
        "bot": _("Chatbot"),
        "record": _("Record"),
        "site": _("Site"),
    }.get(channel, channel)


def case_kind_name(kind: str) -> str:
    """What an encounter was about; empty for none of the kinds that have a name."""
    return {
        "none": "",
        "problem": _("Problem"),
        "complaint": _("Complaint"),
        "work_order": _("Work order"),
        "follow_up": _("Follow-up"),
        "order": _("Booking order"),
        "customer_profile": _("Customer profile"),
        "station_audit": _("Station audit"),
    }.get(kind, kind)


def business_line_name(line: str) -> str:
    return {"airline": _("Airline"), "supplier": _("Supplier")}.get(line, line)


def shift_name(shift: str) -> str:
    return {
        "night": _("Night (0–5 h)"),
        "early": _("Early (5–12 h)"),
        "late": _("Late (12–18 h)"),
        "evening": _("Evening (18–24 h)"),
    }.get(shift, shift)


def facet_name(facet: str) -> str:
    return {
        "business_line": _("Business line"),
        "shift": _("Shift"),
        "post": _("Staff group"),
        "language": _("Language of the encounter"),
    }[facet]


def facet_value(facet: str, value: str) -> str:
    """The name of a value of a facet; the empty one is the unrecorded."""
    if not value:
        return _("Not recorded")
    names = {
        "business_line": business_line_name,
        "shift": shift_name,
        "post": post_name,
        "language": spoken_language,
    }
    return names[facet](value)


def sample_name(sample_class: str) -> str:
    """How an inspection came about."""
    return {
        "random": _("Random sample"),
        "must_inspect": _("Must-inspect"),
        "observed": _("Observed on site"),
        "chosen": _("Chosen"),
    }.get(sample_class, sample_class)


def band_name(band: str | None) -> str:
    return {
        "excellent": _("Excellent"),
        "qualified": _("Qualified"),
        "needs_improvement": _("Needs improvement"),
        "unqualified": _("Unqualified"),
    }.get(band or "", band or "—")


def effect_name(effect: str | None) -> str:
    return {
        "form_zero": _("Whole score zero"),
        "section_zero": _("Section zero"),
        "cap": _("Score capped"),
        "flag": _("Flagged"),
    }.get(effect or "", effect or "")


def speaker_name(speaker: str) -> str:
    return {
        "agent": _("Agent"),
        "customer": _("Customer"),
        "system": _("System"),
        "bot": _("Chatbot"),
    }.get(speaker, speaker)


def spoken_language(code: str) -> str:
    """A language of encounters, which comes in many spellings."""
    return LANGUAGES.get(code.replace("-", "_"), code)


def ratings() -> dict[str, str]:
    """Names for the customer's ratings, by the quarter of the customer's own scale."""
    return {
        "low": _("Dissatisfied (lowest quarter of the scale)"),
        "middle": _("In between"),
        "high": _("Satisfied (highest quarter of the scale)"),
    }


def no_consent() -> str:
    """The text in place of an encounter's words while its customer refuses consent."""
    return _("No consent: the record is closed.")


def training_marks() -> dict[str, str]:
    return {"use": _("Use in training"), "never": _("Never use")}


def left_reason(reason: str) -> str:
    """Why a case is no longer in a set."""
    return {
        "retention": _("This case is past its retention and left the set."),
        "erased": _("This case was erased on request and left the set."),
        "consent": _("The customer has withdrawn consent; this case is left out."),
        "never": _("This case was marked never to be used in training and left the set."),
        "voided": _("The inspection of this case was voided; the case left the set."),
    }.get(reason, reason)


def situation_name(situation: str) -> str:
    return {
        "ordinary": _("Ordinary"),
        "in_distress": _("In distress, ill or bereaved"),
    }.get(situation, situation)


def uniform_name(variant: str) -> str:
    return {
        "tie": _("With tie"),
        "scarf": _("With scarf"),
        "plain": _("With neither"),
    }.get(variant, variant)


def fact_name(fact: str) -> str:
    """The name of a fact that the portal notes; a record's own fields keep their names."""
    return {
        "passenger_situation": _("Passenger"),
        "uniform_variant": _("Uniform"),
        "file_number": _("Service file"),
        "file_class": _("About"),
        "file_demand": _("Demand"),
        "file_compensation": _("Compensation"),
    }.get(fact, fact)


def fact_value(fact: str, value: object) -> object:
    if fact == "file_class" and isinstance(value, list):
        return [class_code_name(str(code)) for code in value]
    names = {"passenger_situation": situation_name, "uniform_variant": uniform_name}
    return names[fact](str(value)) if fact in names else value


def event_name(name: str) -> str:
    """The name of an event that clocks know, however it was written down; else as it is."""
    key = event_of(name)
    return _(EVENTS[key]) if key else name


def usual_answer(key: str) -> str:
    """The usual name of an option without a text of its own."""
    return {
        "yes": _("Yes"),
        "no": _("No"),
        "no_with_loss": _("No, with loss or harm"),
        "met": _("In time"),
        "late": _("Too late"),
    }.get(key, key)


def document_name(code: str) -> str:
    return {
        "D0": _("Airline customer service process guide"),
        "D1": _("Technology supplier's course on its service system"),
        "D2": _("Travel agency service process plan"),
        "D3": _("Airline customer profile management plan"),
        "D4": _("Rules for a charter coach service desk"),
        "own": _("The company's own standard"),
    }.get(code, code)


def source_name(source: str) -> str:
    """Where an item is laid down, as in "D0 §2.2(2); D4 一(三)1": each code as its document."""
    return re.sub(r"\b(D[0-4]|own)\b", lambda found: document_name(found.group()), source)


def weekday_name(weekday: int) -> str:
    return (
        _("Mon"),
        _("Tue"),
        _("Wed"),
        _("Thu"),
        _("Fri"),
        _("Sat"),
        _("Sun"),
    )[weekday]
