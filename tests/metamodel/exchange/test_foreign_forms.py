"""Forms of other systems: CDISC ODM, FHIR Questionnaire, Form.io."""

# ruff: noqa: E501 (files as others write them)
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from metamodel.definitions import errors_of, validate_document
from metamodel.exchange.errors import ExchangeError, HeaderWrong, MalformedJson, UnsafeXml
from metamodel.exchange.reading import read_definition
from metamodel.exchange.source import SourceFile
from metamodel.exchange.writing import write_definition
from tests.builders import a_database

ODM = """<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"><Study OID="S"><GlobalVariables><StudyName>肺结节研究</StudyName>
</GlobalVariables><BasicDefinitions><MeasurementUnit OID="MU.MM" Name="mm"><Symbol><TranslatedText>mm</TranslatedText>
</Symbol></MeasurementUnit></BasicDefinitions><MetaDataVersion OID="V" Name="v">
<FormDef OID="F.BASE" Name="Baseline" Repeating="No"><ItemGroupRef ItemGroupOID="IG.A" Mandatory="Yes"/>
<ItemGroupRef ItemGroupOID="IG.L" Mandatory="No"/></FormDef>
<ItemGroupDef OID="IG.A" Name="Person" Repeating="No"><ItemRef ItemOID="I.SEX" Mandatory="Yes"/>
<ItemRef ItemOID="I.BORN" Mandatory="No" MethodOID="M.1"/></ItemGroupDef>
<ItemGroupDef OID="IG.L" Name="Lesions" Repeating="Yes"><ItemRef ItemOID="I.SIZE" Mandatory="No"/></ItemGroupDef>
<ItemDef OID="I.SEX" Name="SEX" DataType="text" Length="1"><Question><TranslatedText xml:lang="en">Sex</TranslatedText>
<TranslatedText xml:lang="zh">性别</TranslatedText></Question><CodeListRef CodeListOID="CL.SEX"/></ItemDef>
<ItemDef OID="I.BORN" Name="BORN" DataType="date"/>
<ItemDef OID="I.SIZE" Name="SIZE" DataType="float" SignificantDigits="1">
<MeasurementUnitRef MeasurementUnitOID="MU.MM"/><RangeCheck Comparator="GE"><CheckValue>0</CheckValue></RangeCheck></ItemDef>
<CodeList OID="CL.SEX" Name="Sex" DataType="text">
<CodeListItem CodedValue="M"><Decode><TranslatedText>Male</TranslatedText></Decode></CodeListItem>
<CodeListItem CodedValue="F"><Decode><TranslatedText>Female</TranslatedText></Decode></CodeListItem></CodeList>
</MetaDataVersion></Study></ODM>"""


def read(name: str, content: str | bytes) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return read_definition([SourceFile(name, data)])


def fields(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{kind['code']}.{item['code']}": item for kind in document["record_types"] for item in kind["fields"]
    }


def test_odm_items_become_fields_and_repeating_groups_record_types() -> None:
    found = read("study.xml", ODM)
    made = fields(found.document)

    assert found.document["code"] == "database" or found.document["label"]["zh"] == "肺结节研究"
    assert made["patient.sex"]["label"] == {"zh": "性别", "en": "Sex"}
    assert (made["patient.sex"]["type"], made["patient.sex"]["required"]) == ("choice", True)
    assert made["patient.born"]["type"] == "date"
    size = made["l.size"]
    assert (size["type"], size["options"], size["unit"], size["minimum"]) == (
        "decimal",
        {"scale": 1},
        "mm",
        0,
    )
    assert next(kind for kind in found.document["record_types"] if kind["code"] == "l")["repeats"]
    [choices] = [item["choices"] for item in found.document["value_sets"].values()]
    assert [item["code"] for item in choices] == ["M", "F"]
    assert any("MethodOID" in item["what"]["en"] for item in found.report["not_carried"])
    assert validate_document(found.document) == []


def test_an_odm_file_without_items_says_so() -> None:
    with pytest.raises(HeaderWrong, match="nothing to carry over"):
        read("study.xml", '<ODM xmlns="http://www.cdisc.org/ns/odm/v2.0"><Study OID="S"/></ODM>')


TYPES = [
    "string",
    "long_text",
    "integer",
    "decimal",
    "float",
    "boolean",
    "date",
    "datetime",
    "time",
    "choice",
]
WORDS = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=8)


@st.composite
def a_field(draw: st.DrawFn, number: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(TYPES))
    made: dict[str, Any] = {
        "code": f"f{number}",
        "type": kind,
        "label": {"zh": f"字{draw(WORDS)}", "en": draw(WORDS)},
    }
    if kind == "decimal":
        made["options"] = {"scale": draw(st.integers(1, 4))}
    if kind in ("integer", "decimal", "float"):
        made |= {"unit": draw(st.sampled_from(["mm", "µmol/L", "%"]))} if draw(st.booleans()) else {}
        made |= {"minimum": draw(st.integers(-9, 9))} if draw(st.booleans()) else {}
    if kind == "choice":
        made["value_set"] = "grades"
    return made | ({"required": True} if draw(st.booleans()) else {})


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(["odm", "odm2"]))
def test_a_definition_survives_odm_both_ways(data: st.DataObject, format: str) -> None:
    key = {"code": "record_id", "type": "string", "label": {"zh": "编号", "en": "No"}, "required": True}
    own = [data.draw(a_field(n)) for n in range(3)]
    below = [data.draw(a_field(n)) for n in range(3, 6)]
    choices = [{"code": code, "label": {"zh": f"级{code}", "en": ""}} for code in ("1", "b")]
    document = {
        "kind": "database", "code": "lung", "label": {"zh": "肺", "en": ""},
        "value_sets": {"grades": {"label": {"zh": "分级", "en": ""}, "choices": choices}},
        "record_types": [
            {"code": "patient", "label": {"zh": "患者", "en": ""}, "parent": None, "key": "record_id", "fields": [key, *own]},
            {"code": "exam", "label": {"zh": "检查", "en": ""}, "parent": "patient", "repeats": True, "fields": below},
        ],
    }  # fmt: skip

    again = read("lung.xml", write_definition(document, format).content).document

    assert [(kind["code"], kind["repeats"], kind.get("key")) for kind in again["record_types"]] == [
        ("patient", False, "record_id"), ("exam", True, None),
    ]  # fmt: skip
    kept = ("code", "type", "label", "unit", "required", "minimum", "value_set")
    for before, after in zip([key, *own, *below], fields(again).values(), strict=True):
        wanted = {name: before[name] for name in kept if name in before}
        found = {name: after[name] for name in kept if name in after}
        assert ("value_set" in found) == ("value_set" in wanted)
        assert found | {"value_set": ""} == wanted | {"value_set": ""}
        assert before["type"] != "decimal" or after["options"] == before["options"]
    assert all(item["choices"] == choices for item in again["value_sets"].values())


def test_what_odm_has_no_place_for_is_reported() -> None:
    document = a_database("lung").with_field("name", identifying=True, masking="name").with_field(
        "signs", "multi_choice", choices=("a", "b")).document  # fmt: skip

    exported = write_definition(document, "odm")

    told = {(item["where"], item["what"]["en"]) for item in exported.report["not_carried"]}
    assert {("patient.name", "its masking"), ("patient.signs", "a multiple choice")} <= told
    assert fields(read("a.xml", exported.content).document)["patient.signs___a"]["type"] == "boolean"


def test_the_json_schema_takes_what_a_record_may_hold_and_no_more() -> None:
    document = (
        a_database("lung").with_field("record_id", required=True).with_field("age", "integer", minimum=0)
        .with_field("sex", "choice", choices=("1", "2")).with_key("record_id")
        .with_record_type("exam", repeats=True).with_field("size", "decimal", on="exam").document
    )  # fmt: skip
    schema = json.loads(write_definition(document, "jsonschema").content)
    check = Draft202012Validator(schema).is_valid

    Draft202012Validator.check_schema(schema)
    assert check({"record_id": "1", "age": 3, "sex": "2", "exam": [{"size": 1.5, "repeat_key": 1}]})
    assert check({"record_id": "1", "age": None})
    for wrong in (
        {},
        {"record_id": "1", "age": -1},
        {"record_id": "1", "sex": "3"},
        {"record_id": "1", "x": 1},
    ):
        assert not check(wrong)


QUESTIONNAIRE: dict[str, Any] = {
    "resourceType": "Questionnaire", "title": "Smoking",
    "item": [
        {"linkId": "g", "type": "group", "text": "Habits", "item": [
            {"linkId": "smokes", "type": "boolean", "text": "Smokes?", "required": True},
            {"linkId": "packs", "type": "decimal", "text": "Packs a day",
             "enableWhen": [{"question": "smokes", "operator": "=", "answerBoolean": True}],
             "extension": [{"url": "http://x/questionnaire-unit", "valueCoding": {"code": "1/d"}}]},
            {"linkId": "kinds", "type": "choice", "text": "Kinds", "repeats": True,
             "answerOption": [{"valueCoding": {"code": "c", "display": "Cigarette"}}, {"valueString": "Pipe"}]},
            {"linkId": "later", "type": "choice", "text": "Other", "answerValueSet": "http://x/vs"},
            {"linkId": "secret", "type": "string", "text": "X", "initial": [{"valueString": "1"}]},
        ]},
    ],
}  # fmt: skip


def test_fhir_groups_choices_units_and_conditions_are_carried() -> None:
    found = read("q.json", json.dumps(QUESTIONNAIRE))
    made = fields(found.document)

    assert made["patient.smokes"]["type"] == "boolean" and made["patient.smokes"]["required"]
    assert made["patient.packs"]["unit"] == "1/d"
    assert made["patient.packs"]["shown_if"] == "[smokes] = true"
    assert made["patient.kinds"]["type"] == "multi_choice"
    assert made["patient.later"]["type"] == "string"
    told = {(item["where"], item["what"]["en"]) for item in found.report["not_carried"]}
    assert {("q.json later", "a value set"), ("q.json secret", "its initial")} <= told
    assert validate_document(found.document) == []


FORM: dict[str, Any] = {
    "title": "Visit", "components": [
        {"type": "panel", "title": "Basics", "components": [
            {"type": "number", "key": "age", "label": "Age", "validate": {"required": True, "min": 0, "max": 120}},
            {"type": "select", "key": "side", "label": "Side", "data": {"values": [
                {"value": "l", "label": "Left"}, {"value": "r", "label": "Right"}]}},
            {"type": "textfield", "key": "why", "label": "Why", "customConditional": "show = data.age > 3",
             "conditional": {"show": True, "when": "side", "eq": "l"}},
        ]},
        {"type": "datagrid", "key": "drugs", "label": "Drugs", "components": [
            {"type": "textfield", "key": "drug", "label": "Drug"}]},
        {"type": "button", "key": "submit", "label": "Submit"},
    ],
}  # fmt: skip


def test_formio_components_rows_and_conditions_are_carried_and_scripts_listed() -> None:
    found = read("form.json", json.dumps(FORM))
    made = fields(found.document)

    assert (made["patient.age"]["minimum"], made["patient.age"]["maximum"]) == (0, 120)
    assert made["patient.side"]["type"] == "choice"
    assert made["patient.why"]["shown_if"] == "[side] = 'l'"
    assert made["drugs.drug"]["type"] == "string"
    [script] = [item for item in found.report["not_carried"] if "customConditional" in item["what"]["en"]]
    assert script["text"] == "show = data.age > 3"
    assert validate_document(found.document) == []


def test_json_that_is_no_form_is_refused_with_its_reason() -> None:
    with pytest.raises(HeaderWrong, match="neither a FHIR Questionnaire nor a Form"):
        read("data.json", '{"firstName": "A"}')
    with pytest.raises(MalformedJson, match="line 1"):
        read("data.json", "{")
    with pytest.raises(ExchangeError):
        read("deep.json", "[" * 100_000)


def test_deep_nesting_is_refused_not_followed() -> None:
    deep: dict[str, Any] = {"type": "panel", "components": [{"type": "textfield", "key": "a"}]}
    for _ in range(200):
        deep = {"type": "panel", "components": [deep]}
    with pytest.raises(HeaderWrong, match="nested too deep"):
        read("form.json", json.dumps({"components": [deep]}))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "item", "linkId", "components", "key", "text", "values", "data", "enableWhen",
                         "answerOption", "extension", "validate", "columns", "rows", "questions", "conditional"]),
        inner | st.sampled_from(["group", "choice", "panel", "datagrid", "survey", "textfield", "string"]), max_size=5,
    ), max_leaves=20,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(_JSON, st.booleans())
def test_any_json_is_read_or_refused_never_a_crash(found: Any, fhir: bool) -> None:
    content = {"resourceType": "Questionnaire", "item": found} if fhir else {"components": found}
    try:
        read("a.json", json.dumps(content))
    except ExchangeError as error:
        assert error.message("zh") and error.message("en")


KINDS = {"cdisc-odm": ".xml", "fhir-smart-forms": ".json", "formio": ".json"}


@pytest.mark.realdata
@pytest.mark.parametrize("kind", KINDS)
def test_every_real_form_imports_or_says_that_it_holds_nothing(real_data: Path, kind: str) -> None:
    imported = 0
    folder = real_data / "16-registry-forms"
    for path in sorted((folder / kind).rglob(f"*{KINDS[kind]}")):
        file = SourceFile(str(path.relative_to(folder)), path)
        try:
            found = read_definition([file])
        except HeaderWrong as error:
            assert "nothing to carry over" in str(error), file.name
            continue
        except UnsafeXml:
            assert "<!ENTITY" in file.text(), file.name
            continue
        assert errors_of(validate_document(found.document)) == [], file.name
        assert len(fields(found.document)) > 1, file.name
        imported += 1
    assert imported >= {"cdisc-odm": 7, "fhir-smart-forms": 12, "formio": 4}[kind]
