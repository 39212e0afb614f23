"""What a subject may do with which rows and fields. Denied unless something allows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import ColumnElement, false
from sqlalchemy.sql import FromClause

from zhenshu.errors import ZhenshuError
from zhenshu.security.grant import EMERGENCY, HIGHEST_GRADE, Grant
from zhenshu.security.subject import Subject


class Action(StrEnum):
    """What can be done with a resource; grants name these."""

    VIEW = "view"
    ADD = "add"
    EDIT = "edit"
    DELETE = "delete"
    DOWNLOAD = "download"
    EXPORT = "export"
    DESIGN = "design"
    APPROVE = "approve"
    IDENTIFY = "identify"  # see identifying fields in clear
    MANAGE = "manage"
    EMERGENCY = "emergency"  # see identifying fields in an emergency, for a short time and with notice


ACTION_ZH = {
    Action.VIEW: "查看",
    Action.ADD: "新增",
    Action.EDIT: "修改",
    Action.DELETE: "删除",
    Action.DOWNLOAD: "下载",
    Action.EXPORT: "导出",
    Action.DESIGN: "设计",
    Action.APPROVE: "批准",
    Action.IDENTIFY: "查看身份信息",
    Action.MANAGE: "管理",
    Action.EMERGENCY: "紧急查看",
}


class Channel(StrEnum):
    """The exits through which data leaves; each can be allowed or masked on its own."""

    SCREEN = "screen"
    SEARCH = "search"
    EXPORT = "export"
    API = "api"
    DICOM = "dicom"
    AI = "ai"
    PRINT = "print"
    PREVIEW = "preview"
    AUDIT = "audit"
    LOG = "log"


class Visibility(StrEnum):
    """How a field is shown through a channel."""

    SHOW = "show"
    MASK = "mask"
    HIDE = "hide"


class Denied(ZhenshuError):
    """You may not {action} {resource}. Nothing was changed; ask a research admin for access."""

    status = 403
    zh = "您没有对 {resource} {action_zh}的权限。未作任何修改，可向科研管理员申请。"

    def __init__(self, *, action: str, resource: str) -> None:
        super().__init__(action=action, action_zh=ACTION_ZH[Action(action)], resource=resource)


@dataclass(frozen=True, slots=True)
class Resource:
    """What is acted on, opaque to the ground: a kind ("records", "databases", ...) and a path in it.

    `patient`: of the records, only those of this patient.
    """

    kind: str
    path: str = ""
    patient: int | None = None


RowRule = Callable[[FromClause], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Reach:
    """The rows that one grant reaches: those of `owner`, those that `rule` is true for, up to `grade`, and
    those of `patient`."""

    owner: int | None = None
    rule: str = ""
    grade: int = HIGHEST_GRADE
    patient: int | None = None

    @property
    def graded_only(self) -> bool:
        """Whether nothing but the grade limits it."""
        return self.owner is None and not self.rule and self.patient is None

    @property
    def unlimited(self) -> bool:
        return self.graded_only and self.grade >= HIGHEST_GRADE


@dataclass(frozen=True, slots=True)
class Scope:
    """What a policy allows: rows by a predicate over the record type's main table, fields by their class.

    `rows` None means every row. A field class not named is hidden: deny by default. A policy that knows rows
    by rules in text gives `limits`: a row has to be within one reach of each. Until they are compiled, `rows`
    reaches nothing.
    """

    subject: Subject
    action: Action
    channel: Channel
    rows: RowRule | None = None
    classes: Mapping[str, Visibility] = field(default_factory=dict)
    limits: Sequence[Sequence[Reach]] = ()

    def visibility(self, field_class: str) -> Visibility:
        return self.classes.get(field_class, Visibility.HIDE)


class Policy(Protocol):
    """Decides. `GrantPolicy` does so by roles, which permit at most, and grants, which say on what."""

    def scope(
        self, subject: Subject, action: Action, resource: Resource, channel: Channel, at: datetime
    ) -> Scope:
        """The scope within which `subject` may do `action`.

        Raises:
            Denied: when nothing allows it.
        """
        ...


# What needs a grant beside a role's permission. Seeing that a definition exists needs none.
GRANTED: Mapping[str, frozenset[Action]] = {
    "records": frozenset(Action),
    "databases": frozenset({Action.DESIGN, Action.APPROVE}),
}
# Asked for by name, but given as a field class (or by a grant of its own) to those who may view.
_LIKE_VIEW = frozenset({Action.IDENTIFY, Action.EMERGENCY})
_SEEN = {Visibility.HIDE: 0, Visibility.MASK: 1, Visibility.SHOW: 2}


@dataclass(frozen=True, slots=True)
class GrantPolicy:
    """Roles are ceilings: what a kind of user may ever do. Grants say on which data, and how it is seen.

    The rows are the union of what the grants reach. A field class is seen as the best grant says that reaches
    every row the others do; where there is none, as the least of all says, since a page shows rows that only
    the strictest one reaches (see docs/decisions/0012-grants.md).
    """

    def scope(
        self, subject: Subject, action: Action, resource: Resource, channel: Channel, at: datetime
    ) -> Scope:
        own = _scope(subject, action, resource, channel, at)
        if subject.view_as is None:
            return own
        return _both(own, self.scope(subject.view_as, action, resource, channel, at))


def _scope(subject: Subject, action: Action, resource: Resource, channel: Channel, at: datetime) -> Scope:
    permitted = subject.is_system or (action.value, resource.kind) in subject.permissions
    if not permitted:
        raise Denied(action=action.value, resource=resource.path or resource.kind)
    clear = channel is not Channel.LOG
    may_identify = subject.is_system or (Action.IDENTIFY.value, resource.kind) in subject.permissions
    if subject.is_system or action not in GRANTED.get(resource.kind, ()):
        seen = Visibility.SHOW if clear and may_identify else Visibility.MASK
        return Scope(subject, action, channel, None, {"plain": Visibility.SHOW, "identifying": seen})
    wanted = Action.VIEW if action in _LIKE_VIEW else action
    grants = [g for g in subject.grants if g.reaches(wanted.value, resource.path, channel.value, at)]
    classes = _classes(grants, may_identify, clear, resource.patient)
    shown = classes.get("identifying") is Visibility.SHOW
    if not grants or (action is Action.IDENTIFY and not shown):
        raise Denied(action=action.value, resource=resource.path or resource.kind)
    reaches = tuple(_reach(grant, subject, resource.patient) for grant in grants)
    limits = () if any(reach.unlimited for reach in reaches) else (reaches,)
    if resource.patient is not None:
        limits = ((Reach(patient=resource.patient),), *limits)
    return Scope(subject, action, channel, _closed if limits else None, classes, limits)


def _reach(grant: Grant, subject: Subject, patient: int | None) -> Reach:
    if grant.own and subject.id is None:
        return Reach(-1)  # nobody's rows
    of_patient = None if grant.patient == patient else grant.patient
    return Reach(subject.id if grant.own else None, grant.row_rule, grant.grade, of_patient)


def _classes(
    grants: Sequence[Grant], may_identify: bool, clear: bool, patient: int | None
) -> dict[str, Visibility]:
    """How each field class is seen in rows that these grants reach together."""
    highest = max((grant.grade for grant in grants), default=0)
    widest = [grant for grant in grants if grant.whole_of(patient) and grant.grade == highest]
    names = {name for grant in grants for name in grant.classes}
    if widest:
        return {name: _best(_seen(g, name, may_identify, clear) for g in widest) for name in names}
    return {name: _least(_seen(g, name, may_identify, clear) for g in grants) for name in names}


def _seen(grant: Grant, field_class: str, may_identify: bool, clear: bool) -> Visibility:
    """How the grant shows a field class, as far as the subject's role permits."""
    seen = Visibility(grant.classes.get(field_class, Visibility.HIDE.value))
    lifted = may_identify or grant.kind == EMERGENCY
    if field_class != "plain" and seen is Visibility.SHOW and not (lifted and clear):
        return Visibility.MASK
    return seen


def _best(seen: Iterable[Visibility]) -> Visibility:
    return max(seen, key=lambda each: _SEEN[each])


def _least(seen: Iterable[Visibility]) -> Visibility:
    return min(seen, key=lambda each: _SEEN[each])


def _both(mine: Scope, theirs: Scope) -> Scope:
    """What two scopes have in common, as far as the first goes."""
    names = mine.classes.keys() & theirs.classes.keys()
    classes = {name: _least((mine.classes[name], theirs.classes[name])) for name in names}
    limits = (*mine.limits, *theirs.limits)
    return replace(mine, rows=_closed if limits else None, classes=classes, limits=limits)


def _closed(_main: FromClause) -> ColumnElement[bool]:
    return false()
