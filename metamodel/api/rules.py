"""Rules: is this text one, and of what type?"""

from __future__ import annotations

from typing import Any

from metamodel.api.schemas import CODE, EXPRESSION, FLAG
from metamodel.api.shared import VIEW, live_type
from metamodel.catalogue import catalogue_of
from metamodel.catalogue.reach import ReachTypes, Surroundings
from rules_dsl import RuleError, check, parse
from zhenshu.errors import NotFound
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import TEXT, object_of

WRONG = object_of(
    {
        "code": TEXT,
        "line": {"type": "integer"},
        "column": {"type": "integer"},
        "caret": TEXT,
        "suggestion": TEXT,
        "suggestion_zh": TEXT,
        "zh": TEXT,
        "en": TEXT,
    }
)


class Rules(Api):
    @endpoint(
        "POST", "/rules/check",
        summary={"zh": "检查规则", "en": "Whether a text is a rule over a record type, and what it gives."},
        needs=VIEW,
        body=object_of({"expression": EXPRESSION, "database": CODE, "record_type": CODE}),
        returns={200: object_of({"ok": FLAG, "type": TEXT, "error": WRONG}, ["ok"])},
        errors=[NotFound],
    )  # fmt: skip
    def check(self) -> dict[str, Any]:
        body = self.body
        with self.read() as uow:
            kind = live_type(uow, body["database"], body["record_type"])
            database = catalogue_of(uow).database(body["database"])
        try:
            found = check(parse(body["expression"]), ReachTypes(Surroundings(kind, database)))
        except RuleError as error:
            return {"ok": False, "error": _described(error)}
        return {"ok": True, "type": found.name.lower()}


def _described(error: RuleError) -> dict[str, Any]:
    return {
        "code": type(error).__name__,
        "line": error.line,
        "column": error.column,
        "caret": error.caret(),
        "suggestion": error.suggestion,
        "suggestion_zh": error.suggestion_zh,
        "zh": error.message("zh"),
        "en": error.message("en"),
    }
