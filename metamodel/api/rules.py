"""Rules: is this text one, of what type, and what is its tree? Which text has a tree?"""

from __future__ import annotations

from typing import Any

from metamodel.api.drafts import DRAFT_PROBLEM
from metamodel.api.schemas import CODE, EXPRESSION, FLAG, LABEL, MAYBE_ID, OBJECT
from metamodel.api.shared import RECORDS, VIEW, allowed, live_type, visible_types
from metamodel.catalogue import catalogue_of
from metamodel.definitions import (
    RULES,
    DraftedRule,
    EditRefused,
    check_in_draft,
    errors_of,
    load_draft,
)
from metamodel.definitions.edits.rewriting import meaning
from metamodel.queries.writers import WriterFields
from metamodel.records import RecordExplainer
from metamodel.records.rule_names import same_type
from rules_dsl import Part, RuleError, State, Tree, format, parse, vocabulary
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import Invalid, NotFound
from zhenshu.security import Denied
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import TEXT, list_of, object_of

WRONG = object_of(
    {
        "code": TEXT,
        "line": {"type": "integer"},
        "column": {"type": "integer"},
        "caret": TEXT,
        "start": {"type": "integer", "description": "Of the place in the text, in characters from 0"},
        "end": {"type": "integer"},
        "suggestion": TEXT,
        "suggestion_zh": TEXT,
        "fixes": list_of(TEXT) | {"description": "What could stand there instead, the likeliest first"},
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
TOKEN = object_of(
    {
        "kind": TEXT,
        "pattern": TEXT | {"description": "A regular expression that Python and JavaScript read alike"},
        "ignores_case": FLAG,
    }
)
PARAMETER = object_of(
    {"name": TEXT, "zh": TEXT, "optional": FLAG, "repeats": FLAG, "words": list_of(TEXT)},
)
FUNCTION = object_of(
    {
        "name": TEXT,
        "zh": TEXT,
        "parameters": list_of(PARAMETER),
        "result": TEXT | {"description": "A type, or empty where it is that of the arguments"},
        "doc": LABEL,
        "example": TEXT,
        "gives": TEXT,
    }
)
VOCABULARY = object_of(
    {
        "tokens": list_of(TOKEN) | {"description": "The first that fits at a place is the token there"},
        "words": list_of(object_of({"word": TEXT, "zh": TEXT, "en": TEXT})),
        "operators": list_of(object_of({"operator": TEXT, "zh": TEXT})),
        "units": list_of(object_of({"unit": TEXT, "zh": TEXT, "en": TEXT})) | {"description": "Of durations"},
        "functions": list_of(FUNCTION),
    }
)

PART = object_of(
    {
        "start": {"type": "integer", "description": "Of the part in the text, in characters from 0"},
        "end": {"type": "integer"},
        "depth": {"type": "integer", "description": "0 is the whole rule"},
        "type": TEXT,
        "state": {"enum": [state.value for state in State]},
        "value": {"description": "As in a record; null where there is none"},
        "why": list_of(TEXT) | {"description": "Missing fields that leave it open, as the rule names them"},
        "count": {"type": "integer", "description": "How many related records there are"},
    },
    ["start", "end", "depth", "type", "state", "value", "why"],
)


class TreeWrong(Invalid):
    """No text can be given for tree number {number}: {en} Nothing was changed."""

    zh = "第 {number} 个规则树无法写成文本：{zh} 未作任何修改。"

    def details(self) -> dict[str, Any]:
        return {"number": self.values["number"]}


class RuleWrong(Invalid):
    """Rule number {number} can't be read: {en} Nothing was changed."""

    zh = "第 {number} 条规则无法读懂：{zh} 未作任何修改。"

    def details(self) -> dict[str, Any]:
        return {"number": self.values["number"]}


class Rules(Api):
    @endpoint(
        "GET", "/rules/vocabulary",
        summary={"zh": "规则的词汇", "en": "Words, functions and tokens of the language of rules."},
        needs=VIEW,
        returns={200: VOCABULARY},
    )  # fmt: skip
    def vocabulary(self) -> dict[str, Any]:
        return vocabulary()

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
        reads=True,
    )  # fmt: skip
    def check(self) -> dict[str, Any]:
        if self.body.get("draft"):
            return self._checked_in_draft()
        with self.read() as uow:
            fields = self._fields(uow)
        try:
            found = fields.check(parse(self.body["expression"]))
        except RuleError as error:
            return {"ok": False, "error": _described(error)}
        return {"ok": True, "type": found.name.lower()}

    @endpoint(
        "POST", "/rules/explain",
        summary={"zh": "解释规则", "en": "What each part of a rule gives on a record or on given values."},
        needs=("view", RECORDS),
        body=object_of(
            {
                **OVER_TYPE["properties"],
                "record": MAYBE_ID,
                "values": OBJECT,
                "draft": FLAG,  # new fields have no values
            },
            OVER_TYPE["required"],
        ),
        returns={200: object_of({"ok": FLAG, "type": TEXT, "parts": list_of(PART), "error": WRONG}, ["ok"])},
        errors=[NotFound, Denied, EditRefused],
        reads=True,
    )  # fmt: skip
    def explain(self) -> dict[str, Any]:
        """Outermost first, in the order of the text. What you don't see in clear is hidden, with all that
        is made of it."""
        with self.read() as uow:
            try:
                explainer = self._explainer(uow)
            except RuleError as error:
                return {"ok": False, "error": _described(error)}
            if self.body.get("record") is None or not explainer.identifies:
                return self._explained(explainer)
        with self.write() as uow:
            return self._explained(self._explainer(uow))

    def _explainer(self, uow: UnitOfWork) -> RecordExplainer:
        code, name, rule = (self.body[key] for key in ("database", "record_type", "expression"))
        if not self.body.get("draft"):
            self._fields(uow).check_known(parse(rule))
            return RecordExplainer(uow, live_type(uow, code, name), rule)
        draft = meaning(load_draft(uow, "database", code).document)
        drafted = draft.record_type(name)
        kind = same_type(catalogue_of(uow).database(code), drafted)
        if kind is None:
            raise NotFound(kind="published record type", kind_zh="已发布的记录类型", name=name)
        return RecordExplainer(uow, kind, rule, (drafted, draft))

    def _explained(self, explainer: RecordExplainer) -> dict[str, Any]:
        parts = explainer.explain(self.body.get("record"), self.body.get("values") or {})
        return {
            "ok": True,
            "type": explainer.type.name.lower(),
            "parts": [_part(part) for part in parts],
        }

    @endpoint(
        "POST", "/rules/parse",
        summary={"zh": "规则的语法树", "en": "The tree of a rule over a record type, if it is one."},
        needs=VIEW,
        body=OVER_TYPE,
        returns={200: object_of({"ok": FLAG, "type": TEXT, "error": WRONG, "tree": OBJECT}, ["ok"])},
        errors=[NotFound],
        reads=True,
    )  # fmt: skip
    def parse(self) -> dict[str, Any]:
        with self.read() as uow:
            fields = self._fields(uow)
        try:
            tree = parse(self.body["expression"])
        except RuleError as error:
            return {"ok": False, "error": _described(error)}
        try:
            found = fields.check(tree)
        except RuleError as error:
            return {"ok": False, "error": _described(error), "tree": tree.to_json()}
        return {"ok": True, "type": found.name.lower(), "tree": tree.to_json()}

    @endpoint(
        "POST", "/rules/format",
        summary={"zh": "规则的中英文写法", "en": "The text of each tree or rule, in Chinese and in English."},
        needs=VIEW,
        body=object_of(
            {
                "trees": list_of(OBJECT) | {"maxItems": MOST_TREES},
                "expressions": list_of(EXPRESSION) | {"maxItems": MOST_TREES},
                "width": {
                    "type": "integer",
                    "minimum": 20,
                    "maximum": 400,
                    "description": "Columns of a line; without it, each text is one line",
                },
            },
            [],
        ),
        returns={200: object_of({"texts": list_of(object_of({"zh": TEXT, "en": TEXT}))})},
        errors=[TreeWrong, RuleWrong],
        reads=True,
    )  # fmt: skip
    def format(self) -> dict[str, Any]:
        """The texts of the trees come first."""
        trees = [_read(number, obj) for number, obj in enumerate(self.body.get("trees", ()), start=1)]
        rules = [
            _parsed(number, text) for number, text in enumerate(self.body.get("expressions", ()), start=1)
        ]
        width = self.body.get("width")
        texts = [
            {"zh": format(tree, "zh", width), "en": format(tree, "en", width)} for tree in (*trees, *rules)
        ]
        return {"texts": texts}

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

    def _fields(self, uow: UnitOfWork) -> WriterFields:
        kind = live_type(uow, self.body["database"], self.body["record_type"])
        database = catalogue_of(uow).database(self.body["database"])
        seen = visible_types(uow, database)
        if kind.code not in seen and not allowed(uow, "databases", database.code, ("design", "approve")):
            raise Denied(action="view", resource=kind.path)
        return WriterFields(database, kind, seen)


def _read(number: int, obj: Any) -> Tree:
    try:
        return Tree.from_json(obj)
    except RuleError as error:
        raise TreeWrong(number=number, en=error.message("en"), zh=error.message("zh")) from None


def _parsed(number: int, text: str) -> Tree:
    try:
        return parse(text)
    except RuleError as error:
        raise RuleWrong(number=number, en=error.message("en"), zh=error.message("zh")) from None


def _part(part: Part) -> dict[str, Any]:
    start, end = part.span
    found = {
        "start": start,
        "end": end,
        "depth": part.depth,
        "type": part.type.name.lower(),
        "state": part.state.value,
        "value": part.value,
        "why": list(part.why),
    }
    return found if part.count is None else found | {"count": part.count}


def _described(error: RuleError) -> dict[str, Any]:
    return {
        "code": type(error).__name__,
        "line": error.line,
        "column": error.column,
        "caret": error.caret(),
        "start": error.span[0],
        "end": error.span[1],
        "suggestion": error.suggestion,
        "suggestion_zh": error.suggestion_zh,
        "fixes": list(error.fixes),
        "zh": error.message("zh"),
        "en": error.message("en"),
    }
