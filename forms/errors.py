"""What can go wrong with forms."""

from __future__ import annotations

from zhenshu.errors import ZhenshuError


class FormError(ZhenshuError):
    """The form could not be made: {reason}"""

    status = 422
    zh = "表单未能生成：{reason_zh}"


class WidgetMissing(FormError):
    """Field types ask for widgets that nobody made: {names}. The application does not start."""

    status = 500
    zh = "字段类型所需的控件不存在：{names}。程序不启动。"
