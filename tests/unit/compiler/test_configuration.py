"""Choices of accelerators in files."""

import json
from pathlib import Path

import pytest

from vaqf.compiler.configuration import Configuration, choices_of, read_configuration
from vaqf.compiler.pipeline import Options
from vaqf.compiler.project import Json
from vaqf.compiler.recipe import parse_rules
from vaqf.dialects.diagnostics import UserError
from vaqf.passes.pipeline_loops import PipelineLoopsPass
from vaqf.passes.tile_engines import TileEnginesPass


def written(tmp_path: Path, content: Json | str) -> Path:
    file = tmp_path / "choice.json"
    text = content if isinstance(content, str) else json.dumps(content)
    file.write_text(text, encoding="utf-8")
    return file


def test_reads_back(tmp_path: Path) -> None:
    tiling = TileEnginesPass(binary_matmul=(128, 32, 2), keys=12, pack_values=True)
    rules = parse_rules("blocks[0]: a4", "rules")
    options = Options(
        8, 6, tiling=tiling, pipelining=PipelineLoopsPass(vector_lanes=16), uram=7, rules=rules
    )
    read = read_configuration(written(tmp_path, choices_of("zcu104", 150, options)))
    assert (read.board, read.clock_mhz) == ("zcu104", 150)
    assert (read.weight_bits, read.activation_bits) == (8, 6)
    assert (read.tiling, read.vector_lanes, read.uram) == (tiling, 16, 7)
    assert read.recipe is not None and read.recipe.rules == rules


def test_what_is_left_out(tmp_path: Path) -> None:
    assert read_configuration(written(tmp_path, {})) == Configuration()
    read = read_configuration(written(tmp_path, {"parameters": {"keys": 3}, "fps": 12.0}))
    assert read == Configuration(tiling=TileEnginesPass(keys=3))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[1", ":1:3: is not JSON: Expecting ',' delimiter"),
        ([1], ": is no JSON object"),
        (
            {"activation_bit": 8},
            ": unknown field 'activation_bit', did you mean 'activation_bits'?",
        ),
        ({"activation_bits": "8"}, ": field 'activation_bits' is \"8\", expected an integer"),
        ({"clock_mhz": True}, ": field 'clock_mhz' is true, expected an integer"),
        ({"board": 3}, ": field 'board' is 3, expected text"),
        (
            {"parameters": None, "frontier": []},
            ": is what a search told that found no accelerator, expected 'parameters'",
        ),
        ({"parameters": 3}, ": field 'parameters' is 3, expected an object"),
        ({"parameters": {"key": 3}}, ": unknown field 'parameters.key', did you mean 'keys'?"),
        (
            {"parameters": {"binary_matmul": [1, "a"]}},
            ": field 'parameters.binary_matmul' is [1, \"a\"], expected a list of integers",
        ),
        (
            {"parameters": {"pack_values": 1}},
            ": field 'parameters.pack_values' is 1, expected true or false",
        ),
        (
            {"parameters": {"binary_form": 1}},
            ": field 'parameters.binary_form' is 1, expected text",
        ),
        (
            {"parameters": {"vector_lanes": 1.5}},
            ": field 'parameters.vector_lanes' is 1.5, expected an integer",
        ),
    ],
)
def test_mistakes(content: Json, message: str, tmp_path: Path) -> None:
    file = written(tmp_path, content)
    with pytest.raises(UserError) as error:
        read_configuration(file)
    assert str(error.value) == f"{file}{message}"


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.json: no such file"):
        read_configuration(tmp_path / "none.json")
