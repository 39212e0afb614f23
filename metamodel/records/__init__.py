"""Records: how they are validated, stored, changed, put into the trash and looked back at."""

from metamodel.records.access import Access
from metamodel.records.browser_rules import browser_rules
from metamodel.records.checking import Outlook, RecordChecker
from metamodel.records.errors import (
    ClearReadNeedsWrite,
    DuplicateKey,
    DuplicateRecord,
    NotInTrash,
    OwnerWrites,
    RecordChanged,
    RecordInTrash,
    RecordInvalid,
    TrashedWithParent,
)
from metamodel.records.explaining import RecordExplainer
from metamodel.records.fetching import as_json
from metamodel.records.form_rules import FormRules, rules_clock
from metamodel.records.keyed import NamesDiffer, NotKeyed, NotNumbers, WrongLength, register_names
from metamodel.records.problems import Problem
from metamodel.records.shapes import BulkResult, NewRecord, RecordRef, RevisionView, Saved
from metamodel.records.store import RecordStore

__all__ = [
    "Access",
    "BulkResult",
    "ClearReadNeedsWrite",
    "DuplicateKey",
    "DuplicateRecord",
    "FormRules",
    "NamesDiffer",
    "NewRecord",
    "NotInTrash",
    "NotKeyed",
    "NotNumbers",
    "Outlook",
    "OwnerWrites",
    "Problem",
    "RecordChanged",
    "RecordChecker",
    "RecordExplainer",
    "RecordInTrash",
    "RecordInvalid",
    "RecordRef",
    "RecordStore",
    "RevisionView",
    "Saved",
    "TrashedWithParent",
    "WrongLength",
    "as_json",
    "browser_rules",
    "register_names",
    "rules_clock",
]
