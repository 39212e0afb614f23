"""Text in the encodings that registries are really exported in."""

import codecs

import pytest

from metamodel.exchange import SourceFile
from metamodel.exchange.errors import FileTooLarge, UnknownEncoding
from metamodel.exchange.source import detect_encoding

CHINESE = "变量,表单\n姓名,人口学\n性别,人口学\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_every_usual_encoding(encoding):
    data = ("code,label\n" + CHINESE).encode(encoding)

    assert SourceFile("a.csv", data).text() == "code,label\n" + CHINESE


def test_a_byte_order_mark_is_no_part_of_the_text():
    data = codecs.BOM_UTF16_BE + "a,b".encode("utf-16-be")

    assert SourceFile("a.csv", data).text() == "a,b"


def test_an_unknown_encoding_is_refused_with_its_line():
    data = "record_id,note\n1,ok\n2,café très\n".encode("latin-1")

    with pytest.raises(UnknownEncoding) as caught:
        SourceFile("note.csv", data).text()

    assert caught.value.values["line"] == 3
    assert "UTF-8" in caught.value.message("zh")


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(UnknownEncoding):
        SourceFile("a.csv", bytes(range(256)) * 4).text()


def test_a_sample_may_end_within_a_character():
    sample = CHINESE.encode()[:4]

    assert detect_encoding(sample, "a.csv", whole=False) == "utf-8-sig"
    with pytest.raises(UnknownEncoding):
        detect_encoding(sample, "a.csv")


def test_a_file_beyond_the_limit_is_not_read(tmp_path):
    path = tmp_path / "large.csv"
    path.write_bytes(b"x" * 100)

    with pytest.raises(FileTooLarge):
        SourceFile("large.csv", path).data(limit=99)
