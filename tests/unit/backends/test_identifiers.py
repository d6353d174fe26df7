"""Names and texts that come from a model, in the languages of a project."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaqf.backends.hls.identifiers import (
    KEYWORDS,
    Names,
    comment_text,
    constant_name,
    counted,
    extended,
    identifier,
    plural,
    singular,
    string_literal,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fc1_weight", "fc1_weight"),
        ("blocks.0.mlp/fc1", "blocks_0_mlp_fc1"),
        ("pixelValues", "pixel_values"),
        ("INT_MAX", "int_max"),
        ("__reserved__", "reserved"),
        ("3d", "value_3d"),
        ("", "value"),
        ("*/ #error", "error"),
        ("größe", "gr_e"),
        ("delete", "delete_"),
        ("stdin", "stdin_"),
        ("size_t", "size_t_"),
    ],
)
def test_identifier(name: str, expected: str) -> None:
    assert identifier(name) == expected


@given(st.text())
def test_every_name_becomes_an_identifier(name: str) -> None:
    found = identifier(name)
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*_?", found)
    assert found not in KEYWORDS


def test_names_are_used_once_and_hide_nothing() -> None:
    file = Names(["clamp"])
    first, second = file.inside(), file.inside()
    assert first.fresh("clamp") == "clamp_2"
    assert (first.fresh("token"), first.fresh("token")) == ("token", "token_2")
    assert second.fresh("token") == "token"
    # What a scope inside uses is not taken outside of it afterwards.
    assert file.fresh("token") == "token_3"
    assert file.fresh("sum_t") == "sum_t"
    assert file.fresh("sum_t") == "sum_2_t"
    assert file.fresh("logits", "logits_matrix") == "logits"
    assert file.fresh("logits", "logits_matrix") == "logits_matrix"
    assert file.fresh("logits", "logits_matrix") == "logits_2"
    assert file.fresh("class_") == "class_"
    assert file.fresh("class_") == "class_2"


def test_spelling() -> None:
    assert constant_name("fc1_weight_at") == "kFc1WeightAt"
    assert extended("class_", "at") == "class_at"
    nouns = ("token", "query", "key", "patch", "class", "box")
    assert [plural(each) for each in nouns] == [
        "tokens",
        "queries",
        "keys",
        "patches",
        "classes",
        "boxes",
    ]
    assert all(singular(plural(each)) == each for each in ("token", "query", "key", "patch", "box"))
    assert (counted(1, "bit"), counted(2, "bit")) == ("1 bit", "2 bits")


@given(st.text())
def test_comments_stay_comments(text: str) -> None:
    found = comment_text(text)
    assert found.isprintable() and found.isascii()
    assert not any(mark in found for mark in ("*/", "/*", "??", "\\", "`"))


@pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")
def test_string_literals_read_back(tmp_path: Path) -> None:
    texts = ['"', "\\", "??/", "a\nb", "\t\x01\x7f9", "größe", "%s", "*/ //", "\\n", ""]
    lines = [
        f"  std::fwrite({string_literal(each)}, 1, {len(each.encode())}, stdout);" for each in texts
    ]
    source = tmp_path / "literals.cpp"
    source.write_text("#include <cstdio>\nint main() {\n" + "\n".join(lines) + "\n}\n")
    command = ["g++", "-std=c++14", "-Wall", "-Werror", source, "-o", tmp_path / "literals"]
    subprocess.run(command, check=True)
    printed = subprocess.run([tmp_path / "literals"], capture_output=True, check=True).stdout
    assert printed == "".join(texts).encode()
