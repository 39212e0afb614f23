"""Makes the reference of the disease databases: `python docs/reference/disease_databases.py > FILE`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from metamodel.room import SEEDS
from metamodel.seeded_filters import shipped_filters
from metamodel.shipped import Shipped
from modules.research.demo.population import DISEASES

Document = Mapping[str, Any]

HEAD = """\
# Disease databases

<!-- Made by `python docs/reference/disease_databases.py`; a test notices lag. -->

The databases that ship, as `zhenshu init` plants them. They are definitions like any other: copy them,
change them, throw them away. Most fields are data elements of [field
libraries](definition-format.md#the-short-form); what is worked out (scores, expected categories) is
calculated from them, and a category that does not fit what else was entered is a warning.

Choices that a guideline defines have its name and edition under *source*; where a definition of a category
is not given here, the guideline's own text holds. Names and birth dates, identity and hospital numbers,
telephones and addresses are identifying: encrypted, and masked for whoever may not see them.

**Upgrades.** A later version of the platform may ship other definitions. `zhenshu init` merges them: what
you changed stays; what both changed stays as you have it and is listed, on the command line and under the
database's imports; no field and no record is taken away. A database with a draft that somebody is working
on waits until the draft is published or thrown away. What would refuse records that are stored waits for
approval as any plan.

**Synthetic patients.** `zhenshu init --demo` adds 2,000 with lung nodules and 60 to each other database;
`zhenshu demo fill --patients 20000 --seed 1` adds any number over all of them, one person in eight to two
databases, linked in the patient index. The same seed makes the same persons; all are invented. Outside lung
nodules one report in a hundred is late and one category in a hundred wrong, for quality rules to find.

"""


def page() -> str:
    """The page as Markdown."""
    shipped = Shipped(SEEDS)
    filters = {item["database"]: item["filters"] for item in shipped_filters(SEEDS)}
    told = {each.code: sys.modules[each.case.__module__].__doc__ or "" for each in DISEASES}
    documents = [item for item in shipped.documents() if item["kind"] == "database" and item["code"] in told]
    return HEAD + "\n".join(
        "\n".join(_database(item, filters[item["code"]], told[item["code"]])) + "\n" for item in documents
    )


def _database(document: Document, filters: list[Document], told: str) -> Iterator[str]:
    code, types = document["code"], document["record_types"]
    fields = sum(len(item["fields"]) for item in types)
    borrowed = sum("library" in part.get("element", {}) for item in types for part in item["fields"])
    yield f"## `{code}` {_both(document['label'])}\n"
    yield f"{document['description']['en']}. {document['description']['zh']}。"
    yield f"{fields} fields, {borrowed} of them from libraries.\n"
    yield "| record type | | below | fields |\n| --- | --- | --- | --- |"
    for item in types:
        below = f"`{item['parent']}`" if item["parent"] else ""
        yield f"| `{item['code']}` | {_both(item['label'])} | {below} | {len(item['fields'])} |"
    yield "\n| calculated | | how |\n| --- | --- | --- |"
    for item in types:
        for part in item["fields"]:
            if part["type"] == "calculated":
                how = part.get("help", {}).get("en") or f"`{' '.join(part['calculation'].split())}`"
                yield f"| `{item['code']}.{part['code']}` | {_both(part['label'])} | {_cell(how)} |"
    yield "\n| value set | | source | codes |\n| --- | --- | --- | --- |"
    for name, value_set in document["value_sets"].items():
        source = " ".join(value_set.get(key, "") for key in ("standard", "version")).strip()
        codes = [choice["code"] for choice in value_set["choices"]]
        listed = ", ".join(codes) if len(codes) <= 20 else f"{len(codes)} codes"
        yield f"| `{name}` | {_both(value_set['label'])} | {source} | {listed} |"
    yield "\n| saved filter | of | rule |\n| --- | --- | --- |"
    for item in filters:
        yield f"| {item['name']} | `{item['record_type']}` | `{_cell(item['where'])}` |"
    yield f"\nSynthetic patients: {_sentence(told)}"


def _both(label: Mapping[str, str]) -> str:
    return f"{label['zh']} · {label['en']}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _sentence(doc: str) -> str:
    return " ".join(doc.split())


if __name__ == "__main__":
    print(page(), end="")
