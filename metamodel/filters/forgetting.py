"""Saved filters and cohorts that name a patient who is forgotten: they go, whoever saved them."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, delete, select

from metamodel.filters.tables import saved_filter, sealed_context
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.notices import News, notify
from zhenshu.patients.traces import mentions
from zhenshu.security.secrets import unseal


def filters_naming(uow: UnitOfWork, texts: Collection[str]) -> list[Row[Any]]:
    """Those with one of the texts anywhere in them, in the trash or not."""
    if not texts:
        return []
    rows = uow.conn.execute(select(saved_filter)).all()
    return [row for row in rows if mentions(_opened(uow, row), texts)]


def drop_filters(uow: UnitOfWork, rows: Collection[Row[Any]]) -> None:
    """Delete them for good and tell their owners, without a name."""
    for row in rows:
        uow.conn.execute(delete(saved_filter).where(saved_filter.c.id == row.id))
        if row.owner_id is not None:
            zh = "您保存的一个筛选或队列指名了某位患者，已随该患者被遗忘而删除"
            en = "A filter or cohort that you saved named a patient who was forgotten; it was deleted"
            notify(uow, {row.owner_id}, News("filter.forgotten", f"filter:{row.id}:forgotten", zh, en, ""))


def _opened(uow: UnitOfWork, row: Row[Any]) -> Any:
    context = sealed_context(row.definition_id, row.owner_id)
    return json.loads(unseal(uow.instance.secrets.master, row.document, context))
