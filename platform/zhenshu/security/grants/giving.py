"""Giving grants and ending them. Each act is an entry of the trail; the row itself is never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.grant import EMERGENCY
from zhenshu.security.grants.errors import BeyondOwn, GrantOver, GrantWrong, OwnGrant
from zhenshu.security.grants.model import (
    ACTIONS,
    DUTIES,
    FIELD_CLASSES,
    GRADES,
    GrantInfo,
    NewGrant,
    info_of,
)
from zhenshu.security.grants.parties import grant_check, require_subject
from zhenshu.security.grants.tables import access_grant
from zhenshu.security.policy import ACTION_ZH, Action, Channel, Denied, Resource, Scope, Visibility

_c = access_grant.c


def add_grant(
    uow: UnitOfWork, new: NewGrant, kind: str = "granted", request_id: int | None = None
) -> GrantInfo:
    """Give a grant; it holds from `starts_at` on.

    An emergency is taken for oneself and beyond what one holds; the one who calls this answers for it.

    Raises:
        GrantWrong, NotFound, RowRuleWrong: when it would never hold, or names what is not there.
        OwnGrant: when it is for the subject itself.
        BeyondOwn: when somebody who reads records would give more than they hold themselves.
    """
    type_id = check_grant_as_given(uow, new, kind)
    starts_at = new.starts_at or uow.at
    values = {
        "kind": kind,
        "subject_kind": new.subject_kind,
        "subject_value": new.subject_value,
        "duty": new.duty,
        "resource": new.resource,
        "type_id": type_id,
        "patient_id": new.patient,
        "actions": [each for each in ACTIONS if each in new.actions or each == "view"],
        "own": new.own,
        "row_rule": new.where,
        "classes": dict(new.classes),
        "grade": new.grade,
        "channels": None if new.channels is None else list(new.channels),
        "starts_at": starts_at,
        "ends_at": new.ends_at,
        "reason": new.reason,
        "request_id": request_id,
        "granted_by": uow.subject.id,
        "granted_by_name": uow.subject.name,
        "granted_at": uow.at,
    }
    made = uow.conn.execute(insert(access_grant).returning(_c.id), values).scalar_one()
    detail = {
        "kind": kind,
        "subject": f"{new.subject_kind}:{new.subject_value}",
        "resource": new.resource,
        "actions": values["actions"],
        "identifying": new.classes.get("identifying"),
        "grade": new.grade,
        "ends_at": new.ends_at and new.ends_at.isoformat(),
    }
    record(uow, "grant", "grants", str(made), detail=detail)
    return get_grant(uow, made)


def check_grant_as_given(uow: UnitOfWork, new: NewGrant, kind: str = "granted") -> str | None:
    """Raises what `add_grant` does; gives nothing. The id of the record type that it names, if any."""
    if new.patient is not None and kind != EMERGENCY:
        raise GrantWrong(
            reason="only an emergency is for one patient", reason_zh="只有紧急查看可限于一名患者"
        )
    type_id = _check(uow, new)
    if new.ends_at is not None and new.ends_at <= (new.starts_at or uow.at):
        raise GrantWrong(reason="it would end before it starts", reason_zh="到期时间早于开始时间")
    if kind != EMERGENCY:
        if new.subject_kind == "user" and new.subject_value == str(uow.subject.id):
            raise OwnGrant()
        _check_within_own(uow, new)
    return type_id


def _check(uow: UnitOfWork, new: NewGrant) -> str | None:
    """
    Raises:
        GrantWrong, NotFound, RowRuleWrong: when it names something that is not there, or means nothing.
    """
    if not new.actions or set(new.actions) - set(ACTIONS):
        raise GrantWrong(reason="it names no action that can be granted", reason_zh="没有可授予的操作")
    if new.duty and (new.duty not in DUTIES or not new.subject_kind.startswith("project")):
        raise GrantWrong(reason="only members of projects have duties", reason_zh="只有项目成员才有职责")
    seen = {name: Visibility(how) for name, how in new.classes.items() if name in FIELD_CLASSES}
    if len(seen) != len(new.classes) or new.grade not in GRADES:
        raise GrantWrong(reason="its classes or grade are unknown", reason_zh="字段类别或检查分级不存在")
    if new.channels is not None and set(new.channels) - {each.value for each in Channel}:
        raise GrantWrong(reason="one of its channels is unknown", reason_zh="渠道不存在")
    require_subject(uow, new.subject_kind, new.subject_value)
    check = grant_check(uow.instance)
    if check is not None:
        return check(uow, new.resource, new.where)
    if new.where:
        raise GrantWrong(reason="nothing here can judge row rules", reason_zh="此处无法检查行条件")
    return None


def require_manages(uow: UnitOfWork, resource: str) -> None:
    """Whoever grants by duty manages all; those who work with data, what they may view all rows of.

    Raises:
        Denied, BeyondOwn.
    """
    if not uow.subject.may("manage", "grants"):
        raise Denied(action="manage", resource="grants")
    if not uow.subject.is_system and uow.subject.may("view", "records"):
        _own_scope(uow, "view", resource, 0)


def revoke_grant(uow: UnitOfWork, grant_id: int, reason: str) -> GrantInfo:
    """End a grant at once.

    Raises:
        NotFound: when there is none.
        GrantOver: when it is over already.
    """
    values = {
        "revoked_by": uow.subject.id,
        "revoked_by_name": uow.subject.name,
        "revoked_at": uow.at,
        "revoke_reason": reason,
    }
    _end(uow, grant_id, values)
    record(uow, "revoke", "grants", str(grant_id))
    return get_grant(uow, grant_id)


def end_grant(uow: UnitOfWork, grant_id: int, ends_at: datetime | None, reason: str) -> GrantInfo:
    """Let a grant end earlier or later; None: without an end.

    Raises:
        NotFound: when there is none.
        GrantOver: when it is over already.
        OwnGrant: when it is the subject's own.
    """
    found = get_grant(uow, grant_id)
    if (found.subject_kind, found.subject_value) == ("user", str(uow.subject.id)):
        raise OwnGrant()
    if ends_at is None or (found.ends_at is not None and ends_at > found.ends_at):
        _check_within_own(uow, found)
    _end(uow, grant_id, {"ends_at": ends_at})
    detail = {
        "ends_at": ends_at and ends_at.isoformat(),
        "before": found.ends_at and found.ends_at.isoformat(),
    }
    record(uow, "grant_end", "grants", str(grant_id), detail=detail)
    return get_grant(uow, grant_id)


def get_grant(uow: UnitOfWork, grant_id: int) -> GrantInfo:
    """
    Raises:
        NotFound: when there is none.
    """
    row = uow.conn.execute(select(access_grant).where(_c.id == grant_id)).one_or_none()
    if row is None:
        raise NotFound(kind="grant", kind_zh="授权", name=grant_id)
    return info_of(row, uow.at)


def _end(uow: UnitOfWork, grant_id: int, values: dict[str, Any]) -> None:
    get_grant(uow, grant_id)
    holds = _c.revoked_at.is_(None) & (_c.ends_at.is_(None) | (_c.ends_at > uow.at))
    if uow.conn.execute(update(access_grant).where(_c.id == grant_id, holds).values(values)).rowcount != 1:
        raise GrantOver()


def _check_within_own(uow: UnitOfWork, new: NewGrant | GrantInfo) -> None:
    """Whoever reads no records grants by duty; others give what they hold on all rows of the resource."""
    if uow.subject.is_system or not uow.subject.may("view", "records"):
        return
    scopes = [_own_scope(uow, each, new.resource, new.grade) for each in sorted({"view", *new.actions})]
    wanted = Visibility(new.classes.get("identifying", "hide"))
    if wanted is Visibility.SHOW and any(s.visibility("identifying") is not Visibility.SHOW for s in scopes):
        raise BeyondOwn(reason="you don't see identities there", reason_zh="您看不到其中的身份信息")


def _own_scope(uow: UnitOfWork, action: str, resource: str, grade: int) -> Scope:
    kind = "databases" if action in ("design", "approve") else "records"
    try:
        scope = uow.instance.policy.scope(
            uow.subject, Action(action), Resource(kind, resource), Channel.API, uow.at
        )
    except Denied as error:
        zh = ACTION_ZH[Action(action)]
        raise BeyondOwn(reason=f"you may not {action} there", reason_zh=f"您自己没有{zh}的权限") from error
    if not _every_row(scope, grade):
        raise BeyondOwn(reason="you don't reach all rows there", reason_zh="您只能访问其中的部分记录")
    return scope


def _every_row(scope: Scope, grade: int) -> bool:
    """Whether the scope reaches each record up to the grade."""
    if scope.rows is None:
        return True
    plain = [[each for each in limit if each.graded_only] for limit in scope.limits]
    return bool(plain) and all(any(each.grade >= grade for each in limit) for limit in plain)
