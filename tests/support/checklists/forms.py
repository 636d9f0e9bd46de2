"""Forms of other systems, and what tests ask of a form once it is read."""

from __future__ import annotations

import json

from core.checklist import parse_checklist
from core.library import load_checklists, load_library
from core.scoring import parse_answers, score
from tests.support.requirements import ROOT, real_data

FORMS = ROOT / "tests" / "data" / "forms"
ARN = "arn:aws:connect:eu-west-2:123456789012:instance/i-1"


def form(name):
    return json.loads((FORMS / name).read_text(encoding="utf-8"))


def shared(name):
    return json.loads((real_data("forms") / name).read_text(encoding="utf-8"))


CONNECT = form("connect_mundurragacl_general_evaluation.json")
SHIPPED = {checklist.key: checklist for checklist in load_checklists(load_library())}


def items_of(imported):
    return parse_checklist(imported.content).by_key


def scored(imported, **answers):
    checklist = parse_checklist(imported.content)
    given = {key.replace("_", "-"): {"value": value} for key, value in answers.items()}
    return score(checklist, parse_answers(checklist, given))


def repaired(imported):
    return {problem.path for problem in imported.repairs}
