"""Access in an emergency: identities in clear for a short time, with a reason, told to the security
administrators at once, and reviewed by one of them afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, Row, Select, insert, select, true, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.notices import notify
from zhenshu.security.account_policy import account_policy
from zhenshu.security.grants import NewGrant, add_grant, revoke_grant
from zhenshu.security.grants.tables import access_grant
from zhenshu.security.policy import Action, Channel, Resource
from zhenshu.security.requests import news
from zhenshu.security.requests.deciders import may_decide, security_admins
from zhenshu.security.requests.errors import AskWrong, EmergencyOver, NotForYou, NotInEmergency, ReviewRefused
from zhenshu.security.requests.model import SHORTEST_REASON
from zhenshu.security.requests.tables import emergency_access

users = User.__table__
_c = emergency_access.c
_HIGHEST_GRADE = 2  # an emergency asks for no grade


@dataclass(frozen=True, slots=True)
class Emergency:
    """`patient_id` is the one patient it is for; None: everybody in the database, or in the record type.

    `ended_at` is set where it ended before its time; `reviewed_at` is None until somebody reviewed it.
    """

    id: int
    grant_id: int
    subject_id: int
    subject_name: str
    display_name: str
    database: str
    record_type: str
    record_id: int | None
    patient_id: int | None
    reason: str
    started_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    reviewed_by: str | None
    reviewed_at: datetime | None
    remark: str

    def holds(self, at: datetime) -> bool:
        return self.ended_at is None and at < self.ends_at


@dataclass(frozen=True, slots=True)
class Place:
    """What an emergency is to open: one patient's records of a database, or all of it or of a record type.

    `record_id` is the record that it is taken at, for the review.
    """

    database: str
    record_type: str = ""
    record_id: int | None = None
    patient: int | None = None

    @property
    def resource(self) -> str:
        whole = self.patient is not None or not self.record_type
        return self.database if whole else f"{self.database}.{self.record_type}"


def take(uow: UnitOfWork, place: Place, minutes: int, reason: str, label: news.Label) -> Emergency:
    """See identities in clear from now on, for so many minutes.

    Raises:
        NotInEmergency: when the subject's role may not.
        Denied: when the subject may not view the records at all.
        AskWrong: when the reason is too short, the time too long, or one is running already.
    """
    if uow.subject.id is None or not uow.subject.may(Action.EMERGENCY, "records"):
        raise NotInEmergency()
    resource = place.resource
    uow.instance.policy.scope(uow.subject, Action.VIEW, Resource("records", resource), Channel.SCREEN, uow.at)
    _check(uow, place, minutes, reason)
    ends_at = uow.at + timedelta(minutes=minutes)
    grant = add_grant(
        uow,
        NewGrant(
            subject_kind="user", subject_value=str(uow.subject.id), resource=resource, actions=("view",),
            classes={"plain": "show", "identifying": "show"}, grade=_HIGHEST_GRADE, ends_at=ends_at,
            reason=reason, patient=place.patient,
        ),
        kind="emergency",
    )  # fmt: skip
    values = {
        "grant_id": grant.id,
        "subject_id": uow.subject.id,
        "database": place.database,
        "record_type": place.record_type,
        "record_id": place.record_id,
        "patient_id": place.patient,
        "reason": reason,
        "started_at": uow.at,
        "ends_at": ends_at,
        "remark": "",
    }
    made = uow.conn.execute(insert(emergency_access).values(values).returning(_c.id)).scalar_one()
    found = _get(uow, made)
    detail = {"minutes": minutes, "emergency": made, "record": place.record_id}
    about = [] if place.patient is None else [place.patient]
    record(uow, "emergency", "records", resource, patients=about, detail=detail)
    who = found.display_name or found.subject_name
    notify(
        uow,
        security_admins(uow),
        news.emergency(made, who, minutes, label, place.database, place.patient is not None),
    )
    return found


def end(uow: UnitOfWork, emergency_id: int) -> Emergency:
    """End one's own emergency before its time.

    Raises:
        NotFound: when it is not the subject's own.
        EmergencyOver: when it is over.
    """
    found = _get(uow, emergency_id)
    if found.subject_id != uow.subject.id:
        raise NotFound(kind="emergency", kind_zh="紧急查看", name=emergency_id)
    if not found.holds(uow.at):
        raise EmergencyOver()
    revoke_grant(uow, found.grant_id, "ended by the user 本人提前结束")
    uow.conn.execute(update(emergency_access).where(_c.id == emergency_id).values(ended_at=uow.at))
    record(uow, "emergency_end", "records", found.database, detail={"emergency": emergency_id})
    return _get(uow, emergency_id)


def review(uow: UnitOfWork, emergency_id: int, remark: str, label: news.Label) -> Emergency:
    """Take note of an emergency that is over, with a remark.

    Raises:
        NotFound: when there is none that the subject may see.
        NotForYou: when the subject is no security administrator.
        ReviewRefused: when it is the subject's own, still holds, or was reviewed.
    """
    found = get_emergency(uow, emergency_id)
    if not _sees_all(uow):
        raise NotForYou(database=found.database)
    if found.subject_id == uow.subject.id:
        raise ReviewRefused(
            reason="Nobody reviews an emergency of their own.", reason_zh="不能复核自己的紧急查看。"
        )
    if found.holds(uow.at):
        raise ReviewRefused(
            reason="It still holds; review it when it is over.",
            reason_zh="紧急查看尚未结束，请结束后再复核。",
        )
    values = {"reviewed_by": uow.subject.name, "reviewed_at": uow.at, "remark": remark}
    first = update(emergency_access).where(_c.id == emergency_id, _c.reviewed_at.is_(None)).values(values)
    if uow.conn.execute(first).rowcount != 1:
        raise ReviewRefused(reason="It was reviewed already.", reason_zh="已经复核过。")
    record(uow, "emergency_review", "records", found.database, detail={"emergency": emergency_id})
    notify(uow, {found.subject_id}, news.reviewed(emergency_id, uow.subject.name, label, found.database))
    return _get(uow, emergency_id)


def get_emergency(uow: UnitOfWork, emergency_id: int) -> Emergency:
    """
    Raises:
        NotFound: when there is none, or it does not concern the subject.
    """
    found = _get(uow, emergency_id)
    if not (found.subject_id == uow.subject.id or may_decide(uow, uow.subject, found.database)):
        raise NotFound(kind="emergency", kind_zh="紧急查看", name=emergency_id)
    return found


def list_emergencies(uow: UnitOfWork, state: str = "", after: int = 0, limit: int = 50) -> list[Emergency]:
    """Newest first, below the id `after`: all for security administrators, their own for others.

    `state`: "running", "waiting" (to be reviewed), "reviewed", or "" for all.
    """
    conditions = [_theirs(uow), _in_state(state, uow.at)]
    if after:
        conditions.append(_c.id < after)
    rows = uow.conn.execute(_all().where(*conditions).order_by(_c.id.desc()).limit(limit))
    return [_emergency(row) for row in rows]


def emergencies_to_review(uow: UnitOfWork, limit: int = 50) -> list[Emergency]:
    """Those that are over and that the subject could review; the newest first."""
    return list_emergencies(uow, "waiting", limit=limit) if _sees_all(uow) else []


def running(uow: UnitOfWork) -> list[Emergency]:
    """The subject's own emergencies that hold now."""
    own = _c.subject_id == (uow.subject.id or 0)
    rows = uow.conn.execute(_all().where(own, _in_state("running", uow.at)).order_by(_c.ends_at))
    return [_emergency(row) for row in rows]


def longest_minutes(uow: UnitOfWork) -> int:
    return account_policy(uow).emergency_minutes


def _check(uow: UnitOfWork, place: Place, minutes: int, reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        n = SHORTEST_REASON
        raise AskWrong(reason=f"the reason takes {n} characters.", reason_zh=f"理由至少 {n} 个字。")
    longest = longest_minutes(uow)
    if not 1 <= minutes <= longest:
        raise AskWrong(reason=f"it may last {longest} minutes at most.", reason_zh=f"最长 {longest} 分钟。")
    if any(_opens(each, place) for each in running(uow)):
        raise AskWrong(reason="one is running there already.", reason_zh="该库的紧急查看正在进行中。")


def _opens(running: Emergency, place: Place) -> bool:
    """Whether a running emergency opens the place already."""
    if running.database != place.database:
        return False
    if running.patient_id is not None:
        return running.patient_id == place.patient
    return running.record_type in ("", place.record_type) and (
        place.patient is None or not running.record_type
    )


def _sees_all(uow: UnitOfWork) -> bool:
    return uow.subject.may("manage", "grants") and not uow.subject.may("view", "records")


def _theirs(uow: UnitOfWork) -> ColumnElement[bool]:
    return true() if _sees_all(uow) else _c.subject_id == (uow.subject.id or 0)


def _in_state(state: str, at: datetime) -> ColumnElement[bool]:
    g = access_grant.c
    holds = _c.ended_at.is_(None) & g.revoked_at.is_(None) & (_c.ends_at > at)
    match state:
        case "running":
            return holds
        case "waiting":
            return _c.reviewed_at.is_(None) & ~holds
        case "reviewed":
            return _c.reviewed_at.is_not(None)
    return true()


def _get(uow: UnitOfWork, emergency_id: int) -> Emergency:
    row = uow.conn.execute(_all().where(_c.id == emergency_id)).one_or_none()
    if row is None:
        raise NotFound(kind="emergency", kind_zh="紧急查看", name=emergency_id)
    return _emergency(row)


def _all() -> Select[Any]:
    """The grant may have been revoked by an administrator: then that was the end."""
    g = access_grant.c
    return select(emergency_access, users.c.username, users.c.first_name, g.revoked_at).select_from(
        emergency_access.join(users, users.c.id == _c.subject_id).join(access_grant, g.id == _c.grant_id)
    )


def _emergency(row: Row[Any]) -> Emergency:
    return Emergency(
        id=row.id,
        grant_id=row.grant_id,
        subject_id=row.subject_id,
        subject_name=row.username,
        display_name=row.first_name,
        database=row.database,
        record_type=row.record_type,
        record_id=row.record_id,
        patient_id=row.patient_id,
        reason=row.reason,
        started_at=row.started_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at or row.revoked_at,
        reviewed_by=row.reviewed_by,
        reviewed_at=row.reviewed_at,
        remark=row.remark,
    )
