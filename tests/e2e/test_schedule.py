"""The estimate of cycles is right about the C++: a simulation of what runs agrees with it."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from vaqf.compiler.cli import main as vaqf

MODELS = Path(__file__).parents[1] / "models" / "families"
RESOURCES = Path(__file__).parents[2] / "backends" / "hls" / "resources"
TOLERANCE = 0.02


def compiled(model: str, project: Path, *options: str) -> Path:
    """A project for one of the small models."""
    assert vaqf(["compile", str(MODELS / model), "-o", str(project), *options]) == 0
    return project


def simulated(project: Path) -> dict[str, tuple[int, int]]:
    """Calls and cycles by engine, and in total, of one frame."""
    command = ["make", "-C", str(project), "csim-schedule", "CXXFLAGS=-O1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    table = done.stdout.partition("engine ")[2]
    rows = re.findall(r"^(\w+) +(\d+) +(\d+)$", table, re.MULTILINE)
    return {name: (int(calls), int(cycles)) for name, calls, cycles in rows}


def estimated(project: Path) -> dict[str, tuple[int, int]]:
    """The same of the estimate."""
    report = json.loads((project / "report" / "estimate.json").read_text(encoding="utf-8"))
    engines = {name: (each["calls"], each["cycles"]) for name, each in report["engines"].items()}
    calls = sum(each for each, _ in engines.values())
    return {**engines, "total": (calls, report["cycles"])}


def disagreements(project: Path) -> list[str]:
    """Engines of which the estimate is wrong; `total` for the frame."""
    measured, expected = simulated(project), estimated(project)
    assert set(measured) == set(expected)
    return [
        name
        for name, (calls, cycles) in expected.items()
        if measured[name][0] != calls or abs(measured[name][1] - cycles) > TOLERANCE * cycles
    ]


def uncounted_loops(source: str) -> Iterator[str]:
    """
    Loops that are not unrolled and yet not counted with the interval of their pragma.

    A pipeline begins anew in every iteration of the loops around it, but for those that are
    flattened into it.
    """
    lines = [line.strip() for line in source.splitlines()]
    lines = [line for line in lines if not line.startswith(("//", "#pragma HLS loop_tripcount"))]
    around: list[str] = []
    for number, line in enumerate(lines):
        if (loop := re.match(r"for \((?:int )?(\w+) = ", line)) is None:
            continue
        pragmas = list(itertools.takewhile(lambda each: each[0] == "#", lines[number + 1 :]))
        first = lines[number + 1 + len(pragmas)]
        text = "\n".join(pragmas)
        if "HLS unroll" in text:
            continue
        if re.fullmatch(r"\w+:", first):
            around.append(loop[1])
            continue
        flattened = around if "HLS loop_flatten" in text else []
        around = []
        if pipeline := re.search(r"#pragma HLS pipeline II = (\d+)", text):
            counted = re.match(
                rf"SCHEDULE_(?:PIPELINED|BURST)\((.*?), {pipeline[1]}, \d+(, \d+)?\);", first
            )
            counters = set(re.findall(r"[a-z]\w*", counted[1])) if counted else set[str]()
            is_counted = counters == {loop[1], *flattened}
        else:
            is_counted = first.startswith("SCHEDULE_CYCLES")
        if not is_counted:
            yield lines[number - 1]


@pytest.mark.parametrize(
    ("model", "options"),
    [
        ("timm_fused.legacy17.onnx", ()),
        (
            "timm_fused.legacy17.onnx",
            ("--frames", "2", "--tile", "binary-matmul=64,64,8 integer-matmul=64,4,2"),
        ),
        ("hf_deit.legacy17.onnx", ("--weight-bits", "8")),
    ],
)
def test_the_estimate_agrees(model: str, options: tuple[str, ...], tmp_path: Path) -> None:
    project = compiled(model, tmp_path / "project", *options)
    assert disagreements(project) == []
    for source in sorted((project / "src").glob("*.cpp")):
        assert list(uncounted_loops(source.read_text(encoding="utf-8"))) == [], source.name


def test_a_slow_memory_is_waited_for(tmp_path: Path) -> None:
    """Two frames at once need more words than one port brings; at each call, and in each slot."""
    board = tmp_path / "slow.toml"
    text = (files("vaqf.compiler") / "boards" / "zcu102.toml").read_text(encoding="utf-8")
    board.write_text(
        re.sub(r"(gigabytes_per_second = )[\d.]+", r"\g<1>0.4", text), encoding="utf-8"
    )
    model, options = "timm_fused.legacy17.onnx", ("--frames", "2")
    usual = compiled(model, tmp_path / "usual", *options)
    slow = compiled(model, tmp_path / "slow", *options, "--board", str(board))
    assert disagreements(slow) == []
    assert simulated(slow)["total"][1] > 1.2 * simulated(usual)["total"][1]


def test_a_wrong_interval_is_found(tmp_path: Path) -> None:
    project = compiled("timm_fused.legacy17.onnx", tmp_path / "project")
    source = project / "src" / "layer_norm.cpp"
    text = source.read_text(encoding="utf-8")
    pragma = re.sub(r"(pipeline II = )(\d+)", r"\g<1>9\2", text)
    assert list(uncounted_loops(pragma))
    source.write_text(
        re.sub(r"(SCHEDULE_PIPELINED\(.*, )(\d+)(, \d+\))", r"\g<1>9\2\3", text), encoding="utf-8"
    )
    assert set(disagreements(project)) == {"layer_norm", "total"}


CLOCK = """
#include "schedule.hpp"
static void engine() {
    SCHEDULE_ENGINE(engine, 4);
    for (int i = 0; i < 5; ++i) SCHEDULE_PIPELINED(i == 0, 2, 10);
}
int main() {
    engine();
    if (simulated_clock().now != 4 + 10 + 4 * 2) return 1;
    if (simulated_clock().engines["engine"].cycles != 22) return 2;
    SCHEDULE_FORK();
    SCHEDULE_CYCLES(7);
    SCHEDULE_STAGE();
    SCHEDULE_FORK();
    SCHEDULE_CYCLES(9);
    SCHEDULE_STAGE();
    SCHEDULE_CYCLES(1);
    SCHEDULE_STAGE();
    SCHEDULE_JOIN();
    SCHEDULE_STAGE();
    SCHEDULE_JOIN();
    return simulated_clock().now == 22 + 9 ? 0 : 3;
}
"""


def test_the_clock(tmp_path: Path) -> None:
    (tmp_path / "clock.cpp").write_text(CLOCK, encoding="utf-8")
    command = ["g++", "-std=c++14", "-Wall", "-Wextra", "-Werror", "-DVAQF_SCHEDULE"]
    command += [f"-I{RESOURCES}", str(tmp_path / "clock.cpp"), "-o", str(tmp_path / "clock")]
    subprocess.run(command, check=True)
    assert subprocess.run([tmp_path / "clock"], check=False).returncode == 0
