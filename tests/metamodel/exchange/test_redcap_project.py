"""A REDCap project.xml: it alone knows events and repeats."""

import pytest

from metamodel.definitions import errors_of, validate_document
from metamodel.exchange import SourceFile, read_definition
from metamodel.exchange.errors import HeaderWrong, MalformedXml, UnsafeXml
from tests.metamodel.exchange.redcap_files import dictionary, project


def types(*args, **more):
    document = read_definition([project(*args, **more)]).document
    assert errors_of(validate_document(document)) == []
    return [
        (item["code"], [field["code"] for field in item["fields"]], item.get("events", []), item["repeats"])
        for item in document["record_types"]
    ]


def test_instruments_filled_once_are_one_record_type():
    assert types({"demo": ["record_id", "sex"], "history": ["smoker"]}) == [
        ("patient", ["record_id", "sex", "smoker"], [], False)
    ]


def test_a_repeating_instrument_is_a_record_type():
    assert types({"demo": ["record_id"], "visit": ["weight"]}, repeating=[("", "visit")]) == [
        ("patient", ["record_id"], [], False),
        ("visit", ["weight"], [], True),
    ]


def test_instruments_of_the_same_events_are_one_record_type():
    forms = {"demo": ["record_id", "sex"], "labs": ["crea"], "vitals": ["pulse"], "end": ["outcome"]}
    events = {
        "base_arm_1": ["demo"],
        "v1_arm_1": ["labs", "vitals"],
        "v2_arm_1": ["labs", "vitals"],
        "end_arm_1": ["end"],
    }

    assert types(forms, events) == [
        ("patient", ["record_id", "sex", "outcome"], [], False),
        ("labs", ["crea", "pulse"], ["v1_arm_1", "v2_arm_1"], False),
    ]


def test_an_instrument_of_one_event_in_each_arm_keeps_the_arm():
    forms = {"demo": ["record_id", "sex"]}
    events = {"base_arm_1": ["demo"], "base_arm_2": ["demo"]}

    assert types(forms, events) == [
        ("patient", ["record_id"], [], False),
        ("demo", ["sex"], ["base_arm_1", "base_arm_2"], False),
    ]


def test_instruments_of_a_repeating_event_repeat_together():
    forms = {"demo": ["record_id"], "labs": ["crea"], "vitals": ["pulse"], "drug": ["dose"]}
    events = {"base_arm_1": ["demo"], "visit_arm_1": ["labs", "vitals", "drug"]}

    assert types(forms, events, repeating=[("visit_arm_1", "drug")], repeating_events=["visit_arm_1"]) == [
        ("patient", ["record_id"], [], False),
        ("labs", ["crea", "pulse"], ["visit_arm_1"], True),
        ("drug", ["dose"], ["visit_arm_1"], True),
    ]


def test_form_status_items_are_no_fields():
    result = read_definition([project({"demo": ["record_id", "demo_complete"]})])

    assert [item["what"]["en"] for item in result.report["not_carried"]] == ["form status"]
    assert result.report["counts"]["variables"] == 1


def test_a_checkbox_is_one_field_though_it_has_an_item_for_each_choice():
    attributes = 'redcap:FieldType="checkbox"><CodeListRef CodeListOID="c"/><x/'
    text = project({"demo": ["record_id", "gym___0"]}, items={"gym___0": attributes}).data().decode()
    text = text.replace('redcap:Variable="gym___0"', 'redcap:Variable="gym"').replace(
        "</MetaDataVersion>",
        '<CodeList OID="c" Name="c" redcap:CheckboxChoices="0, Monday | 1, Tuesday"/></MetaDataVersion>',
    )

    document = read_definition([SourceFile("project.xml", text.encode())]).document

    (_, gym) = document["record_types"][0]["fields"]
    assert (gym["code"], gym["type"]) == ("gym", "multi_choice")
    assert [item["code"] for item in document["value_sets"]["gym"]["choices"]] == ["0", "1"]


def test_the_project_decides_when_the_dictionary_comes_with_it():
    result = read_definition([dictionary(), project({"demo": ["record_id", "sex"]})])

    assert result.report["format"] == "redcap-xml"
    assert result.report["not_carried"][0]["where"] == "dictionary.csv"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"<ODM><Study>", MalformedXml),
        (b"<html/>", HeaderWrong),
        (b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><ODM/>', HeaderWrong),  # passed over
        (b'<!DOCTYPE x [<!ENTITY a "b">]><ODM>&a;</ODM>', UnsafeXml),
        (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><ODM>&a;</ODM>', UnsafeXml),
    ],
)
def test_unsafe_or_broken_xml_is_refused(content, error):
    with pytest.raises(error):
        read_definition([SourceFile("project.xml", content)])
