"""The second factor: one-time codes of a device (TOTP, RFC 6238), and recovery codes for when it is lost."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import pyotp
import segno
from flask_appbuilder.security.sqla.models import Role, assoc_user_role
from sqlalchemy import delete, insert, select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import Conflict, ZhenshuError
from zhenshu.security.account_policy import account_policy
from zhenshu.security.people import get_user
from zhenshu.security.secrets import seal, unseal
from zhenshu.security.sessions import end_sessions_of
from zhenshu.security.tables import login_session, recovery_code, second_factor

if TYPE_CHECKING:
    from zhenshu.instance import Instance

STEP = 30  # seconds that a code is shown for
DRIFT = (-1, 0, 1)  # steps by which a device's clock may differ
RECOVERY_CODES = 10
ISSUER = "诊枢"


class WrongCode(ZhenshuError):
    """The code is wrong, spent or too old. Nothing was changed; wait for the next one."""

    status = 403
    zh = "验证码错误、已使用或已过期。未作任何修改，请等待下一个验证码。"


class NothingToConfirm(Conflict):
    """There is no new second factor to confirm. Nothing was changed; begin again."""

    zh = "没有待确认的动态口令。未作任何修改，请重新开始绑定。"


class FactorRequired(Conflict):
    """Your role asks for a second factor. Nothing was changed; bind another device instead."""

    zh = "您的角色要求使用动态口令。未作任何修改，可改为绑定新的设备。"


class OwnFactor(Conflict):
    """Take away your own second factor on your account page, with its code. Nothing was changed."""

    zh = "请在账号安全页用动态口令解除自己的绑定。未作任何修改。"


@dataclass(frozen=True, slots=True)
class FactorState:
    """`required`: a role of the user asks for it."""

    enrolled_at: datetime | None
    required: bool
    recovery_left: int


@dataclass(frozen=True, slots=True, repr=False)
class NewFactor:
    """A secret to bring to a device; it can't be read again. `qr` is a picture as a data address."""

    secret: str
    qr: str


def factor_state(uow: UnitOfWork, user_id: int) -> FactorState:
    enrolled = select(second_factor.c.enrolled_at).where(second_factor.c.user_id == user_id)
    left = uow.conn.scalars(select(recovery_code.c.code_hash).where(recovery_code.c.user_id == user_id)).all()
    required = is_required(uow, get_user(uow, user_id).roles)
    return FactorState(uow.conn.execute(enrolled).scalar_one_or_none(), required, len(left))


def is_required(uow: UnitOfWork, roles: Collection[str]) -> bool:
    return not set(account_policy(uow).second_factor_roles).isdisjoint(roles)


def is_enrolled(uow: UnitOfWork, user_id: int) -> bool:
    mine = second_factor.c.user_id == user_id, second_factor.c.enrolled_at.is_not(None)
    return uow.conn.execute(select(second_factor.c.user_id).where(*mine)).first() is not None


def demand_enrolment(uow: UnitOfWork) -> None:
    """Let the open logins of those who need a second factor and have none do nothing but enrol one.

    To call after a change of roles or of the policy; logins of others are set free.
    """
    held = assoc_user_role.c
    needed = account_policy(uow).second_factor_roles
    holders = select(held.user_id).join(Role, Role.id == held.role_id).where(Role.name.in_(needed))
    enrolled = select(second_factor.c.user_id).where(second_factor.c.enrolled_at.is_not(None))
    of_them = login_session.c.user_id.in_(holders), login_session.c.user_id.not_in(enrolled)
    still_open = login_session.c.ended_at.is_(None)
    held_up = login_session.c.must_enrol.is_(True)
    uow.conn.execute(update(login_session).where(still_open, held_up).values(must_enrol=False))
    uow.conn.execute(update(login_session).where(still_open, *of_them).values(must_enrol=True))


def begin_enrolment(uow: UnitOfWork, user_id: int) -> NewFactor:
    """Make a secret for a device. It counts once a code of it was given; an earlier one does so till then."""
    secret = pyotp.random_base32()
    sealed = seal(_key(uow.instance, "secrets"), secret.encode(), _context(user_id))
    mine = second_factor.c.user_id == user_id
    if uow.conn.execute(update(second_factor).where(mine).values(pending=sealed)).rowcount == 0:
        uow.conn.execute(insert(second_factor).values(user_id=user_id, pending=sealed, last_step=0))
    address = pyotp.TOTP(secret).provisioning_uri(name=get_user(uow, user_id).name, issuer_name=ISSUER)
    return NewFactor(secret, segno.make(address, error="m").svg_data_uri(scale=5, border=2))


def confirm_enrolment(uow: UnitOfWork, user_id: int, code: str, session_id: int | None) -> list[str]:
    """Count the new device from now on; the recovery codes, which can't be read again.

    Raises:
        NothingToConfirm, WrongCode.
    """
    mine = second_factor.c.user_id == user_id
    pending = uow.conn.execute(select(second_factor.c.pending).where(mine)).scalar_one_or_none()
    if pending is None:
        raise NothingToConfirm
    step = _step_of(uow, user_id, pending, code, after=0)
    if step is None:
        raise WrongCode
    values = {"secret": pending, "pending": None, "enrolled_at": uow.at, "last_step": step}
    uow.conn.execute(update(second_factor).where(mine).values(values))
    if session_id is not None:
        this = login_session.c.id == session_id
        uow.conn.execute(update(login_session).where(this).values(must_enrol=False))
    end_sessions_of(uow, user_id, but=session_id)
    record(uow, "enrol", "second_factors", str(user_id))
    return _new_recovery_codes(uow, user_id)


def _new_recovery_codes(uow: UnitOfWork, user_id: int) -> list[str]:
    uow.conn.execute(delete(recovery_code).where(recovery_code.c.user_id == user_id))
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    rows = [{"code_hash": _code_hash(uow.instance, user_id, code), "user_id": user_id} for code in codes]
    uow.conn.execute(insert(recovery_code), rows)
    return codes


def _recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(10)).decode().lower()  # 80 bits
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


def spend_code(uow: UnitOfWork, user_id: int, code: str) -> bool:
    """Whether `code` is the device's or a recovery code. It is spent with the transaction: no second time."""
    code = code.replace(" ", "").lower()
    if not code.isdigit():
        hashed = _code_hash(uow.instance, user_id, code)
        spent = delete(recovery_code).where(recovery_code.c.code_hash == hashed)
        if uow.conn.execute(spent).rowcount != 1:
            return False
        record(uow, "use", "recovery_codes", str(user_id))
        return True
    row = uow.conn.execute(select(second_factor).where(second_factor.c.user_id == user_id)).one_or_none()
    if row is None or row.secret is None:
        return False
    step = _step_of(uow, user_id, row.secret, code, after=row.last_step)
    if step is None:
        return False
    # Of two who send the same code at once only one moves the step on.
    mine = second_factor.c.user_id == user_id, second_factor.c.last_step < step
    return uow.conn.execute(update(second_factor).where(*mine).values(last_step=step)).rowcount == 1


def _step_of(uow: UnitOfWork, user_id: int, sealed: bytes, code: str, after: int) -> int | None:
    """The step after `after` whose code this is, or None."""
    secret = unseal(_key(uow.instance, "secrets"), bytes(sealed), _context(user_id)).decode()
    now = int(uow.at.timestamp()) // STEP
    totp = pyotp.TOTP(secret, interval=STEP)
    sent = code.encode("utf-8", "replace")
    steps = [now + drift for drift in DRIFT if now + drift > after]
    fitting = [step for step in steps if hmac.compare_digest(totp.at(step * STEP).encode(), sent)]
    return max(fitting, default=None)


def remove_factor(uow: UnitOfWork, user_id: int) -> None:
    """Take away one's own second factor.

    Raises:
        FactorRequired.
    """
    if is_required(uow, get_user(uow, user_id).roles):
        raise FactorRequired
    _forget(uow, user_id)
    record(uow, "remove", "second_factors", str(user_id))


def reset_factor(uow: UnitOfWork, user_id: int) -> None:
    """An administrator takes away the second factor of one who lost the device, and ends their logins.

    Raises:
        NotFound, OwnFactor.
    """
    get_user(uow, user_id)
    if user_id == uow.subject.id:
        raise OwnFactor
    _forget(uow, user_id)
    end_sessions_of(uow, user_id)
    record(uow, "reset", "second_factors", str(user_id))


def _forget(uow: UnitOfWork, user_id: int) -> None:
    uow.conn.execute(delete(second_factor).where(second_factor.c.user_id == user_id))
    uow.conn.execute(delete(recovery_code).where(recovery_code.c.user_id == user_id))


def _context(user_id: int) -> bytes:
    return f"user {user_id}".encode()


def _code_hash(instance: Instance, user_id: int, code: str) -> str:
    text = f"{user_id}\0{code.replace('-', '')}".encode("utf-8", "replace")
    return hmac.new(_key(instance, "recovery codes"), text, sha256).hexdigest()


def _key(instance: Instance, use: str) -> bytes:
    # Its own key for each use, so that nothing sealed elsewhere can be put in its place.
    return hmac.new(instance.secrets.master, f"second factor {use}".encode(), sha256).digest()
