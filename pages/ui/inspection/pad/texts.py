"""Every text of the pad that does not come with the encounter or its checklist."""

from __future__ import annotations

from typing import Any

from core.inspection.picture import MOST_BYTES
from core.inspection.put_aside import PUT_ASIDE
from pages.ui.kit.messages import _


def texts() -> dict[str, Any]:
    """The texts by the names that the pad's script uses; `{places}` are filled there."""
    lists = {
        "key_list": key_list(),
        "na_reasons": na_reasons(),
        "skip_reasons": [_(reason) for reason in PUT_ASIDE],
    }
    return {**_panes(), **_items(), **_photos(), **_saving(), **_leaving(), **lists}


def na_reasons() -> list[str]:
    """The usual reasons why an item does not apply; others are typed."""
    return [
        _("The request did not call for it."),
        _("The encounter ended before it came to this."),
        _("Another unit or a system does this."),
        _("The customer did it already, or declined it."),
        _("The record does not show it."),
    ]


def practice_texts() -> dict[str, Any]:
    """The texts that differ in practice; an empty text takes away putting aside and photos."""
    return {
        "skip": "",
        "photo": "",
        "submit": _("Hand in and open next"),
        "to_queue": _("To my practice"),
        "done": _("Every case is handed in."),
        "submitted": _("This case is already handed in."),
        "left": _("This case has left the set."),
        "key_list": [row for row in key_list() if row[0] not in ("s", "t")],
    }


def key_list() -> list[tuple[str, str]]:
    """What each key does, for the overlay."""
    return [
        ("j k ↓ ↑", _("next, previous item")),
        ("0 … 9", _("choose an answer: the higher the digit, the better; yes is 1, no is 0")),
        ("y", _("yes")),
        ("n", _("no")),
        ("/", _("not applicable; a critical item asks why")),
        ("*", _("not applicable: what is still blank in this section")),
        ("Backspace", _("clear the answer")),
        ("m M", _("note on this item, on the item just answered")),
        (
            "p P",
            _("pin the turn or the marked words to this item, to the item just answered"),
        ),
        ("t", _("photo of what this item is about")),
        ("T", _("pin a time to this item")),
        ("x", _("remove the last pin of this item")),
        ("z", _("take back the last answer or pin; Ctrl+Z too")),
        ("w", _("mark words of the turn, then ← → to move, Shift to extend")),
        ("[ ]", _("previous, next turn")),
        ("PgUp PgDn Home End", _("ten turns back or forth, first and last turn")),
        ("\\", _("search the transcript")),
        ("u", _("first unanswered item")),
        ("h", _("help: meaning, levels, examples, source")),
        ("l", _("ledger: how the score comes about")),
        ("Space", _("play or pause")),
        ("b ← →", _("back 5 seconds; back and forward by the arrows")),
        (". ,", _("hear the current turn; go to the turn that is heard")),
        ("< >", _("slower, faster")),
        ("r", _("begin of a stretch of sound; p ends and pins it")),
        ("s", _("put this encounter aside")),
        ("Ctrl Enter", _("submit and open next")),
    ]


def _panes() -> dict[str, str]:
    return {
        "record": _("Record"),
        "checklist": _("Checklist"),
        "transcript": _("Transcript"),
        "recording": _("Recording"),
        "no_recording": _("There is no recording of this encounter."),
        "no_transcript": _("There is no transcript of this encounter."),
        "unplayable": _("The recording cannot be played."),
        "play": _("Play"),
        "pause": _("Pause"),
        "back": _("Back 5 seconds"),
        "forward": _("Forward 5 seconds"),
        "hear_turn": _("Hear this turn"),
        "search": _("Search the transcript"),
        "search_none": _("No turn has these words."),
        "found": _("{number} of {count}"),
        "speed": _("Speed"),
        "stretch": _("A stretch begins here; pinning ends it"),
        "position": _("Position in the recording"),
        "pin_to": _("Pin to {item}"),
        "pin_words_to": _("Pin these words to {item}"),
        "go_to_item": _("Go to {item}"),
        "turn": _("turn {number}"),
        "progress": _("{done} of {all} answered"),
        "clear": _("Clear the answer"),
        "ledger": _("Ledger"),
        "cost": _("What cost points"),
        "cost_nothing": _("Nothing cost points."),
        "keys": _("Keys"),
        "use_keys": _("Answer and command by single keys"),
        "set_keys": _("Press a key in the list to set another one; this browser keeps it for you."),
        "set_key": _("Set another key"),
        "press_key": _("Press the new key, or Esc."),
        "key_taken": _("{key} cannot be used: choose another key."),
        "reset_keys": _("All keys as they were"),
        "close": _("Close"),
    }


def _items() -> dict[str, str]:
    return {
        "critical": _("Critical"),
        "key_moment": _("Key moment"),
        "not_scored": _("Not scored"),
        "na": _("N/A"),
        "na_reason": _("Why does it not apply?"),
        "na_reason_all": _("Why do they not apply?"),
        "na_reason_needed": _("Give a reason in words."),
        "na_title": _("Not applicable: {items}"),
        "na_critical_all": _("Critical items are among them. The reason is kept with each."),
        "no_na": _("This item has no N/A."),
        "no_no": _("This item has no No. The key for N/A is {key}."),
        "no_yes": _("This item has no Yes."),
        "n_moved": _("The key for the rest of the section is * now."),
        "n_is_no": _("{key} is No now: {item}"),
        "n_is_no_here": _("The key {no} answers {answer}. The key for N/A is {na}."),
        "digits_here": _("The digits of this item: {keys}"),
        "undone": _("taken back"),
        "nothing_to_undo": _("nothing to take back"),
        "ruled_out": _("Ruled out by the facts: {count}"),
        "by_facts": _("by the facts"),
        "characters": _("{count} of {most} characters"),
        "too_long": _("{over} characters too many to be stored; shorten the text."),
        "keys_here": _("Keys:"),
        "note": _("Note"),
        "note_here": _("Note on this item. Enter keeps it."),
        "form_note": _("Note on the whole encounter"),
        "type_here": _("Type here"),
        "evidence": _("Evidence"),
        "evidence_needed": _("evidence or note needed"),
        "evidence_wanted": _("why?"),
        "tools": _("What to add to this item"),
        "help": _("Help"),
        "good_example": _("Good:"),
        "bad_example": _("Not so:"),
        "points_lost": _("Percentage points lost"),
        "remove_pin": _("Remove this pin"),
        "no_guidance": _("The standards say no more about this item."),
        "limit": _("Limit:"),
        "consequence": _("Critical effect:"),
        "laid_down_in": _("Laid down in:"),
        "use_system_times": _("Use the recorded times"),
        "times_system": _("times from the system"),
        "times_manual": _("times entered by hand"),
        "stops_before_start": _("The end lies before the beginning."),
        "pauses": _("Waiting for the customer"),
        "pause_from": _("From"),
        "pause_to": _("To"),
        "pause_why": _("What was waited for?"),
        "add_pause": _("Add a pause"),
        "remove_pause": _("Remove this pause"),
        "pause_unfinished": _("A pause needs its begin, its end and what was waited for."),
        "pause_outside": _("Pauses lie within the time and do not overlap."),
        "pause_too_long": _("The pauses are longer than the time itself."),
        "met": _("In time"),
        "late": _("Too late"),
    }


def _photos() -> dict[str, str]:
    return {
        "photo": _("Photo"),
        "photos": _("Photos"),
        "choose_photo": _("Choose photo"),
        "photo_of": _("Photo: {item}"),
        "sending_photo": _("sending the photo"),
        "photo_not_sent": _("photo not sent"),
        "photo_too_large": _("The photo is larger than {limit} MB.").format(
            limit=MOST_BYTES // 1_000_000
        ),
        "photo_too_large_on_the_way": _("The photo is too large to be sent to the portal."),
        "photo_unreadable": _("The file cannot be read. Choose it again."),
        "remove_photo": _("Remove photo"),
        "whole_photo": _("Whole photo"),
        "region_done": _("Done"),
        "region_how": _("Draw a frame around what is meant."),
        "region_keys": _(
            "By key: arrows move it, with Shift they change its size, Backspace takes it away, "
            "Enter is done."
        ),
        "watching": _("You watch this encounter yourself: notes, photos and times are its record."),
        "region": _(
            "Frame: {left} % from the left, {top} % from the top, {width} % wide, {height} % high"
        ),
        "no_region": _("No frame: the whole photo is meant."),
        "moment": _("Time"),
        "moment_system": _("{time}, recorded by the system"),
        "moment_manual": _("{time}, entered by hand"),
        "moment_typed_here": _("Time at the station"),
        "pin_moment": _("Pin this time"),
    }


def _saving() -> dict[str, Any]:
    return {
        "before_critical": _("before critical {score}"),
        "pins": [_("{count} pin"), _("{count} pins")],
        "changed": _("not saved yet"),
        "saving": _("saving"),
        "saved": _("saved {ago} ago"),
        "stored_at": _("saved {time}"),
        "retrying": _("not saved, retrying; nothing is lost"),
        "refused": _("not saved: {error}"),
        "seconds": _("{count} s"),
        "minutes": _("{count} min"),
        "signed_out": _("You are signed out. Sign in again; what you entered is kept."),
        "sign_in": _("Sign in"),
        "try_again": _("Try again"),
        "unreachable": _("The portal cannot be reached. What you entered is kept."),
        "away": _("no connection; what you enter is kept and sent later"),
        "conflict_short": _("changed elsewhere"),
        "conflict": _(
            "This draft was changed in another tab or browser (saved {time}). "
            "All else is merged; these differ, and what you see here is not stored:"
        ),
        "merged": _("merged with what another tab had saved"),
        "note_named": _("{item}, note"),
        "difference": _("{item}: here {mine}, stored {stored}"),
        "load_stored": _("Load what is stored"),
        "use_mine": _("Keep what is here"),
    }


def _leaving() -> dict[str, str]:
    return {
        "submit": _("Submit and open next"),
        "submitting": _("submitting"),
        "not_submitted": _("not submitted"),
        "missing": _("{count} items still need an answer:"),
        "few_title": _("Little applies"),
        "few_apply": _(
            "You marked {count} of {all} scored items N/A; {applying} apply. "
            "Ctrl+Enter submits all the same."
        ),
        "submit_anyway": _("Submit all the same"),
        "go_back": _("Go back"),
        "skip": _("Put aside"),
        "skip_title": _("Put this encounter aside"),
        "skip_reason": _("Why can it not be scored?"),
        "skip_now": _("Put aside and open next"),
        "cancel": _("Cancel"),
        "to_queue": _("To my work"),
        "open_next": _("Open next"),
        "receipt": _("{number} submitted, score {score}."),
        "receipt_without_score": _("{number} submitted, without a score."),
        "done": _("Everything in your queue is scored."),
        "submitted": _("This encounter is already submitted."),
        "skipped": _("This encounter was put aside."),
        "withdrawn": _("The customer has withdrawn consent; this encounter is put aside."),
    }
