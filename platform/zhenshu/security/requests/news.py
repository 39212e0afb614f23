"""What is told about requests and emergencies. No notice holds the reason that somebody typed."""

from __future__ import annotations

from collections.abc import Mapping

from zhenshu.notices import News

Label = Mapping[str, str]


def names(label: Label, code: str) -> tuple[str, str]:
    """(Chinese, English) name of a database; each falls back to the other, then to the code."""
    zh, en = label.get("zh", ""), label.get("en", "")
    return zh or en or code, en or zh or code


def waits_key(request: int) -> str:
    return f"access:{request}:waits:"


def link_to(request: int) -> str:
    return f"/access/requests?open={request}"


def asked(request: int, who: str, label: Label, code: str) -> News:
    zh, en = names(label, code)
    return News(
        "access.asked", waits_key(request), f"{who} 申请访问病种库“{zh}”",
        f'{who} asks for access to the database "{en}"', link_to(request),
    )  # fmt: skip


_SETTLED = {
    "grant": ("granted", "批准了您对病种库“{zh}”的访问申请", 'granted your request for the database "{en}"'),
    "refuse": ("refused", "拒绝了您对病种库“{zh}”的访问申请", 'refused your request for the database "{en}"'),
    "revoke": ("revoked", "收回了您对病种库“{zh}”的访问权限", 'revoked your access to the database "{en}"'),
}


def settled(request: int, step: str, who: str, label: Label, code: str) -> News:
    zh, en = names(label, code)
    kind, text_zh, text_en = _SETTLED[step]
    told_zh, told_en = text_zh.format(zh=zh), text_en.format(en=en)
    key = f"access:{request}:{step}"
    return News(f"access.{kind}", key, f"{who} {told_zh}", f"{who} {told_en}", link_to(request))


def ended(request: int, label: Label, code: str) -> News:
    zh, en = names(label, code)
    return News(
        "access.ended", f"access:{request}:end", f"您对病种库“{zh}”的访问权限已到期",
        f'Your access to the database "{en}" has ended', link_to(request),
    )  # fmt: skip


def emergency(emergency_id: int, who: str, minutes: int, label: Label, code: str, one: bool) -> News:
    """`one`: for one patient's records; else for everybody's."""
    zh, en = names(label, code)
    whose_zh, whose = ("一名患者", "of one patient") if one else ("全库", "of everybody")
    return News(
        "access.emergency", f"emergency:{emergency_id}:taken",
        f"{who} 对病种库“{zh}”使用了紧急查看，{minutes} 分钟内可见{whose_zh}的身份信息，请事后复核",
        f'{who} took emergency access to the database "{en}": identities {whose} in clear for {minutes} min',
        f"/access/emergencies?open={emergency_id}",
    )  # fmt: skip


def reviewed(emergency_id: int, who: str, label: Label, code: str) -> News:
    zh, en = names(label, code)
    return News(
        "access.emergency_reviewed", f"emergency:{emergency_id}:reviewed",
        f"{who} 复核了您对病种库“{zh}”的紧急查看",
        f'{who} reviewed your emergency access to the database "{en}"',
        f"/access/emergencies?open={emergency_id}",
    )  # fmt: skip
