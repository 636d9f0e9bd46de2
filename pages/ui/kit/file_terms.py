"""The names of the classes and sub-topics of files, for the pages of files and of encounters."""

from __future__ import annotations

from pages.ui.kit.messages import _


def topic_name(topic: str) -> str:
    return {
        "": "",
        "booking": _("Booking and ticket"),
        "information": _("Information given"),
        "waiting": _("Waiting"),
        "flight": _("Flight"),
        "baggage": _("Baggage"),
        "payment": _("Payment"),
        "special_care": _("Special care"),
        "attitude": _("Attitude of staff"),
        "other": _("Other"),
    }.get(topic, topic)


def sub_topic_name(sub_topic: str) -> str:
    return {
        "ticketing": _("Issuing of the ticket"),
        "change": _("Change of booking"),
        "refund": _("Refund"),
        "seat": _("Seat"),
        "wrong_information": _("Wrong information"),
        "contradicting_answers": _("Contradicting answers"),
        "no_answer": _("No answer"),
        "queue": _("Queue at the counter"),
        "phone_waiting": _("Waiting on the phone"),
        "slow_handling": _("Slow handling"),
        "delay": _("Delay"),
        "cancellation": _("Flight cancelled"),
        "denied_boarding": _("Denied boarding"),
        "lost": _("Lost baggage"),
        "damaged": _("Damaged baggage"),
        "late_baggage": _("Late baggage"),
        "fee": _("Baggage fee"),
        "price": _("Price"),
        "invoice": _("Receipt or invoice"),
        "charged_twice": _("Charged twice"),
        "wheelchair": _("Wheelchair"),
        "child_alone": _("Child travelling alone"),
        "illness": _("Illness on the way"),
        "impolite": _("Impolite"),
        "indifferent": _("Indifferent"),
    }.get(sub_topic, sub_topic)


def class_code_name(code: str) -> str:
    """The name of a class or a sub-topic, which have no code in common."""
    name = topic_name(code)
    return name if name != code else sub_topic_name(code)
