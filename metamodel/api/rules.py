"""Rules: is this text one, of what type, and what is its tree? Which text has a tree?"""

from __future__ import annotations

from typing import Any

from metamodel.api.drafts import DRAFT_PROBLEM
from metamodel.api.schemas import CODE, EXPRESSION, FLAG, OBJECT
from metamodel.api.shared import VIEW, live_type
from metamodel.catalogue import catalogue_of
from metamodel.catalogue.reach import ReachTypes, Surroundings
from metamodel.definitions import (
    RULES,
    DraftedRule,
    EditRefused,
    check_in_draft,
    errors_of,
    load_draft,
)
from rules_dsl import RuleError, Tree, check, format, parse
from zhenshu.errors import Invalid, NotFound
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import TEXT, list_of, object_of

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
OVER_TYPE = object_of({"expression": EXPRESSION, "database": CODE, "record_type": CODE})
IN_DRAFT = object_of(
    {
        **OVER_TYPE["properties"],
        "draft": {"type": "boolean", "description": "Over the draft, which may never have been published"},
        "field": CODE,
        "rule": {"enum": list(RULES), "description": "As which rule of the field it will stand"},
    },
    OVER_TYPE["required"],
)
MOST_TREES = 100  # printed by one request


class TreeWrong(Invalid):
    """No text can be given for tree number {number}: {en} Nothing was changed."""

    zh = "第 {number} 个规则树无法写成文本：{zh} 未作任何修改。"

    def details(self) -> dict[str, Any]:
        return {"number": self.values["number"]}


class Rules(Api):
    @endpoint(
        "POST", "/rules/check",
        summary={"zh": "检查规则", "en": "Whether a text is a rule over a record type, and what it gives."},
        needs=VIEW,
        body=IN_DRAFT,
        returns={
            200: object_of(
                {"ok": FLAG, "type": TEXT, "error": WRONG, "problems": list_of(DRAFT_PROBLEM)}, ["ok"]
            )
        },
        errors=[NotFound, EditRefused],
    )  # fmt: skip
    def check(self) -> dict[str, Any]:
        if self.body.get("draft"):
            return self._checked_in_draft()
        types = self._types()
        try:
            found = check(parse(self.body["expression"]), types)
        except RuleError as error:
            return {"ok": False, "error": _described(error)}
        return {"ok": True, "type": found.name.lower()}

    @endpoint(
        "POST", "/rules/parse",
        summary={"zh": "规则的语法树", "en": "The tree of a rule over a record type, if it is one."},
        needs=VIEW,
        body=OVER_TYPE,
        returns={200: object_of({"ok": FLAG, "type": TEXT, "error": WRONG, "tree": OBJECT}, ["ok"])},
        errors=[NotFound],
    )  # fmt: skip
    def parse(self) -> dict[str, Any]:
        types = self._types()
        try:
            tree = parse(self.body["expression"])
        except RuleError as error:
            return {"ok": False, "error": _described(error)}
        try:
            found = check(tree, types)
        except RuleError as error:
            return {"ok": False, "error": _described(error), "tree": tree.to_json()}
        return {"ok": True, "type": found.name.lower(), "tree": tree.to_json()}

    @endpoint(
        "POST", "/rules/format",
        summary={"zh": "由语法树得到规则文本", "en": "The text of each tree, in Chinese and in English."},
        needs=VIEW,
        body=object_of({"trees": list_of(OBJECT) | {"maxItems": MOST_TREES}}),
        returns={200: object_of({"texts": list_of(object_of({"zh": TEXT, "en": TEXT}))})},
        errors=[TreeWrong],
    )  # fmt: skip
    def format(self) -> dict[str, Any]:
        return {"texts": [_printed(number, obj) for number, obj in enumerate(self.body["trees"], start=1)]}

    def _checked_in_draft(self) -> dict[str, Any]:
        body = self.body
        with self.read() as uow:
            document = load_draft(uow, "database", body["database"]).document
        rule = DraftedRule(
            body["expression"], body["record_type"], body.get("field", ""), body.get("rule", "")
        )
        try:
            found, problems = check_in_draft(document, rule)
        except RuleError as error:
            return {"ok": False, "error": _described(error), "problems": []}
        listed = [problem.to_json() for problem in problems]
        return {"ok": not errors_of(problems), "type": found.name.lower(), "problems": listed}

    def _types(self) -> ReachTypes:
        with self.read() as uow:
            kind = live_type(uow, self.body["database"], self.body["record_type"])
            database = catalogue_of(uow).database(self.body["database"])
        return ReachTypes(Surroundings(kind, database))


def _printed(number: int, obj: Any) -> dict[str, str]:
    try:
        tree = Tree.from_json(obj)
    except RuleError as error:
        raise TreeWrong(number=number, en=error.message("en"), zh=error.message("zh")) from None
    return {"zh": format(tree, "zh"), "en": format(tree, "en")}


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
