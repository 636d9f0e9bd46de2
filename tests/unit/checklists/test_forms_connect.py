"""Forms of Amazon Connect read, repaired or refused, and checklists written for it."""

from __future__ import annotations

import json

import jsonschema
import pytest

from core.checklist import parse_checklist
from core.forms import FormError, read_form, to_connect
from core.scoring import parse_answers, score
from tests.support.checklists.forms import ARN, CONNECT, SHIPPED, items_of, repaired, scored, shared


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
