"""Definitions: documents that admins make, with schemas, drafts, edits and releases."""

from metamodel.definitions.changes import changes
from metamodel.definitions.drafted_rules import RULES, DraftedRule, check_in_draft
from metamodel.definitions.drafts import (
    Draft,
    Summary,
    delete_draft,
    list_definitions,
    load_draft,
    save_draft,
)
from metamodel.definitions.editing import edit_draft, edited_draft
from metamodel.definitions.edits import EDITS, EditRefused, Sources, apply_edits, edit_schema
from metamodel.definitions.errors import DraftChanged, KindDiffers, NeedsPlan, NoDraft
from metamodel.definitions.ids import with_ids
from metamodel.definitions.masking import masking_problems
from metamodel.definitions.names import LONGEST_CODE, LONGEST_FIELD_CODE, RESERVED_FIELD_CODES
from metamodel.definitions.problems import DefinitionInvalid, Problem, errors_of
from metamodel.definitions.releases import (
    LONGEST_NOTE,
    Release,
    document_hash,
    list_releases,
    live_release,
    past_documents,
    publish_plain,
    release_of,
)
from metamodel.definitions.removed import RemovedField, removed_fields
from metamodel.definitions.schema import KINDS, database_schema, schema
from metamodel.definitions.validation import validate_document

__all__ = [
    "EDITS",
    "KINDS",
    "LONGEST_CODE",
    "LONGEST_FIELD_CODE",
    "LONGEST_NOTE",
    "RESERVED_FIELD_CODES",
    "RULES",
    "DefinitionInvalid",
    "Draft",
    "DraftChanged",
    "DraftedRule",
    "EditRefused",
    "KindDiffers",
    "NeedsPlan",
    "NoDraft",
    "Problem",
    "Release",
    "RemovedField",
    "Sources",
    "Summary",
    "apply_edits",
    "changes",
    "check_in_draft",
    "database_schema",
    "delete_draft",
    "document_hash",
    "edit_draft",
    "edit_schema",
    "edited_draft",
    "errors_of",
    "list_definitions",
    "list_releases",
    "live_release",
    "load_draft",
    "masking_problems",
    "past_documents",
    "publish_plain",
    "release_of",
    "removed_fields",
    "save_draft",
    "schema",
    "validate_document",
    "with_ids",
]
