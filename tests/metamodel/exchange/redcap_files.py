"""Small REDCap files for tests."""

import csv
import io

from metamodel.exchange import SourceFile
from metamodel.exchange.redcap.dictionary import COLUMNS

PROPERTIES = (
    "name", "form", "section", "kind", "label", "choices", "note", "validation", "minimum", "maximum",
    "identifier", "branching", "required", "alignment", "question_number", "matrix_group",
    "matrix_ranking", "annotation",
)  # fmt: skip


def variable(name, kind="text", form="main", **more):
    """A row of a dictionary, by property."""
    return {"name": name, "kind": kind, "form": form, "label": name} | more


def dictionary(*rows, name="dictionary.csv", encoding="utf-8"):
    """A dictionary whose first variable is the record id."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    for row in (variable("record_id"), *rows):
        lines.writerow([row.get(key, "") for key in PROPERTIES])
    return SourceFile(name, out.getvalue().encode(encoding))


PROJECT = """<?xml version="1.0" encoding="UTF-8"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:redcap="https://projectredcap.org" ODMVersion="1.3.1">
<Study OID="Project.Trial">
<GlobalVariables><StudyName>Trial</StudyName>{repeats}</GlobalVariables>
<MetaDataVersion OID="M" Name="Trial" redcap:RecordIdField="record_id">
{events}{forms}{items}
</MetaDataVersion>
</Study>
</ODM>
"""


def project(forms, events=None, repeating=(), repeating_events=(), items=None):
    """A project.xml: `forms` {form: variables}, `events` {event: forms}, `repeating` (event, form) pairs."""
    repeats = "".join(
        f'<redcap:RepeatingInstrument redcap:UniqueEventName="{event}" redcap:RepeatInstrument="{form}"/>'
        for event, form in repeating
    ) + "".join(f'<redcap:RepeatingEvent redcap:UniqueEventName="{event}"/>' for event in repeating_events)
    text = PROJECT.format(
        repeats=f"<redcap:RepeatingInstrumentsAndEvents>{repeats}</redcap:RepeatingInstrumentsAndEvents>",
        events="".join(_event(code, members, n) for n, (code, members) in enumerate((events or {}).items())),
        forms="".join(_form(form, names) for form, names in forms.items()),
        items="".join(_item(name, (items or {}).get(name, "")) for names in forms.values() for name in names),
    )
    return SourceFile("project.xml", text.encode())


def _event(code, forms, number):
    arm = code.rpartition("_arm_")[2]
    references = "".join(f'<FormRef FormOID="Form.{form}" redcap:FormName="{form}"/>' for form in forms)
    return (
        f'<StudyEventDef OID="Event.{code}" Name="{code}" Repeating="No" redcap:EventName="Event {number}"'
        f' redcap:UniqueEventName="{code}" redcap:ArmName="Arm {arm}">{references}</StudyEventDef>'
    )


def _form(form, names):
    references = "".join(f'<ItemRef ItemOID="{name}" redcap:Variable="{name}"/>' for name in names)
    return (
        f'<FormDef OID="Form.{form}" Name="{form.title()}" Repeating="No" redcap:FormName="{form}">'
        f'<ItemGroupRef ItemGroupOID="{form}.g"/></FormDef>'
        f'<ItemGroupDef OID="{form}.g" Name="" Repeating="No">{references}</ItemGroupDef>'
    )


def _item(name, attributes):
    return (
        f'<ItemDef OID="{name}" Name="{name}" DataType="text" redcap:Variable="{name}"'
        f" {attributes or 'redcap:FieldType=' + chr(34) + 'text' + chr(34)}>"
        f"<Question><TranslatedText>{name}</TranslatedText></Question></ItemDef>"
    )
