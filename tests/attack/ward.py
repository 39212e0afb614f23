"""A database whose identifying fields hold canaries: identities that nobody else has, so that any trace of
them in an answer, a file or a log is a leak."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.metamodel.live import a_document, a_field, a_type, choices

CODE = "ward"
PATIENT: Mapping[str, Any] = {
    "no": "ZY-Q77310982",
    "name": "欧阳澜湘",
    "id_card": "330102195108174421",
    "phone": "13957108642",
    "landline": "0571-88996677",
    "email": "lanxiang.ouyang@zju-canary.cn",
    "bank": "6228480402564890018",
    "born": "1951-08-17",
    "address": "浙江省杭州市西湖区翠苑九里七幢三零四室",
    "remark": "联系人：皇甫若汐",
}
EXAM = {"accession": "CT-Q55120377", "reader": "诸葛清砚"}

# A part of each identity that no mask shows, as it may survive where the whole does not.
PARTS = (
    "Q77310982", "77310982", "澜湘", "欧阳澜", "19510817", "195108174421", "5710864", "8899667", "lanxiang",
    "ouyang", "8040256489", "1951-08-17", "1951/08/17", "1951年8月17日", "翠苑九里", "七幢三零四",
    "皇甫若汐", "皇甫", "Q55120377", "55120377", "诸葛清砚", "清砚",
)  # fmt: skip
CANARIES = tuple(dict.fromkeys((*map(str, PATIENT.values()), *EXAM.values(), *PARTS)))

DOCUMENT = a_document(
    CODE,
    a_type(
        "patient",
        a_field("no", identifying=True, masking="pseudonym"),
        a_field("name", identifying=True, masking="redact"),
        a_field("id_card", identifying=True, masking="id_card", checks=[{
            "expression": "length([id_card]) = 18",
            "message": {"zh": "证件号应为 18 位", "en": "18 digits are needed"}, "severity": "warning",
        }]),
        a_field("phone", identifying=True, masking="phone"),
        a_field("landline", identifying=True, masking="landline"),
        a_field("email", identifying=True, masking="email"),
        a_field("bank", identifying=True, masking="bank_card"),
        a_field("born", "date", identifying=True, masking="date_shift", maximum="today"),
        a_field("address", "long_text", identifying=True, masking="address"),
        a_field("remark", "long_text", identifying=True),
        a_field("sex", "choice", value_set="sex"),
        a_field("weight", "decimal", options={"scale": 1}, minimum=1, maximum=400),
        a_field("note", "long_text"),
        key="no",
    ),
    a_type(
        "exam",
        a_field("accession", identifying=True, masking="pseudonym"),
        a_field("reader", identifying=True),
        a_field("on", "date"),
        a_field("dose", "decimal", options={"scale": 1}),
        parent="patient", repeats=True,
    ),
    value_sets={"sex": choices("1", "2")},
)  # fmt: skip


@dataclass(frozen=True)
class Leak:
    """A canary, and around it what it was found in."""

    canary: str
    form: str
    around: str


def _forms() -> Iterator[tuple[str, str, bytes]]:
    """(canary, how it is written, bytes): ways in which a text survives what handles it."""
    for canary in CANARIES:
        yield canary, "text", canary.encode()
        yield canary, "UTF-16", canary.encode("utf-16-le")
        yield canary, "hex", canary.encode().hex().encode()
        yield canary, "HEX", canary.encode().hex().upper().encode()
        if not canary.isascii():
            yield canary, "GB 18030", canary.encode("gb18030")
            yield canary, "URL", quote(canary).encode()
            escaped = "".join(f"\\u{ord(each):04x}" for each in canary)
            yield canary, "JSON", escaped.encode()
            yield canary, "Python", "".join(f"\\x{byte:02x}" for byte in canary.encode()).encode()
            yield canary, "HTML", "".join(f"&#{ord(each)};" for each in canary).encode()
        if len(canary.encode()) >= 8:  # shorter ones leave too little that is their own
            for shift in range(3):
                coded = base64.b64encode(b"\0" * shift + canary.encode())
                yield canary, "base64", coded[(4 if shift else 0) : len(coded) // 4 * 4 - 4]


FORMS = tuple(_forms())


def leaks(content: bytes | str) -> list[Leak]:
    """The canaries in `content`, also in packed content."""
    data = content.encode() if isinstance(content, str) else content
    found = []
    for part in _unpacked(data):
        for canary, form, raw in FORMS:
            if (at := part.find(raw)) >= 0:
                found.append(Leak(canary, form, part[max(0, at - 60) : at + 60].decode(errors="replace")))
    return found


def _unpacked(data: bytes) -> Iterator[bytes]:
    yield data
    if data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data)
    if data[:4] == b"PK\x03\x04" and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield archive.read(name)
    if data[:1] == b"\x78":
        try:
            yield zlib.decompress(data)
        except zlib.error:
            return
