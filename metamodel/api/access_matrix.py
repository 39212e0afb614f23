"""Who may do what with which data, how it is seen, and why: by database, by user, and for oneself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from metamodel.api.grants import (
    GRANT,
    LABEL,
    MAYBE_COUNT,
    NAMED,
    PATH,
    SEEN,
    SUBJECT,
    VIEW,
    grant_views,
    subject_view,
)
from metamodel.api.shared import instant
from metamodel.api.views import label_view
from metamodel.catalogue import Database, RecordType, catalogue_of
from metamodel.granting import types_in
from metamodel.opening import discreet, rows_within, scope_for
from metamodel.records.grading import grade_counts
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security import SYSTEM, Action, Denied, Grant, Resource, Scope, Subject, Visibility
from zhenshu.security.grants.model import ACTIONS, GRADE_NAMES, GRADES, KINDS, GrantInfo, info_of, kind_of
from zhenshu.security.grants.parties import name_parties
from zhenshu.security.grants.tables import access_grant
from zhenshu.security.people import UserFilter, UserInfo, get_user, list_users
from zhenshu.security.subjects import load_subject, load_subjects, permitting
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, MAYBE_INSTANT, PAGING, TEXT, list_of, object_of, page_of, query_of

PERSON: Final = object_of({"id": ID, "name": TEXT, "display_name": TEXT, "roles": list_of(TEXT)})
BECAUSE: Final = object_of(
    {
        "grant": ID,
        "kind": {"enum": list(KINDS)},
        "subject": SUBJECT,
        "resource": PATH,
        "ends_at": MAYBE_INSTANT,
    }
)
PERMITTED: Final = object_of(
    {
        "action": {"enum": list(ACTIONS)},
        "allowed": {"type": "boolean"},
        "missing": {"enum": ["", "role", "grant"]},
        "rows": {"enum": ["all", "limited", "none"]},
        "identifying": SEEN,
        "grade": {"enum": list(GRADES)},
        "roles": list_of(TEXT) | {"description": "Those of the user's roles that permit it at most"},
        "because": list_of(BECAUSE),
    }
)
ROW: Final = object_of({"user": PERSON, "permitted": list_of(PERMITTED)})
FIELD: Final = object_of({"code": TEXT, "label": LABEL, "visibility": SEEN})
TYPE: Final = object_of(
    NAMED["properties"]
    | {
        "rows": {"type": ["integer", "null"], "description": "null: fewer than may be told"},
        "fields": list_of(FIELD),
    }
)
DATABASE: Final = object_of(
    NAMED["properties"] | {"permitted": list_of(PERMITTED), "record_types": list_of(TYPE)}
)
USER_ACCESS: Final = object_of({"user": PERSON, "databases": list_of(DATABASE), "grants": list_of(GRANT)})
CODE: Final = {"type": "string", "minLength": 1, "maxLength": 64}
CLEARED: Final = {
    "type": "integer",
    "minimum": min(GRADES),
    "maximum": max(GRADES),
    "description": "Only users who may view records up to this grade",
}
GRADED: Final = object_of(
    {
        "grades": list_of(
            object_of({"grade": {"enum": list(GRADES)}, "label": LABEL, "people": {"type": "integer"}})
        ),
        "record_types": list_of(
            object_of(
                NAMED["properties"]
                | {
                    "records": {
                        "type": "array",
                        "items": MAYBE_COUNT,
                        "description": "By grade, the ordinary one first",
                    }
                }
            )
        ),
    }
)
CROWD: Final = 500  # users whose grants are loaded at once


class AccessMatrix(Api):
    @endpoint(
        "GET", "/access",
        summary={"zh": "权限矩阵", "en": "What each active user may do with a database, and why."},
        needs=VIEW,
        params=query_of({**PAGING, "database": CODE, "record_type": CODE, "grade": CLEARED}, ["database"]),
        returns={200: page_of(ROW)},
        errors=[NotFound],
    )  # fmt: skip
    def matrix(self) -> dict[str, Any]:
        asked = [self.params[name] for name in ("database", "record_type") if name in self.params]
        path, limit = ".".join(asked), self.params["limit"]
        with self.read() as uow:
            types = types_in(uow, path)
            people = list_users(uow, self.params["after"], limit, UserFilter(state="active"))
            subjects = load_subjects(uow.conn, [each.id for each in people])
            held = [(each, subjects[each.id]) for each in people if each.id in subjects]
            reasons = _Reasons(uow, [grant.id for _, subject in held for grant in subject.grants])
            rows = [
                {"user": _person(user), "permitted": _permitted(uow, subject, path, types, reasons)}
                for user, subject in held
                if "grade" not in self.params or _cleared(uow, subject, types) >= self.params["grade"]
            ]
        return {"items": rows, "next": people[-1].id if len(people) == limit else None}

    @endpoint(
        "GET", "/access/grades",
        summary={"zh": "检查分级概况", "en": "How many records have each grade, how many users reach it."},
        needs=VIEW,
        params=query_of({"database": CODE}, ["database"]),
        returns={200: GRADED},
        errors=[NotFound],
    )  # fmt: skip
    def grades(self) -> dict[str, Any]:
        with self.read() as uow:
            types = types_in(uow, self.params["database"])
            reached = Counter(_cleared(uow, subject, types) for subject in _everybody(uow))
            record_types = [
                {"code": kind.code, "label": label_view(kind.label), "records": _records(uow, kind)}
                for _, kind in types
                if kind.tables
            ]
        people = {each: sum(n for grade, n in reached.items() if grade >= each) for each in GRADES}
        grades = [
            {"grade": each, "label": dict(GRADE_NAMES[each]), "people": people[each]} for each in GRADES
        ]
        return {"grades": grades, "record_types": record_types}

    @endpoint(
        "GET", "/access/users/<int:id>",
        summary={"zh": "某用户的权限", "en": "What one user may do and see, database by database."},
        needs=VIEW,
        returns={200: USER_ACCESS},
        errors=[NotFound],
    )  # fmt: skip
    def of_user(self, id: int) -> dict[str, Any]:
        with self.read() as uow:
            return _access(uow, get_user(uow, id), load_subject(uow.conn, id))

    @endpoint(
        "GET", "/access/me",
        summary={"zh": "我的权限", "en": "What one may do and see oneself, why, and until when."},
        needs=None,
        returns={200: USER_ACCESS},
    )  # fmt: skip
    def of_caller(self) -> dict[str, Any]:
        with self.read() as uow:
            assert uow.subject.id is not None  # a login or token has a user
            return _access(uow, get_user(uow, uow.subject.id), uow.subject)


def _everybody(uow: UnitOfWork) -> Iterator[Subject]:
    """Every active user with what they are granted."""
    after = 0
    while people := list_users(uow, after, CROWD, UserFilter(state="active")):
        yield from load_subjects(uow.conn, [each.id for each in people]).values()
        after = people[-1].id


def _cleared(uow: UnitOfWork, subject: Subject, types: Sequence[tuple[Database, RecordType]]) -> int:
    """The highest grade of these records that the user may view; -1 where they may view none."""
    if not subject.may("view", "records"):
        return -1
    paths = [kind.path for _, kind in types]
    held = [
        g for g in subject.grants if any(g.reaches("view", each, uow.channel.value, uow.at) for each in paths)
    ]
    return max((grant.grade for grant in held), default=-1)


def _records(uow: UnitOfWork, kind: RecordType) -> list[int | None]:
    """How many records have each grade, as far as it may be told."""
    scope = Scope(SYSTEM, Action.VIEW, uow.channel)
    above = grade_counts(uow, kind)
    ordinary = rows_within(uow, kind, scope) - sum(above.values())
    return [
        discreet(uow, kind, number) for number in (ordinary, *(above.get(each, 0) for each in GRADES[1:]))
    ]


@dataclass(frozen=True)
class _Reasons:
    """The grants behind what somebody may, named once."""

    rows: dict[int, GrantInfo]
    named: dict[tuple[str, str], Any]
    permitting: Mapping[tuple[str, str], frozenset[str]]

    def __init__(self, uow: UnitOfWork, ids: Sequence[int]) -> None:
        query = select(access_grant).where(access_grant.c.id.in_(sorted(set(ids))))
        rows = {row.id: info_of(row, uow.at) for row in uow.conn.execute(query)} if ids else {}
        object.__setattr__(self, "rows", rows)
        wanted = [(each.subject_kind, each.subject_value) for each in rows.values()]
        object.__setattr__(self, "named", name_parties(uow, wanted))
        object.__setattr__(self, "permitting", permitting(uow.conn))

    def roles(self, subject: Subject, action: str, kind: str) -> list[str]:
        return sorted(subject.roles & self.permitting.get((action, kind), frozenset()))

    def of(self, grants: Sequence[Grant]) -> list[dict[str, Any]]:
        return [self._one(self.rows[grant.id]) for grant in grants if grant.id in self.rows]

    def _one(self, info: GrantInfo) -> dict[str, Any]:
        return {
            "grant": info.id,
            "kind": info.kind,
            "subject": subject_view(info, self.named[info.subject_kind, info.subject_value]),
            "resource": info.resource,
            "ends_at": instant(info.ends_at),
        }


def _access(uow: UnitOfWork, user: UserInfo, subject: Subject) -> dict[str, Any]:
    ids = [grant.id for grant in subject.grants]
    reasons = _Reasons(uow, ids)
    databases = [
        found
        for database in catalogue_of(uow).databases.values()
        if (found := _database(uow, subject, database, reasons)) is not None
    ]
    grants = grant_views(uow, list(reasons.rows.values()))
    return {"user": _person(user), "databases": databases, "grants": grants}


def _database(
    uow: UnitOfWork, subject: Subject, database: Database, reasons: _Reasons
) -> dict[str, Any] | None:
    types = [(database, kind) for kind in database.record_types]
    permitted = _permitted(uow, subject, database.code, types, reasons)
    if not any(each["allowed"] for each in permitted):
        return None
    shown = [
        _type(uow, kind, scope)
        for kind in database.record_types
        if (scope := scope_for(uow, subject, Action.VIEW, kind)) is not None
    ]
    head = {"code": database.code, "label": label_view(database.label)}
    return head | {"permitted": permitted, "record_types": shown}


def _type(uow: UnitOfWork, kind: RecordType, scope: Scope) -> dict[str, Any]:
    return {
        "code": kind.code,
        "label": label_view(kind.label),
        "rows": discreet(uow, kind, rows_within(uow, kind, scope)),
        "fields": [
            {
                "code": item.code,
                "label": label_view(item.label),
                "visibility": scope.visibility(item.field_class).value,
            }
            for item in kind.fields
            if not item.hidden
        ],
    }


def _permitted(
    uow: UnitOfWork, subject: Subject, path: str, types: Sequence[tuple[Database, RecordType]],
    reasons: _Reasons,
) -> list[dict[str, Any]]:  # fmt: skip
    return [_one(uow, subject, path, types, action, reasons) for action in ACTIONS]


def _one(
    uow: UnitOfWork, subject: Subject, path: str, types: Sequence[tuple[Database, RecordType]], action: str,
    reasons: _Reasons,
) -> dict[str, Any]:  # fmt: skip
    kind = kind_of(action)
    if not subject.may(action, kind):
        return _nothing(action, "role", [])
    roles = reasons.roles(subject, action, kind)
    paths = [path] if kind == "databases" else [record_type.path for _, record_type in types]
    scopes = [found for each in paths if (found := _scope(uow, subject, action, kind, each)) is not None]
    if not scopes:
        return _nothing(action, "grant", roles)
    channel = uow.channel.value
    held = [g for g in subject.grants if any(g.reaches(action, each, channel, uow.at) for each in paths)]
    whole = len(scopes) == len(paths) and all(scope.rows is None for scope in scopes)
    seen = {scope.visibility("identifying") for scope in scopes}
    best = next(each for each in (Visibility.SHOW, Visibility.MASK, Visibility.HIDE) if each in seen)
    return {
        "action": action,
        "allowed": True,
        "missing": "",
        "rows": "all" if whole else "limited",
        "identifying": best.value,
        "grade": max((grant.grade for grant in held), default=0),
        "roles": roles,
        "because": reasons.of(held),
    }


def _scope(uow: UnitOfWork, subject: Subject, action: str, kind: str, path: str) -> Scope | None:
    try:
        resource = Resource(kind, path)
        return uow.instance.policy.scope(subject, Action(action), resource, uow.channel, uow.at)
    except Denied:
        return None


def _nothing(action: str, missing: str, roles: Sequence[str]) -> dict[str, Any]:
    rest = {"rows": "none", "identifying": "hide", "grade": 0, "roles": list(roles), "because": []}
    return {"action": action, "allowed": False, "missing": missing, **rest}


def _person(user: UserInfo) -> dict[str, Any]:
    return {"id": user.id, "name": user.name, "display_name": user.display_name, "roles": list(user.roles)}
