"""What the audit log's codes are called."""

from __future__ import annotations

from pages.ui.messages import _


def action_names() -> dict[str, str]:
    """What people and the system do, in the order of the work."""
    return {
        "sign_in": _("Signed in"),
        "sign_in_refused": _("Sign-in refused"),
        "set_up": _("Portal set up"),
        "give_password_link": _("Password link given"),
        "change_password": _("Password changed"),
        "add_second_factor": _("One-time codes switched on"),
        "remove_second_factor": _("One-time codes switched off"),
        "link_account": _("Account linked"),
        "change_access": _("Access changed"),
        "end_session": _("Session ended"),
        "end_other_sessions": _("Other sessions ended"),
        "view": _("Opened"),
        "preview": _("Previewed"),
        "listen": _("Listened"),
        "print": _("Printed"),
        "assign": _("Assigned"),
        "skip": _("Put aside"),
        "observe": _("Observation begun"),
        "submit": _("Submitted"),
        "acknowledge": _("Acknowledged"),
        "amend": _("Amended"),
        "void": _("Voided"),
        "save": _("Saved"),
        "activate": _("Activated"),
        "retire": _("Retired"),
        "discard": _("Discarded"),
        "import": _("Imported"),
        "export": _("Exported"),
        "refuse": _("Refused"),
        "unmask": _("Unmasked"),
        "erase": _("Erased"),
        "rotate": _("Key changed"),
        "remask": _("Masked again"),
        "rebuild": _("Figures rebuilt"),
        "enrol": _("Enrolled"),
        "withdraw": _("Taken out"),
        "record": _("Results recorded"),
        "start_exam": _("Exam begun"),
        "hand_in": _("Exam handed in"),
        "compute": _("Computed"),
        "rescore": _("Scores computed again"),
    }


def object_names() -> dict[str, str]:
    return {
        "inspection": _("Inspection"),
        "interaction": _("Encounter"),
        "assignment": _("Assignment"),
        "photo": _("Photo"),
        "draft": _("Draft"),
        "checklist_version": _("Checklist version"),
        "user": _("User"),
        "session": _("Session"),
        "staff": _("Staff"),
        "station": _("Station"),
        "import": _("Import"),
        "action": _("Permission"),
        "customer": _("Customer"),
        "retention": _("Time of keeping"),
        "key": _("Key"),
        "audit_log": _("Audit log"),
        "rollups": _("Figures"),
        "training_course": _("Course"),
        "training_plan": _("Yearly plan"),
        "training_plan_line": _("Line of the plan"),
        "training_run": _("Run of a course"),
        "exam_attempt": _("Exam"),
    }
