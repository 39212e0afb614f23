"""What can be wrong with a file that comes in."""

from __future__ import annotations

from typing import Any

from zhenshu.errors import ZhenshuError


class ExchangeError(ZhenshuError):
    """File {file} can't be read: {reason}. Nothing was imported."""

    status = 422
    zh = "无法读取文件 {file}：{reason_zh}。未导入任何内容。"
    own_words = ZhenshuError.own_words | {"reason", "reason_zh", "known", "known_zh"}

    def details(self) -> dict[str, Any]:
        return {key: value for key, value in self.values.items() if isinstance(value, str | int)}


class UnknownFormat(ExchangeError):
    """The files {files} are in no format this platform reads ({known}). Nothing was imported."""

    zh = "文件 {files} 不是本平台能读取的格式（{known_zh}）。未导入任何内容。"


class UnknownEncoding(ExchangeError):
    """File {file} is not text in UTF-8, UTF-16 or GB18030 (first unreadable byte near line {line}). \
Nothing was imported; save the file as UTF-8 and try again."""

    zh = (
        "文件 {file} 不是 UTF-8、UTF-16 或 GB18030 编码的文本（第 {line} 行附近出现无法识别的字节）。"
        "未导入任何内容，请另存为 UTF-8 后重试。"
    )


class MalformedCsv(ExchangeError):
    """File {file} is not well-formed CSV at line {line}: {reason}. \
Nothing from that line on was imported; correct the line and try again."""

    zh = "文件 {file} 第 {line} 行不是正确的 CSV：{reason_zh}。该行及之后的内容未导入，请改正后重试。"


class MalformedSheet(ExchangeError):
    """Workbook {file} is damaged after row {row} of its sheet. \
Nothing from that row on was imported; open it in Excel, save it anew and try again."""

    zh = "工作簿 {file} 的工作表在第 {row} 行之后已损坏。此后的内容未导入，请用 Excel 打开并重新保存后重试。"


class UnsafeWorkbook(ExchangeError):
    """Workbook {file} is refused: {reason}. Nothing was imported."""

    zh = "工作簿 {file} 被拒绝：{reason_zh}。未导入任何内容。"


class HeaderWrong(ExchangeError):
    """The header of file {file} can't be used: {reason}. Nothing was imported."""

    zh = "文件 {file} 的表头无法使用：{reason_zh}。未导入任何内容。"
    own_words = ZhenshuError.own_words  # a file without a heading has its first person there


class MalformedXml(ExchangeError):
    """File {file} is not well-formed XML: {reason}. Nothing was imported."""

    zh = "文件 {file} 不是正确的 XML：{reason_zh}。未导入任何内容。"


class UnsafeXml(ExchangeError):
    """File {file} holds an entity declaration, which is refused. \
Nothing was imported and nothing was fetched; remove the declaration."""

    zh = "文件 {file} 含有实体声明，予以拒绝。未导入任何内容，也未访问外部资源；请删除该声明。"


class UnsafeArchive(ExchangeError):
    """Archive {file} is refused: {reason}. Nothing was unpacked."""

    zh = "压缩包 {file} 被拒绝：{reason_zh}。未解压任何内容。"


class MalformedYaml(ExchangeError):
    """File {file} is not the YAML of a definition: {reason} (line {line}). Nothing was imported."""

    zh = "文件 {file} 不是定义文件的 YAML：{reason_zh}（第 {line} 行）。未导入任何内容。"
    own_words = ZhenshuError.own_words


class MalformedJson(ExchangeError):
    """File {file} is not well-formed JSON: {reason}. Nothing was imported."""

    zh = "文件 {file} 不是正确的 JSON：{reason_zh}。未导入任何内容。"


class FileTooLarge(ExchangeError):
    """File {file} is larger than a definition may be ({limit} bytes). Nothing was imported."""

    status = 413
    zh = "文件 {file} 超过定义文件的大小上限（{limit} 字节）。未导入任何内容。"
