"""ISARIC's library: a layout of its own, value lists beside it."""

import pytest

from metamodel.definitions import errors_of, validate_document
from metamodel.exchange import SourceFile, read_definition
from metamodel.exchange.errors import HeaderWrong

HEADER = (
    "Form,Section,Variable,Type,Question,Answer Options,Validation,Minimum,Maximum,List,Skip Logic,"
    "Body System,Definition,Standardized Term Codelist,Standardized Term Code,Identifier\n"
)
ARC = HEADER + (
    "presentation,,subjid,text,Number,,,,,,,,,,,\n"
    "presentation,BIRTH,birth,date_dmy,Date of birth,,date_dmy,,today,,,,,SNOMED,\"184099003, Birth\",1\n"
    "presentation,BIRTH,weight_units,radio,Weight (units),\"1, kg | 2, lb\",units,,,,,,,,,\n"
    "presentation,BIRTH,weight_kg,number,Weight (kg),,number,0,300,,,General,,,,\n"
    "daily,DAY,drug,user_list,Drug,,,,,drugs_Kinds,,,,,,\n"
    "daily,DAY,drugs,multi_list,Drugs,,,,,drugs_Kinds,,,,,,\n"
    "daily,DAY,others,list,Others,\"1, Yes | 0, No\",,,,drugs_Kinds,,,,,,\n"
    "daily,DAY,gone,user_list,Gone,,,,,drugs_Gone,,,,,,\n"
    "outcome,END,note,descriptive,Think twice,,,,,,,,,,,\n"
    "outcome,END,alive,radio,Alive,\"1, Yes | 0, No\",,,,,,,,,,\n"
    "medication,ONE (one form per drug),dose,number,Dose,,number,,,,,,,,,\n"
    "photos,PHOTO,photo,file,Photo,,,,,,,,,,,\n"
    "photos,PHOTO,photo_note,notes,Note,,,,,,,,,,,\n"
)  # fmt: skip
DETAILS = (
    "Paper-like section,Text\n"
    "OUTCOME FORM, ALWAYS complete at discharge\n"
    "OUTCOME FORM,Timing /Events: Discharge\n"
    "DAILY FORM, ALWAYS complete on the first day\n"
    "DAILY FORM,Timing /Events: Admission | Every day (optional)\n"
)
KINDS = "Drugs,Code,Library,Value\nAspirin,N02BA01,ATC,1\nOther,,,88\nUnnamed,,,\nAgain,,,1\n"


@pytest.fixture
def library():
    return read_definition(
        [
            SourceFile("ARC.csv", ARC.encode("utf-8-sig")),
            SourceFile("paper_like_details.csv", DETAILS.encode()),
            SourceFile("Lists/drugs/Kinds.csv", KINDS.encode("utf-8-sig")),
        ]
    )


def fields(library):
    return {
        item["code"]: item
        for record_type in library.document["record_types"]
        for item in record_type["fields"]
    }


def test_forms_completed_always_and_once_are_the_root_all_others_repeat(library):
    assert [(item["code"], item["repeats"]) for item in library.document["record_types"]] == [
        ("patient", False),
        ("daily", True),
        ("medication", True),
        ("photos", True),
    ]
    assert [form["record_type"] for form in library.document["forms"]] == [
        "patient", "daily", "patient", "medication", "photos",
    ]  # fmt: skip
    understood = [item["en"] for item in library.report["understood"]]
    assert "form daily: repeats, since it has several timings: Admission | Every day (optional)" in understood
    assert "form outcome: once: it is always completed, at: Discharge" in understood
    assert [item["what"]["en"] for item in library.report["unknown"]][-1] == "how often form photos is filled"
    assert errors_of(validate_document(library.document)) == []


def test_values_come_from_the_lists(library):
    found = fields(library)

    assert (found["drug"]["type"], found["drug"]["value_set"]) == ("choice", "drugs_kinds")
    assert (found["drugs"]["type"], found["drugs"]["value_set"]) == ("multi_choice", "drugs_kinds")
    choices = library.document["value_sets"]["drugs_kinds"]["choices"]
    assert [(item["code"], item["label"]["en"]) for item in choices] == [("1", "Aspirin"), ("88", "Other")]


def test_a_list_question_asks_whether_and_which(library):
    found = fields(library)

    assert found["others"]["type"] == "choice"
    assert (found["others_items"]["type"], found["others_items"]["value_set"]) == (
        "multi_choice",
        "drugs_kinds",
    )
    assert library.report["counts"]["branching rules"] == 0


def test_bounds_units_terms_and_identifiers_are_kept(library):
    found = fields(library)

    assert found["birth"]["maximum"] == "today"
    assert found["birth"]["identifying"] is True
    assert found["birth"]["element"]["identifier"] == "SNOMED 184099003, Birth"
    assert (found["weight_kg"]["unit"], found["weight_kg"]["maximum"]) == ("kg", 300)


def test_what_is_not_carried_is_listed(library):
    what = {(item["what"]["en"], item["text"]) for item in library.report["not_carried"]}

    assert ("value list", "drugs_Gone") in what
    assert ("a file variable", "Photo") in what
    assert ("an entry of a value list", "Unnamed") in what
    assert ("a repeated entry of a value list", "1, Again") in what
    assert ("column “Body System” (1 rows have a value)", "") in what


def test_a_library_without_its_columns_is_refused():
    with pytest.raises(HeaderWrong, match="it lacks Skip Logic"):
        read_definition([SourceFile("ARC.csv", b"Form,Variable,Type,Question,Answer Options\n")])
