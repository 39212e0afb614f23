"""What becomes of a rule's result: the stored value, and nothing where there is none to store."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from metamodel.records.rules import RuleStopped, compile_rules
from rules_dsl import Context
from tests.metamodel.catalogue.published import compiled
from tests.metamodel.live import a_document, a_field, a_type

NOW = Context(datetime(2026, 3, 5, 14, 20))


def calculated(kind: str, calculation: str, record: dict[str, Any], **options: int) -> Any:
    result = a_field("result", kind, calculation=calculation, options=options)
    database = compiled(a_document("sums", a_type("patient", a_field("n", "float"), result, key=None)))
    (rule,) = compile_rules(database.record_type("patient"), database).calculations
    return rule.cast(rule.rule(record, NOW))


@pytest.mark.parametrize(
    ("kind", "n", "stored"),
    [
        ("decimal", 2.5, Decimal("2.50")),
        ("decimal", 9e16, Decimal("9e16").quantize(Decimal("0.01"))),
        ("decimal", 1e17, None),
        ("decimal", -1e27, None),
        ("integer", 9e18, 9_000_000_000_000_000_000),
        ("integer", 1e19, None),
        ("integer", -1e300, None),
    ],
)
def test_a_result_beyond_what_is_stored_is_missing(kind: str, n: float, stored: Any) -> None:
    options = {"scale": 2} if kind == "decimal" else {}
    assert calculated(kind, "[n]", {"n": n}, **options) == stored


def test_a_rule_that_asks_too_much_of_related_records_is_stopped_in_words() -> None:
    nested = "count([visit], any([patient.visit], any([patient.visit], [load] > [n])))"
    root = a_type(
        "patient", a_field("n", "float"), a_field("result", "integer", calculation=nested), key=None
    )
    visit = a_type("visit", a_field("load", "float"), parent="patient", repeats=True)
    database = compiled(a_document("sums", root, visit))
    (rule,) = compile_rules(database.record_type("patient"), database).calculations
    visits: list[dict[str, Any]] = [{"load": 0.0} for _ in range(2_000)]

    with pytest.raises(RuleStopped) as stopped:
        rule.rule({"n": 1.0, "visit": visits, "patient.visit": visits}, NOW)

    assert nested in stopped.value.message("en")
    assert "20000000 步" in stopped.value.message("zh")
