"""Lists to choose from begin empty, so that a hasty click writes nobody into a record.

What begins with something chosen is counted here, file by file, with the reason why that may be.
"""

from __future__ import annotations

import ast
from collections import Counter

from tests.support.requirements import ROOT

LISTS = {"selectbox", "radio"}
CHOSEN_BEFOREHAND = {
    "pages/ui/teaching/case_sets/adding_cases.py": 2,  # one's own set, or the mark as it is stored
    "pages/ui/checklists/answer_options.py": 1,  # a draft's own effect
    "pages/ui/checklists/conditions.py": 3,  # a draft's own condition
    "pages/ui/checklists/differences.py": 1,  # what is shown
    "pages/ui/checklists/fields.py": 1,  # a draft's own value
    "pages/ui/checklists/library.py": 1,  # a filter, everything
    "pages/ui/checklists/section_forms.py": 3,  # a draft's own kind, weights, floor
    "pages/ui/checklists/na_watch.py": 2,  # what is shown
    "pages/ui/checklists/what_if.py": 1,  # what is shown
    "pages/ui/clocks/event_names.py": 1,  # the first name that nobody knows yet, from a work list
    "pages/ui/clocks/file_limits.py": 3,  # all levels, all channels; hours
    "pages/ui/clocks/limits.py": 3,  # all checklists; the state and unit that are stored
    "pages/ui/kit/address.py": 1,  # what is shown
    "pages/ui/files/entering.py": 5,  # phone; the only station, else none; level and class: none
    "pages/ui/files/facts.py": 2,  # stored values
    "pages/ui/files/handing_over.py": 1,  # nobody, by forms.choice
    "pages/ui/files/replying.py": 2,  # the step that answers; the reader's language
    "pages/ui/files/other_deeds.py": 4,  # nobody; the mildest answers; cancelling, with a reason
    "pages/ui/frame.py": 1,  # the language in use
    "pages/ui/improvements/proposing.py": 4,  # the usual months
    "pages/ui/inspection/standing_plan.py": 1,  # the month that is set, else the running one
    "pages/ui/inspection/observation.py": 1,  # the checklist that fits counters best
    "pages/ui/importing/steps.py": 1,  # what a heading was guessed to mean
    "pages/ui/importing/reading_choices.py": 1,  # nothing: as the content tells
    "pages/ui/people/people_forms.py": 2,  # a filter; a stored value, else none, by forms.choice
    "pages/ui/teaching/case_sets/one_set.py": 1,  # the language in use
    "pages/ui/teaching/practice/round_results.py": 1,  # nobody: the inspections of record
    "pages/ui/results/team_figures.py": 1,  # what is shown
    "pages/ui/warning/rule_forms.py": 1,  # the owner as stored, else the station's manager
    "pages/ui/training/training_fields.py": 1,  # the usual method
    "pages/ui/training/question_bank.py": 1,  # what is shown
    "pages/ui/training/question_form.py": 2,  # no item and no case, else what is stored
    "pages/ui/training/runs.py": 2,  # what is shown; the usual months
}


def test_what_begins_with_something_chosen_is_known():
    found = Counter(
        str(path.relative_to(ROOT))
        for path in (ROOT / "pages").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and _begins_chosen(call)
    )
    assert dict(found) == CHOSEN_BEFOREHAND


def _begins_chosen(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in LISTS:
        return False
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    index = given.get("index")
    return not (isinstance(index, ast.Constant) and index.value is None)
