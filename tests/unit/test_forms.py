"""Forms of other systems read, repaired or refused, and a checklist written for Connect."""

from __future__ import annotations

import json
import os
from copy import deepcopy
from pathlib import Path

import jsonschema
import pytest

from core.checklist import parse_checklist, to_data
from core.forms import FormError, read_form, to_connect
from core.library import load_checklists, load_library
from core.scoring import parse_answers, score
from tests.support.mangled import mangled
from tests.support.requirements import real_data

FORMS = Path(__file__).resolve().parents[1] / "data" / "forms"
ARN = "arn:aws:connect:eu-west-2:123456789012:instance/i-1"


def form(name):
    return json.loads((FORMS / name).read_text(encoding="utf-8"))


def shared(name):
    return json.loads((real_data("forms") / name).read_text(encoding="utf-8"))


CONNECT = form("connect_mundurragacl_general_evaluation.json")
GENESYS = form("genesys_example_form.json")
GOOGLE = form("google_scorecard_bundle.json")


def items_of(imported):
    return parse_checklist(imported.content).by_key


def scored(imported, **answers):
    checklist = parse_checklist(imported.content)
    given = {key.replace("_", "-"): {"value": value} for key, value in answers.items()}
    return score(checklist, parse_answers(checklist, given))


def question(ref, **more):
    options = [
        {"RefId": "yes", "Text": "Yes", "Score": 10},
        {"RefId": "no", "Text": "No", "Score": 0},
    ]
    return {
        "Question": {
            "RefId": ref,
            "Title": ref,
            "QuestionType": "SINGLESELECT",
            "QuestionTypeProperties": {"SingleSelect": {"Options": options}},
        }
        | more
    }


def connect(*questions, **more):
    section = {"RefId": "s", "Title": "S", "Items": list(questions)}
    strategy = {"Mode": "QUESTION_ONLY", "Status": "ENABLED"}
    return {"Title": "T", "Items": [{"Section": section}], "ScoringStrategy": strategy} | more


def repaired(imported):
    return {problem.path for problem in imported.repairs}


def test_the_vendors_own_connect_sample_is_read_whole():
    imported = read_form(shared("connect_describe_contact_evaluation_form.json"))
    assert imported.repairs == ()
    checklist = parse_checklist(imported.content)
    assert [section.key for section in checklist.sections] == ["section-1", "section-2"]
    assert [section.weight for section in checklist.sections] == [50, 50]
    assert checklist.settings.weights == "section_weights"
    assert {item.key: item.kind for item in checklist.items()} == {
        "question-1-111": "text",
        "question-1-222": "single",
        "question-2-1": "text",
        "question-2-222": "number",
    }
    fails = [o.key for o in checklist.by_key["question-1-222"].options if o.effect]
    assert fails == ["option-1-2-1", "option-1-2-3"]


def test_a_template_that_breaks_the_schema_is_repaired_and_each_repair_told():
    imported = read_form(CONNECT)
    told = {str(problem) for problem in imported.repairs}
    assert "EvaluationFormTitle: Read as Title." in told
    assert any("items that share their section" in line for line in told)
    assert sum("Options stand outside SingleSelect" in line for line in told) == 15
    checklist = parse_checklist(imported.content)
    assert [section.weight for section in checklist.sections] == [15, 25, 30, 20, 10]
    assert len(checklist.by_key) == 15
    assert checklist.by_key["professional_greeting"].weight == 40


def test_the_repaired_template_scores_as_its_weights_say():
    """Scores of 5 of 10 everywhere give 50; 1 of 10 on the greeting (15 x .4 = 6) takes 2.4."""
    imported = read_form(CONNECT)
    best = {key: item.options[0].key for key, item in items_of(imported).items()}
    checklist = parse_checklist(imported.content)
    full = {key: {"value": value} for key, value in best.items()}
    assert score(checklist, parse_answers(checklist, full)).score == pytest.approx(50)
    full["professional_greeting"] = {"value": "option-5"}
    assert score(checklist, parse_answers(checklist, full)).score == pytest.approx(47.6)


def test_cloudformation_holds_the_same_form():
    template = {
        "Resources": {
            "Other": {"Type": "AWS::S3::Bucket"},
            "Form": {"Type": "AWS::Connect::EvaluationForm", "Properties": connect(question("q"))},
        }
    }
    assert read_form(template).content == read_form(connect(question("q"))).content
    with pytest.raises(FormError, match="no evaluation form"):
        read_form({"Resources": {"Other": {"Type": "AWS::S3::Bucket"}}})


def test_subsections_conditions_and_target_sections_of_connect():
    inner = {"Section": {"RefId": "sub", "Title": "Sub", "Items": [question("q2")]}}
    when = {
        "Action": "ENABLE",
        "Condition": {
            "Operator": "OR",
            "Operands": [
                {
                    "Expression": {
                        "Source": {"Type": "QUESTION_REF_ID", "RefId": "q1"},
                        "Comparator": "ALL_IN",
                        "Values": [{"Type": "OPTION_REF_ID", "RefId": "no"}],
                    }
                }
            ],
        },
    }
    data = connect(question("q1"), inner)
    target = data["Items"][0]["Section"]["Items"][1]["Section"]["Items"][0]["Question"]
    target["Enablement"] = when
    fail = target["QuestionTypeProperties"]["SingleSelect"]["Options"][1]
    fail |= {"AutomaticFail": True, "AutomaticFailConfiguration": {"TargetSection": "s"}}
    checklist = parse_checklist(read_form(data).content)
    assert [(s.key, s.title["en"]) for s in checklist.sections] == [("s", "S"), ("sub", "S / Sub")]
    q2 = checklist.by_key["q2"]
    assert (q2.when.item, q2.when.operator, q2.when.keys) == ("q1", "in", ("no",))
    assert q2.options[1].effect.sections == ("s",)


def test_what_cannot_be_repaired_is_refused_with_its_place():
    gap = question("n", QuestionType="NUMERIC")
    ranges = [
        {"MinValue": 0, "MaxValue": 3, "Score": 10},
        {"MinValue": 7, "MaxValue": 9, "Score": 0},
    ]
    gap["Question"]["QuestionTypeProperties"] = {"Numeric": {"Options": ranges}}
    with pytest.raises(FormError) as refused:
        read_form(connect(gap))
    assert "gap between 3 and 7" in str(refused.value)
    for nothing in (None, [], "text", 7, {}, {"Items": []}, {"sections": []}):
        with pytest.raises(FormError):
            read_form(nothing)


def test_double_and_missing_ids_get_new_ones():
    data = connect(question("q"), question("q"), question(""))
    imported = read_form(data)
    assert list(items_of(imported)) == ["q", "q-1", "question-1"]
    assert repaired(imported) == {
        "Items[0].Section.Items[1].Question",
        "Items[0].Section.Items[2].Question",
    }


def test_an_exported_evaluation_shows_its_form_and_answers():
    imported = read_form(shared("connect_export_v3.5_sample.json"))
    checklist = parse_checklist(imported.content)
    assert checklist.title == {"en": "Legal Compliance Evaluation Form"}
    assert {item.kind for item in checklist.items()} == {
        "number",
        "single",
        "multi",
        "text",
        "date",
    }
    assert imported.answers["q73bc5b9d"]["value"] == "o6999aa94"
    assert imported.answers["qc2effc9d"]["values"] == ["topic_balance", "topic_payment"]
    assert imported.answers["q570b206a"]["value"] == 2
    sheet = score(checklist, parse_answers(checklist, imported.answers))
    assert (sheet.score, sheet.missing) == (None, ())


def test_positions_of_genesys_become_keys():
    imported = read_form(GENESYS)
    checklist = parse_checklist(imported.content)
    first, second, third, multi = checklist.items()
    assert (first.fatal, first.critical, first.na_allowed) == (True, True, True)
    assert (second.when.item, second.when.keys) == (first.key, ("answer-1",))
    assert checklist.sections[1].when.item == first.key
    assert [section.multiplier for section in checklist.sections] == [1, 1.5, 2]
    assert [option.points for option in multi.options] == [1, 2, 1]
    assert third.options[2].points == 3
    lost = {problem.path.rpartition("[")[2] for problem in imported.repairs}
    assert lost == {"0].isCritical", "1].isKill", "1].visibilityCondition"}


def test_a_position_that_leads_nowhere_is_told():
    data = deepcopy(GENESYS)
    rule = data["questionGroups"][1]["visibilityCondition"]
    rule["predicates"] = ["/form/questionGroup/9/question/0/answer/0"]
    imported = read_form(data)
    assert "questionGroups[1].visibilityCondition" in repaired(imported)
    assert parse_checklist(imported.content).sections[1].when is None


def test_a_google_scorecard_keeps_points_na_and_tags():
    """Greeting No .5 of 1, disclosure Yes 2 of 2: 2.5 of 3 is 83.3 percent."""
    imported = read_form(GOOGLE)
    items = items_of(imported)
    assert {key: item.na_allowed for key, item in items.items()} == {"q1": False, "q2": True}
    assert {item.tag for item in items.values()} == {"CUSTOMER", "COMPLIANCE"}
    assert scored(imported, q1="no", q2="y").score == pytest.approx(100 * 2.5 / 3)


def test_fields_of_googles_older_guide_are_named():
    data = deepcopy(GOOGLE)
    data["qaQuestions"][0] |= {"body": "Old text", "weight": 3, "score": None}
    del data["qaQuestions"][0]["questionBody"]
    imported = read_form(data)
    assert repaired(imported) == {f"qaQuestions[0].{name}" for name in ("body", "weight", "score")}
    assert items_of(imported)["q1"].text == {"en": "Old text"}


LIBRARY = load_library()
SHIPPED = {checklist.key: checklist for checklist in load_checklists(LIBRARY)}


@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_our_own_format_comes_back_the_same(key):
    assert read_form(to_data(SHIPPED[key])).content == to_data(SHIPPED[key])


@pytest.mark.parametrize("language", ["en", "zh_TW", "zh_CN"])
@pytest.mark.parametrize("key", sorted(SHIPPED))
def test_every_shipped_checklist_passes_connects_schema(key, language):
    schema = shared("connect_cfn_evaluationform_schema.json")
    found = to_connect(SHIPPED[key], language=language, instance_arn=ARN)
    assert _schema_errors(schema, found.data) == []
    total = sum(q["Weight"] for q in _questions(found.data))
    assert total == pytest.approx(100, abs=0.01)
    again = read_form(found.data)
    assert len(items_of(again)) == len(SHIPPED[key].by_key)


def test_a_checklist_of_shares_scores_the_same_in_connect_and_back():
    """Alone by item weights and whole tenths nothing is lost: 30 + 70 x .5 = 65."""
    items = [
        {"key": "A", "weight": 30},
        {"key": "B", "weight": 70, "kind": "graded", "min": 0, "max": 2},
    ]
    data = {
        "key": "k",
        "title": {"en": "K"},
        "settings": {"preset": "plain"},
        "sections": [{"key": "s", "items": items}],
    }
    found = to_connect(parse_checklist(data), language="en", instance_arn=ARN)
    assert found.losses == ()
    assert scored(read_form(found.data), A="yes", B="1").score == pytest.approx(65)


def _questions(data):
    for entry in data["Items"]:
        yield from (item["Question"] for item in entry["Section"]["Items"])


def _schema_errors(schema, data):
    clean = json.loads(json.dumps(schema).replace("\\\\p{C}", "\\\\x00-\\\\x1f"))
    return [error.message for error in jsonschema.Draft7Validator(clean).iter_errors(data)]


def _survives(data):
    """A damaged form is a clear error or a checklist that parses."""
    try:
        imported = read_form(data)
    except FormError as error:
        return not error.problems
    checklist = parse_checklist(imported.content)
    parse_answers(checklist, {})
    return True


SOURCES = {
    "connect": CONNECT,
    "genesys": GENESYS,
    "google": GOOGLE,
    "own": to_data(SHIPPED["email"]),
    "export": to_connect(SHIPPED["phone"], language="en", instance_arn=ARN).data,
}


@pytest.mark.parametrize("source", sorted(SOURCES))
def test_damaged_forms_are_refused_or_read(source):
    assert {_survives(mangled(SOURCES[source], seed)) for seed in range(60)} == {True, False}


@pytest.mark.soak
@pytest.mark.skipif(not os.environ.get("SOAK"), reason="ten thousand damaged forms: make soak")
def test_ten_thousand_damaged_forms_are_refused_or_read():
    for seed in range(10_000):
        _survives(mangled(SOURCES[sorted(SOURCES)[seed % len(SOURCES)]], seed))
