"""What every act in the trail is called, and every kind of thing: one visible list each.

`touch` says what an act does with a patient's data: it was seen, changed or taken out. Acts without it reach
none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Touch(StrEnum):
    """What became of a patient's data."""

    SEEN = "seen"
    CHANGED = "changed"
    EXPORTED = "exported"


@dataclass(frozen=True, slots=True)
class Act:
    """An act by its names, and what it does with a patient's data."""

    zh: str
    en: str
    touch: Touch | None = None


ACTS: Final[Mapping[str, Act]] = {
    "log_in": Act("登录", "Sign in"),
    "log_out": Act("退出登录", "Sign out"),
    "end": Act("结束", "End"),
    "send_code": Act("发送验证码", "Send a code"),
    "confirm": Act("确认身份", "Confirm who it is"),
    "lock": Act("锁定账号", "Lock an account"),
    "unlock": Act("解除锁定", "Unlock an account"),
    "change_password": Act("修改密码", "Change the password"),
    "reset_password": Act("重置密码", "Reset a password"),
    "enrol": Act("绑定动态口令", "Enrol a second factor"),
    "reset": Act("重置动态口令", "Reset a second factor"),
    "use": Act("使用恢复码", "Use a recovery code"),
    "link": Act("关联目录账号", "Link to the directory"),
    "try": Act("试登录目录", "Try the directory"),
    "view": Act("查看审计", "View the trail"),
    "find_patient": Act("按号码查找患者", "Find a patient by identifier"),
    "patient_look": Act("查看患者概况", "Look up what is held of a patient"),
    "verify": Act("核验审计", "Verify the trail"),
    "attempt": Act("无权操作", "Try without permission"),
    "archive": Act("归档过期审计记录", "Archive old entries"),
    "view_as": Act("以他人视角查看", "View as another user"),
    "browse": Act("查看（无身份信息）", "See data without identities"),
    "read": Act("查看身份信息", "See identities", Touch.SEEN),
    "add": Act("新增", "Add", Touch.CHANGED),
    "edit": Act("修改", "Edit", Touch.CHANGED),
    "change": Act("修改数据", "Change data", Touch.CHANGED),
    "delete": Act("删除", "Delete", Touch.CHANGED),
    "remove": Act("移除", "Remove", Touch.CHANGED),
    "purge": Act("清除旧列", "Purge an old column"),
    "trash": Act("移入回收站", "Move to the trash", Touch.CHANGED),
    "restore": Act("恢复", "Restore", Touch.CHANGED),
    "grade": Act("修改分级", "Change the grade", Touch.CHANGED),
    "forget": Act("遗忘患者", "Forget a patient", Touch.CHANGED),
    "forget_values": Act("清除患者的值", "Forget values of a patient", Touch.CHANGED),
    "import": Act("导入数据", "Import data", Touch.CHANGED),
    "export": Act("导出", "Export", Touch.EXPORTED),
    "download": Act("下载", "Download", Touch.EXPORTED),
    "emergency": Act("开始紧急查看", "Begin emergency access", Touch.SEEN),
    "emergency_look": Act("紧急查看前核对患者", "Look up a patient for an emergency", Touch.SEEN),
    "emergency_end": Act("结束紧急查看", "End emergency access"),
    "emergency_review": Act("复核紧急查看", "Review emergency access"),
    "check_quality": Act("检查数据质量", "Check data quality"),
    "save_draft": Act("保存草稿", "Save a draft"),
    "delete_draft": Act("丢弃草稿", "Throw a draft away"),
    "import_definition": Act("导入定义", "Import a definition"),
    "export_definition": Act("导出定义", "Export a definition"),
    "plan": Act("生成变更计划", "Plan changes"),
    "approve": Act("批准变更计划", "Approve a plan"),
    "abandon": Act("放弃变更计划", "Abandon a plan"),
    "publish": Act("发布", "Publish"),
    "save_filter": Act("保存筛选", "Save a filter"),
    "change_filter": Act("修改筛选", "Change a filter"),
    "remove_filter": Act("移除筛选", "Remove a filter"),
    "restore_filter": Act("恢复筛选", "Restore a filter"),
    "save_cohort": Act("保存队列", "Save a cohort"),
    "change_cohort": Act("修改队列", "Change a cohort"),
    "remove_cohort": Act("移除队列", "Remove a cohort"),
    "restore_cohort": Act("恢复队列", "Restore a cohort"),
    "ask": Act("申请访问", "Ask for access"),
    "grant": Act("授权", "Grant"),
    "grant_end": Act("修改授权到期日", "Change the end of a grant"),
    "grant_follow": Act("授权随改名调整", "A grant follows a new name"),
    "grant_close": Act("授权随删除失效", "A grant ends with what it was for"),
    "refuse": Act("拒绝申请", "Refuse a request"),
    "withdraw": Act("撤回申请", "Withdraw a request"),
    "revoke": Act("收回", "Revoke"),
    "close": Act("关闭", "Close"),
    "add_member": Act("添加成员", "Add a member"),
    "end_membership": Act("移出成员", "Remove a member"),
    "cancel": Act("停止任务", "Cancel a job"),
    "retry": Act("重新运行任务", "Run a job again"),
    "rotate": Act("更换密钥", "Rotate the keys"),
    "retire": Act("停用旧密钥", "Retire old keys"),
    "migrate": Act("升级数据库", "Upgrade the database"),
    "backup": Act("备份", "Back up"),
}

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "records": ("记录", "Records"),
    "patients": ("患者", "Patients"),
    "files": ("文件", "Files"),
    "saved_filter": ("已存筛选", "Saved filters"),
    "cohort": ("入组队列", "Cohorts"),
    "database": ("病种库定义", "Database definitions"),
    "databases": ("病种库", "Databases"),
    "field_library": ("字段库", "Field libraries"),
    "value_set": ("值域", "Value sets"),
    "masking_type": ("脱敏类型", "Masking types"),
    "users": ("用户", "Users"),
    "user_batches": ("批量新建用户", "Batches of users"),
    "account_templates": ("账号模板", "Account templates"),
    "account_policy": ("账号策略", "Account policy"),
    "sessions": ("登录会话", "Sessions"),
    "second_factors": ("动态口令", "Second factors"),
    "recovery_codes": ("恢复码", "Recovery codes"),
    "sealed_results": ("一次性密码文件", "One-time passwords"),
    "tokens": ("访问令牌", "Tokens"),
    "directory": ("目录服务", "Directory"),
    "grants": ("授权", "Grants"),
    "access_request": ("访问申请", "Access requests"),
    "projects": ("项目", "Projects"),
    "jobs": ("任务", "Jobs"),
    "keys": ("密钥", "Keys"),
    "routes": ("接口", "Addresses of the API"),
    "audit": ("审计", "Audit trail"),
    "instance": ("系统", "The platform"),
}
