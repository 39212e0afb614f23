"""Why a record could not be written or read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from metamodel.records.problems import Problem
from zhenshu.errors import ZhenshuError


class RecordError(ZhenshuError):
    """The record could not be handled: {reason}. Nothing was changed."""

    status = 422
    zh = "记录未能处理：{reason_zh}。未作任何修改。"


class RecordInvalid(RecordError):
    """The record was not stored: {count} problem(s), the first: {first_en} Nothing was changed."""

    zh = "记录未保存：共 {count} 个问题，首个为：{first_zh} 未作任何修改。"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = next(item for item in self.problems if item.severity == "error")
        name = f"{first.field}: " if first.field else ""
        super().__init__(
            count=sum(item.severity == "error" for item in self.problems),
            first_zh=name + first.zh, first_en=name + first.en, field=first.field,
        )  # fmt: skip

    def details(self) -> dict[str, Any]:
        return {"problems": [problem.as_json() for problem in self.problems]}


class DuplicateKey(RecordInvalid):
    """Another record has the same {field}. Nothing was changed; open that record instead."""

    status = 409
    zh = "已有记录使用相同的 {field}。未作任何修改，请打开该记录。"


class DuplicateRecord(RecordInvalid):
    """The parent has a record with this event and repeat key already. Nothing was changed."""

    status = 409
    zh = "该上级记录下同一访视、同一序号的记录已存在。未作任何修改。"


class RecordChanged(RecordError):
    """The record was changed by {by} at {at}, after you read it. Nothing was changed; read it again first."""

    status = 409
    zh = "您读取后该记录由 {by} 于 {at} 修改过。未作任何修改，请重新读取后再改。"

    def details(self) -> dict[str, Any]:
        return {"version": self.values["version"], "changes": self.values["changes"]}


class RecordInTrash(RecordError):
    """The record is in the trash. Nothing was changed; restore it first."""

    status = 409
    zh = "该记录在回收站中。未作任何修改，请先恢复。"


class NotInTrash(RecordError):
    """The record is not in the trash. Nothing was changed."""

    status = 409
    zh = "该记录不在回收站中。未作任何修改。"


class TrashedWithParent(RecordError):
    """The record is in the trash together with record {record}. Nothing was changed; restore that one."""

    status = 409
    zh = "该记录随记录 {record} 一起移入回收站。未作任何修改，请恢复后者。"


class OwnerWrites(RecordError):
    """Records of {type} are written by the part of the system that owns them. Nothing was changed."""

    status = 409
    zh = "{type} 的记录由其所属模块写入。未作任何修改。"


class ClearReadNeedsWrite(ZhenshuError):
    """Identifying fields of {type} are read in clear, which is audited: open a write unit."""

    zh = "以明文读取 {type} 的身份字段须写审计，请使用写事务。"
