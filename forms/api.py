"""Forms by REST: the form of a live record type, of a draft, and what its rules say to values being typed."""

from __future__ import annotations

from typing import Any

from forms.drafts import preview
from forms.making import cached_form, skip_rules
from metamodel.api.schemas import MAYBE_ID, OBJECT, PROBLEM
from metamodel.api.shared import RECORDS, VIEW, live_type
from metamodel.catalogue import RecordType, catalogue_of
from metamodel.definitions import load_draft
from metamodel.masking import View
from metamodel.records import Access, FormRules, OwnerWrites, RecordChecker, rules_clock
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security import Action, Denied
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, TEXT, Schema, list_of, object_of, query_of

MODE = query_of({"mode": {"enum": ["entry", "display"], "default": "entry"}})
OF_RECORD = query_of(
    {
        **MODE["properties"],
        "record": ID | {"description": "The record to be changed"},
        "parent": ID | {"description": "The record below which a new one is filled in"},
    }
)
RULES: Schema = {
    "type": ["object", "null"],
    "description": "What the page runs while one types, see docs/reference/forms.md; null in a form to show",
}
FORM = object_of(
    {
        "release": {"type": "integer"},
        "mode": TEXT,
        "schema": {"type": "object", "description": "A Form.io form without any JavaScript"},
        "rules": RULES,
    }
)
DRAFT_FORM = object_of(
    {
        "version": {"type": "integer"},
        "mode": TEXT,
        "schema": OBJECT,
        "rules": RULES,
        "left_out": list_of(TEXT) | {"description": "Codes of fields that can't be read yet"},
    }
)
REASONS = {"type": "object", "additionalProperties": {"type": ["string", "null"], "maxLength": 64}}
ANSWERS = object_of(
    {"record": MAYBE_ID, "parent": MAYBE_ID, "values": OBJECT, "missing": REASONS}, ["values"]
)
OUTLOOK = object_of(
    {
        "release": {"type": "integer"},
        "hidden": list_of(TEXT) | {"description": "Fields, headings and texts that skip rules hide, by key"},
        "required": list_of(TEXT),
        "computed": {"type": "object", "description": "Values of calculated fields, by code"},
        "problems": list_of(PROBLEM),
    }
)


class Forms(Api):
    @endpoint(
        "GET", "/databases/<code>/forms/<record_type>",
        summary={"zh": "记录类型的录入或展示表单", "en": "The form of a record type, to fill in or to show."},
        needs=("view", RECORDS),
        params=OF_RECORD,
        returns={200: FORM},
        errors=[NotFound, Denied],
    )  # fmt: skip
    def show(self, code: str, record_type: str) -> dict[str, Any]:
        mode = self.params["mode"]
        with self.read() as uow:
            kind = live_type(uow, code, record_type)
            document = catalogue_of(uow).database(code).document
            view = entry_view(uow, kind) if mode == "entry" else Access(uow).view(Action.VIEW, kind)
            release = catalogue_of(uow).database(code).release_number
            rules = None if mode == "display" else self._rules(uow, kind, view, document)
        schema = cached_form(self.instance, kind, document, view, self.language, mode == "display")
        return {"release": release, "mode": mode, "schema": schema, "rules": rules}

    def _rules(self, uow: UnitOfWork, kind: RecordType, view: View, document: Any) -> dict[str, Any]:
        also = skip_rules(document, kind.code)
        return FormRules(uow, kind, view).of(self.params.get("record"), self.params.get("parent"), also)

    @endpoint(
        "GET", "/databases/<code>/draft/forms/<record_type>",
        summary={"zh": "草稿中记录类型的表单", "en": "The form of a record type as the draft has it now."},
        needs=VIEW,
        params=MODE,
        returns={200: DRAFT_FORM},
        errors=[NotFound],
    )  # fmt: skip
    def show_draft(self, code: str, record_type: str) -> dict[str, Any]:
        mode = self.params["mode"]
        with self.read() as uow:
            draft = load_draft(uow, "database", code)
        made = preview(draft.document, record_type, self.language, mode == "display")
        return {
            "version": draft.version,
            "mode": mode,
            "schema": made.schema,
            "rules": None if mode == "display" else made.rules | rules_clock(uow),
            "left_out": list(made.left_out),
        }

    @endpoint(
        "POST", "/databases/<code>/forms/<record_type>/check",
        summary={"zh": "试算填写中的值", "en": "What the rules say to values before they are saved."},
        needs=("view", RECORDS),
        body=ANSWERS,
        returns={200: OUTLOOK},
        errors=[NotFound, Denied, OwnerWrites],
        reads=True,
    )  # fmt: skip
    def check(self, code: str, record_type: str) -> dict[str, Any]:
        body = self.body
        with self.read() as uow:
            kind = live_type(uow, code, record_type)
            checker = RecordChecker(uow, kind)
            missing = body.get("missing", {})
            database = catalogue_of(uow).database(code)
            rules = skip_rules(database.document, record_type)
            outlook = checker.check(body["values"], missing, body.get("record"), body.get("parent"), rules)
            release = database.release_number
        return {
            "release": release,
            "hidden": sorted(outlook.hidden),
            "required": sorted(outlook.required),
            "computed": outlook.computed,
            "problems": [problem.as_json() for problem in outlook.problems],
        }


def entry_view(uow: UnitOfWork, record_type: RecordType) -> View:
    """How the form to fill in shows the fields: as they are seen, without those that can't be written.

    Raises:
        Denied: when the subject may neither add nor edit such records, or not view them.
    """
    access = Access(uow)
    seen = access.view(Action.VIEW, record_type)
    writing = [view for action in (Action.ADD, Action.EDIT) if (view := _view(access, action, record_type))]
    if not writing:
        raise Denied(action=Action.EDIT.value, resource=record_type.path)
    hidden = seen.hidden | frozenset.intersection(*(view.hidden for view in writing))
    return View(tuple(item for item in seen.visible if item.code not in hidden), seen.masked - hidden, hidden)


def _view(access: Access, action: Action, record_type: RecordType) -> View | None:
    try:
        return access.view(action, record_type)
    except Denied:
        return None
