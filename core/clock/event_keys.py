"""The events that clocks start and stop with: a fixed list of keys, named as people call them.

The first are the steps of files (complaints, problems, work orders …); the others are the starts
and stops of the clocks of the standards library, of waiting for a person and of being put on hold.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.i18n import N_

STEPS: Mapping[str, str] = {
    "received": N_("Received"),
    "recorded": N_("Recorded"),
    "classified": N_("Classified"),
    "severity_set": N_("Nature and severity determined"),
    "superior_told": N_("Superior informed"),
    "assigned": N_("Assigned and taken in hand"),
    "first_response": N_("First response"),
    "facts_confirmed": N_("Facts confirmed"),
    "solution_set": N_("Solution determined"),
    "work_started": N_("Work started"),
    "progress_told": N_("Customer told the progress"),
    "waiting_began": N_("Waiting for the customer began"),
    "waiting_ended": N_("Waiting for the customer ended"),
    "executed": N_("Handling finished"),
    "accepted": N_("Accepted by the front desk"),
    "told": N_("Customer told the result"),
    "satisfaction_asked": N_("Satisfaction asked"),
    "not_satisfied": N_("Customer not satisfied"),
    "rechecked": N_("Checked again"),
    "summed_up": N_("Summed up"),
    "archived": N_("Archived"),
    "reopened": N_("Reopened"),
    "cancelled": N_("Cancelled"),
}
"""The steps of a file, in the order in which they usually come."""

EVENTS: Mapping[str, str] = {
    **STEPS,
    "queue_entered": N_("Customer joined the queue"),
    "first_word": N_("First word from staff"),
    "hold_began": N_("Put on hold"),
    "hold_ended": N_("Back from hold"),
    "enquiry_received": N_("Enquiry received"),
    "exact_answer_given": N_("Exact answer given"),
    "delay_asked_about": N_("Customer asked about a delay or cancellation"),
    "delay_help_begun": N_("Information on the delay given and help begun"),
    "checked_in": N_("Passenger checked in"),
    "check_in_saved": N_("Check-in saved in the system"),
    "data_given": N_("Customer gave the data"),
    "data_saved": N_("Data saved in the system"),
    "data_obtained": N_("Sending side had the data"),
    "data_passed_on": N_("Receiving side had the data"),
    "payment_completed": N_("Payment completed"),
    "booking_confirmed": N_("Booking confirmation sent"),
    "order_entered": N_("Order entered in the business system"),
    "change_completed": N_("Change of the order completed"),
    "change_confirmed": N_("Change confirmation sent"),
    "change_passed_on": N_("System updated and dispatch told"),
    "refund_requested": N_("Refund requested"),
    "refund_confirmed": N_("Refund confirmation sent"),
    "refund_entered": N_("Refund entered and Finance contacted"),
    "money_returned": N_("Money returned"),
    "change_known": N_("Change of the trip became known"),
    "change_notified": N_("Customer notified of the change"),
    "trip_ended": N_("Trip ended"),
    "follow_up_made": N_("First follow-up contact"),
    "service_completed": N_("Service completed"),
    "confirmation_call_made": N_("Confirmation call made"),
    "confirmation_received": N_("Confirmation by text message or e-mail received"),
    "outcome_handled": N_("Outcome fed back and handled"),
    "survey_completed": N_("Survey completed"),
    "survey_reported": N_("Survey result reported"),
    "follow_up_completed": N_("Response, feedback and handling all completed"),
    "feedback_passed_on": N_("Responsible department had the feedback"),
    "complaint_raised": N_("Customer first raised the complaint"),
    "complaint_recognised": N_("Case marked as a complaint"),
    "stage_entered": N_("Stage entered"),
    "stage_left": N_("Stage left"),
    "month_began": N_("Month began"),
    "visits_met": N_("Visit quota met"),
    "profile_reviewed": N_("Profile reviewed"),
    "periodic_survey_completed": N_("Periodic survey completed"),
    "observed": N_("Observed"),
}

MEANINGS: Mapping[tuple[str, str], str] = {
    ("follow_up", "received"): "service_completed",
    ("follow_up", "first_response"): "confirmation_call_made",
    ("follow_up", "recorded"): "confirmation_received",
    ("follow_up", "told"): "outcome_handled",
    ("follow_up", "satisfaction_asked"): "survey_completed",
    ("follow_up", "summed_up"): "survey_reported",
    ("profile_review", "executed"): "profile_reviewed",
}
"""What a step means in one kind of case, where a clock knows it under a key of its own."""


def meaning(key: str, case_kind: str) -> str:
    """The key under which clocks look for an event of a case of some kind."""
    return MEANINGS.get((case_kind, key), key)
