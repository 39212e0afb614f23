"""Planting the definitions that ship: what databases are made of first, then these, through plans.

A later version of the platform ships others. What is there then is merged three ways, see `merging`: what
an admin changed stays, what both changed stays and is told. The upgrade is kept as an import of format
`shipped`, whose report lists the conflicts and whose document the next upgrade starts from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert, select

from metamodel.definitions import (
    DefinitionInvalid,
    Draft,
    Release,
    errors_of,
    list_definitions,
    list_releases,
    load_draft,
    publish_plain,
    save_draft,
    validate_document,
)
from metamodel.definitions.ids import known_ids
from metamodel.definitions.releases import document_hash
from metamodel.exchange.report import Report, both
from metamodel.merging import Conflict, Merged, merge
from metamodel.plans import ApprovalNeeded, NothingToPublish, publish
from metamodel.seeded_filters import plant_filters
from metamodel.shipped import Shipped
from metamodel.tables import definition_import
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel

Tell = Callable[[str, str], None]
Document = dict[str, Any]

FORMAT: Final = "shipped"
NOTE: Final = "随平台升级 · Upgraded with the platform"


def plant(instance: Instance, seeds: Path, tell: Tell = lambda zh, en: None) -> list[str]:
    """Publish every shipped definition that is new, or newer than what was planted; returns their codes.

    What people made is left alone: a definition of theirs under the same code, and one with a draft that
    somebody is working on, which is upgraded once the draft is published or thrown away. `tell` hears, in
    Chinese and in English, what could not be done or needs somebody. A run that was interrupted goes on
    where it stopped.
    """
    shipped = Shipped(seeds)
    done = [
        code for document in shipped.documents() if (code := _plant(instance, document, tell)) is not None
    ]
    plant_filters(instance, seeds)
    return done


def _plant(instance: Instance, document: Document, tell: Tell) -> str | None:
    kind, code = document["kind"], document["code"]
    with instance.read(SYSTEM, Channel.API) as uow:
        found = next((item for item in list_definitions(uow, kind) if item.code == code), None)
        unfinished = found is not None and found.has_draft and found.changed_by == SYSTEM.name
        draft = None if found is None else load_draft(uow, kind, code)
        base = None if draft is None else _planted(uow, draft)
    if draft is None or (unfinished and draft.live_release_id is None):
        _publish(instance, document, tell)
        return str(code)
    if base is None or document_hash(base) == document_hash(known_ids(document, base)):
        return _publish_draft(instance, kind, code, tell) if unfinished and base is not None else None
    if draft.saved and not unfinished:
        tell(
            f"{code} 有未发布的草稿，暂不升级。",
            f"{code} has a draft: not upgraded until that is published or thrown away.",
        )
        return None
    return _upgrade(instance, draft, base, document, tell)


def _planted(uow: UnitOfWork, draft: Draft) -> Document | None:
    """The definition as it was planted last; None where people made it."""
    c = definition_import.c
    mine = select(c.document).where(c.definition_id == draft.id, c.format == FORMAT, c.document.is_not(None))
    last: Document | None = uow.conn.execute(mine.order_by(c.id.desc()).limit(1)).scalar_one_or_none()
    if last is not None:
        return last
    releases = list_releases(uow, draft.kind, draft.code)
    first: Release | None = releases[-1] if releases else None
    return first.document if first is not None and first.published_by == SYSTEM.name else None


def _publish(instance: Instance, document: Document, tell: Tell) -> None:
    kind, code = document["kind"], document["code"]
    with instance.write(SYSTEM, Channel.API, purpose="shipped definitions") as uow:
        save_draft(uow, kind, document)
    _publish_draft(instance, kind, code, tell)


def _publish_draft(instance: Instance, kind: str, code: str, tell: Tell, note: str = "") -> str | None:
    if kind != "database":
        with instance.write(SYSTEM, Channel.API, purpose="shipped definitions") as uow:
            publish_plain(uow, kind, code, note)
        return code
    try:
        publish(instance, SYSTEM, code, Channel.API, note)
    except ApprovalNeeded:
        tell(
            f"{code} 的升级等待批准，见变更计划。", f"The upgrade of {code} waits for approval, see its plan."
        )
        return None
    except NothingToPublish:
        return None
    return code


def _upgrade(instance: Instance, draft: Draft, base: Document, document: Document, tell: Tell) -> str | None:
    """Merge what ships into what is live, and publish it."""
    kind, code = draft.kind, draft.code
    with instance.write(SYSTEM, Channel.API, purpose="shipped definitions") as uow:
        live = load_draft(uow, kind, code)
        merged = merge(base, live.document, document)
        if problems := errors_of(validate_document(merged.document)):
            error = DefinitionInvalid(code, problems)
            tell(f"{code} 未升级：{error.message()}", f"{code} was not upgraded: {error.message('en')}")
            return None
        changed = merged.document != live.document
        saved = save_draft(uow, kind, merged.document, live.version, base=live.document) if changed else live
        _keep(uow, saved, known_ids(document, base), merged)
    for each in merged.conflicts:
        tell(*_told(code, each))
    return _publish_draft(instance, kind, code, tell, NOTE) if changed else None


def _keep(uow: UnitOfWork, saved: Draft, document: Document, merged: Merged) -> None:
    """Note the upgrade: its conflicts, and what shipped, for the next one."""
    report = Report(FORMAT)
    report.count("conflicts", len(merged.conflicts))
    report.understand(
        "随平台的新版本升级，本机的修改保留", "upgraded with the platform; changes made here were kept"
    )
    for each in merged.conflicts:
        what, reason = _why(each)
        report.drop(each.where, what, reason, each.shipped)
    row = {
        "definition_id": saved.id, "format": FORMAT, "files": [], "report": report.to_json(),
        "document": known_ids(document, saved.document), "imported_by": SYSTEM.name, "imported_at": uow.at,
    }  # fmt: skip
    uow.conn.execute(insert(definition_import), row)


def _why(conflict: Conflict) -> tuple[Mapping[str, str], Mapping[str, str]]:
    if not conflict.shipped:
        return (
            both("不再随平台提供", "no longer shipped"),
            both("已存的内容不随升级删除", "an upgrade takes nothing away"),
        )
    return (
        both("随平台提供的新值", "the value that ships now"),
        both(
            f"本机已改为“{conflict.here}”，保留", f"it was changed here to “{conflict.here}”, which was kept"
        ),
    )


def _told(code: str, conflict: Conflict) -> tuple[str, str]:
    what, reason = _why(conflict)
    place = f"{code}.{conflict.where}"
    return f"{place}：{what['zh']}，{reason['zh']}。", f"{place}: {what['en']}; {reason['en']}."
