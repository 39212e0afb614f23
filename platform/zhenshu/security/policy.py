"""What a subject may do with which rows and fields. Denied unless something allows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import ColumnElement
from sqlalchemy.sql import FromClause

from zhenshu.errors import ZhenshuError
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
    """What is acted on, opaque to the ground: a kind ("records", "databases", ...) and a path in it."""

    kind: str
    path: str = ""


RowRule = Callable[[FromClause], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a policy allows: rows by a predicate over the record type's main table, fields by their class.

    `rows` None means every row. A field class not named is hidden: deny by default.
    """

    subject: Subject
    action: Action
    channel: Channel
    rows: RowRule | None = None
    classes: Mapping[str, Visibility] = field(default_factory=dict)

    def visibility(self, field_class: str) -> Visibility:
        return self.classes.get(field_class, Visibility.HIDE)


class Policy(Protocol):
    """Decides. `RolePolicy` does so by roles; grants refine it."""

    def scope(
        self, subject: Subject, action: Action, resource: Resource, channel: Channel, at: datetime
    ) -> Scope:
        """The scope within which `subject` may do `action`.

        Raises:
            Denied: when nothing allows it.
        """
        ...


@dataclass(frozen=True, slots=True)
class RolePolicy:
    """Permissions of the subject's roles decide; identifying fields need the `identify` permission."""

    def scope(
        self, subject: Subject, action: Action, resource: Resource, channel: Channel, at: datetime
    ) -> Scope:
        if not subject.may(action, resource.kind):
            raise Denied(action=action.value, resource=resource.path or resource.kind)
        clear = subject.may(Action.IDENTIFY, resource.kind) and channel is not Channel.LOG
        classes = {
            "plain": Visibility.SHOW,
            "identifying": Visibility.SHOW if clear else Visibility.MASK,
        }
        return Scope(subject, action, channel, None, classes)
