"""`vaqf search`, and compiling what it finds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vaqf.compiler.cli import main as vaqf
from vaqf.compiler.project import MANIFEST, Json, is_json_object

MNIST = Path(__file__).parents[2] / "examples" / "mnist" / "mnist_vit.onnx"

SMALL = """\
description = "A small board"
part = "xc7z010clg400-1"
clock_mhz = 100
dsp_kind = "DSP48E1"

[resources]
lut = 90_000
ff = 180_000
dsp = 500
bram36 = 140
uram = 0

[usable]
lut = 0.8
ff = 0.8
dsp = 1.0
bram36 = 1.0
uram = 1.0

[memory]
ports = 2
port_bits = 64
gigabytes_per_second = 2.0
"""


@pytest.fixture
def board(tmp_path: Path) -> str:
    """A board that is quickly full."""
    file = tmp_path / "small.toml"
    file.write_text(SMALL, encoding="utf-8")
    return str(file)


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Json]:
    """The only object on the standard output."""
    found: object = json.loads(capsys.readouterr().out)
    assert is_json_object(found)
    return found


def numbers(found: Json) -> dict[str, int]:
    """An object of numbers."""
    assert is_json_object(found)
    return {name: number for name, number in found.items() if isinstance(number, int)}


def test_search_and_compile(board: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["search", str(MNIST), "--board", board, "--fps", "1000", "--json"]
    assert vaqf(command) == 0
    found = told(capsys)
    assert found["reached"] is True
    assert found["clock_mhz"] == 100
    assert isinstance(found["fps"], float) and isinstance(found["cycles"], int)
    assert isinstance(found["frames"], int)
    assert found["fps"] == pytest.approx(100e6 * found["frames"] / found["cycles"], rel=1e-3)
    assert isinstance(found["resources"], dict) and isinstance(found["frontier"], list)
    for each in found["resources"].values():
        amounts = numbers(each)
        assert amounts["used"] <= amounts["available"] <= amounts["device"]
    assert [numbers(each)["activation_bits"] for each in found["frontier"]] == [*range(16, 0, -1)]
    wider = [
        each
        for each in found["frontier"]
        if numbers(each)["activation_bits"] > numbers(found)["activation_bits"]
    ]
    rates = [each.get("fps", 0) for each in wider if is_json_object(each)]
    assert all(isinstance(rate, float | int) and rate < 1000 for rate in rates)

    config = tmp_path / "choice.json"
    config.write_text(json.dumps(found), encoding="utf-8")
    project = tmp_path / "project"
    assert vaqf(["compile", str(MNIST), "--config", str(config), "-o", str(project)]) == 0
    report: object = json.loads((project / "report" / "estimate.json").read_text())
    assert is_json_object(report)
    assert report["cycles"] == found["cycles"]
    estimated = numbers(report["resources"])
    for kind, amounts in found["resources"].items():
        assert estimated[kind] == pytest.approx(numbers(amounts)["used"], rel=0.01)


def test_table(board: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pictures = tmp_path / "pictures"
    command = ["search", str(MNIST), "--board", board, "--fps", "500", "--clock-mhz", "50"]
    command += ["--frames", "1"]
    assert vaqf([*command, "--plot", str(pictures)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].split()[:4] == ["bits", "frames/s", "at", "once"]
    (chosen,) = (line for line in out if line.lstrip().startswith("*"))
    assert chosen.split()[2] == "1"
    assert "bit activations reach" in out[-4] and "50 MHz, 500 wanted" in out[-4]
    assert out[-3].endswith("it would be faster")
    assert "of that is reached" in out[-2] and "of the LUTs are adders" in out[-1]
    for name in ("frontier", "layers"):
        assert (pictures / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_out_of_reach(board: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["search", str(MNIST), "--board", board, "--frames", "1", "--fps", "8000"]
    assert vaqf([*command, "--json"]) == 3
    found = told(capsys)
    assert found["reached"] is False
    assert isinstance(found["fps"], float) and found["fps"] < 8000
    assert found["binds"] in ("lut", "dsp", "bram18", "ff")
    assert isinstance(found["would_do"], str)
    assert vaqf(["search", str(MNIST), "--board", found["would_do"], *command[4:]]) == 0
    capsys.readouterr()

    project = tmp_path / "project"
    again = ["compile", str(MNIST), *command[2:], "-o", str(project)]
    assert vaqf([*again, "--json"]) == 3
    output = capsys.readouterr()
    assert "reach no more than" in output.err and json.loads(output.out) == found
    assert not project.exists()


def test_nothing_fits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--recipe", "board zcu102 { lut 1%; clock 100MHz }", "--frames", "1"]
    assert vaqf(["search", str(MNIST), "--fps", "10", *small, "--json"]) == 3
    found = told(capsys)
    assert (found["fps"], found["clock_mhz"], found["binds"]) == (0.0, 100, "lut")
    assert (found["activation_bits"], found["cycles"], found["parameters"]) == (None, None, None)
    assert is_json_object(found["resources"])
    assert found["resources"]["lut"] == {"used": None, "available": 2740, "device": 274_080}

    file = tmp_path / "nothing.json"
    file.write_text(json.dumps(found), encoding="utf-8")
    project = tmp_path / "project"
    assert vaqf(["compile", str(MNIST), "--config", str(file), "-o", str(project)]) == 2
    assert "found no accelerator, expected 'parameters'" in capsys.readouterr().err
    assert not project.exists()


def test_compile_for_a_rate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / "project"
    assert vaqf(["compile", str(MNIST), "--fps", "1000", "-o", str(project)]) == 0
    error = capsys.readouterr().err
    assert "16-bit activations reach" in error
    manifest: object = json.loads((project / MANIFEST).read_text())
    assert is_json_object(manifest) and is_json_object(manifest["options"])
    assert manifest["options"]["activation-bits"] == 16


def test_rules_keep_their_widths(board: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["search", str(MNIST), "--board", board, "--fps", "1000", "--json"]
    assert vaqf([*command, "--recipe", "blocks[0].mlp: a3"]) == 0
    found = told(capsys)
    assert found["recipe"] == "blocks[0].mlp: a3"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fps", "0"], "--fps is 0, it must be positive"),
        (["--fps", "nan"], "--fps is nan, it must be positive"),
        (["--fps", "fast"], "argument --fps: invalid float value: 'fast' (see vaqf search --help)"),
        ([], "the following arguments are required: --fps (see vaqf search --help)"),
        (["--fps", "1", "--clock-mhz", "0"], "the clock is 0 MHz, accepted range is [1, 1000]"),
        (["--fps", "1", "--board", "zcu1021"], "unknown board 'zcu1021', did you mean 'zcu102'?"),
        (
            ["--fps", "1", "--frames", "3"],
            "argument --frames: invalid choice: 3 (choose from 1, 2) (see vaqf search --help)",
        ),
        (["--fps", "1", "--weight-bits", "3"], "weight bits are 3, accepted are 1, 8 and 16"),
        (["--fps", "1", "--weight-bits", "0"], "weight bits are 0, accepted are 1, 8 and 16"),
    ],
)
def test_mistakes(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert vaqf(["search", str(MNIST), *arguments]) == 2
    output = capsys.readouterr()
    assert output.err == f"vaqf: error: {message}\n"
    assert not output.out


@pytest.mark.parametrize("flag", [["--activation-bits", "8"], ["--tile", "keys=4"]])
def test_one_choice(flag: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["compile", str(MNIST), "--fps", "10", "-o", str(tmp_path / "project"), *flag]
    assert vaqf(command) == 2
    expected = f"vaqf: error: --fps searches what {flag[0]} chooses, give one of them\n"
    assert capsys.readouterr().err == expected


def test_no_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert vaqf(["search", str(tmp_path / "none.onnx"), "--fps", "1"]) == 2
    assert capsys.readouterr().err == f"vaqf: error: {tmp_path}/none.onnx: no such file\n"
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model")
    assert vaqf(["search", str(broken), "--fps", "1"]) == 2
    assert capsys.readouterr().err.startswith(f"vaqf: error: {broken}: ")


def test_no_folder_for_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is told before the search begins."""
    file = tmp_path / "file"
    file.write_text("")
    assert vaqf(["search", str(MNIST), "--fps", "1", "--plot", str(file / "pictures")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("vaqf: error: ") and "bits" not in error
