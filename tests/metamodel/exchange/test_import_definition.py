"""From a file to a draft."""

import pytest
from sqlalchemy import select

from metamodel.definitions import DefinitionInvalid, load_draft
from metamodel.exchange import SourceFile, import_definition
from metamodel.exchange.errors import ExchangeError
from metamodel.tables import definition_import
from tests.metamodel.exchange.moving import Mover
from tests.metamodel.exchange.redcap_files import dictionary, variable
from zhenshu.security.policy import Channel, Denied
from zhenshu.security.subject import SYSTEM, Subject


def ids(draft):
    return {field["code"]: field["id"] for field in draft.document["record_types"][0]["fields"]}


def test_an_import_makes_a_draft_and_keeps_its_report(mover: Mover) -> None:
    with mover.instance.write(SYSTEM, Channel.API) as uow:
        draft, report = import_definition(uow, [dictionary(variable("scan", "file"))], "lung", "肺结节")

    assert (draft.code, draft.document["label"]["zh"]) == ("lung", "肺结节")
    with mover.instance.read(SYSTEM, Channel.API) as uow:
        row = uow.conn.execute(select(definition_import)).one()
        assert load_draft(uow, "database", "lung").document == draft.document
    assert (row.format, row.report, row.files[0]["name"]) == ("redcap-csv", report, "dictionary.csv")
    assert len(row.files[0]["sha256"]) == 64


def test_a_second_import_keeps_the_ids_of_what_was_there(mover: Mover) -> None:
    with mover.instance.write(SYSTEM, Channel.API) as uow:
        first, _ = import_definition(uow, [dictionary(variable("age"))], "lung")
    with mover.instance.write(SYSTEM, Channel.API) as uow:
        second, _ = import_definition(uow, [dictionary(variable("sex"), variable("age"))], "lung")

    assert ids(second)["age"] == ids(first)["age"]
    assert second.version == first.version + 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("kind: database\ncode: lung\nrecord_types: []\n", DefinitionInvalid),
        ("kind: recipe\n", ExchangeError),
        ("code: lung\n", ExchangeError),
    ],
)
def test_yaml_that_is_no_definition_is_refused(mover: Mover, text: str, error: type[Exception]) -> None:
    with pytest.raises(error), mover.instance.write(SYSTEM, Channel.API) as uow:
        import_definition(uow, [SourceFile("a.yaml", text.encode())])


def test_only_a_designer_imports(mover: Mover) -> None:
    reader = Subject(5, "li", permissions=frozenset({("view", "databases")}))

    with pytest.raises(Denied), mover.instance.write(reader, Channel.API) as uow:
        import_definition(uow, [dictionary()], "lung")
