"""Tests of `vaqf bisect` with passes that are broken."""

import os
import re
import shutil
import signal
from itertools import count
from math import erf, sqrt
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from xdsl.dialects.builtin import ModuleOp

from tests.unit.compiler.bisection.planted import gelus, plant
from vaqf.compiler import opt
from vaqf.compiler.bisection.properties import DiffersAlike
from vaqf.compiler.bisection.reduction import Candidate
from vaqf.compiler.cli import main
from vaqf.compiler.context import full_context
from vaqf.compiler.errors import Terminated
from vaqf.compiler.located_parser import parse_ir

MODELS = Path(__file__).parents[3] / "models"
MODEL = MODELS / "families" / "timm_patch8.legacy17.onnx"

IR = """\
func.func @forward(%x: tensor<4x6xf32> {vaqf.name = "x"})
    -> (tensor<4x6xf32> {vaqf.name = "y"}) {
  %a = vit.gelu %x : tensor<4x6xf32> -> tensor<4x6xf32>
  %b = vit.add %a, %x : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32>
  %c = vit.add %b, %x : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32>
  %d = vit.gelu %c : tensor<4x6xf32> -> tensor<4x6xf32>
  %e = vit.add %d, %c : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32>
  func.return %e : tensor<4x6xf32>
}
"""

LEAVE = """
from dataclasses import dataclass
from xdsl.passes import ModulePass

@dataclass(frozen=True)
class LeavePass(ModulePass):
    name = "leave"

    def apply(self, ctx, op):
        raise SystemExit(7)
"""

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with IR and samples for it, and passes that break it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VAQF_DEBUG", raising=False)
    plant(monkeypatch)
    (tmp_path / "ir.mlir").write_text(IR)
    samples = np.random.default_rng(0).standard_normal((3, 4, 6), np.float32)
    np.savez(tmp_path / "x.npz", x=samples)
    return tmp_path


def bisected(passes: str, capsys: Captured, *options: str, file: str = "ir.mlir") -> list[str]:
    """What is printed when a pass is found."""
    assert main(["bisect", file, *(["-p", passes] if passes else []), *options]) == 0
    return capsys.readouterr().out.splitlines()


def gelu(x: NDArray[np.float32]) -> NDArray[np.floating]:
    halves = [(1 + erf(each / sqrt(2))) / 2 for each in x.ravel().tolist()]
    return x * np.reshape(halves, x.shape)


def module_in(file: str) -> ModuleOp:
    return parse_ir(full_context(), Path(file).read_bytes(), file)


def size_of(file: str) -> int:
    """Operations but the module, functions and what ends them."""
    names = [op.name for op in module_in(file).walk()]
    return len(
        [each for each in names if each not in ("builtin.module", "func.func", "func.return")]
    )


def rerun(file: str, capsys: Captured) -> str:
    """What `vaqf-opt` says of a reproducer."""
    assert opt.main(["--run-reproducer", file]) != 0
    return capsys.readouterr().err


def test_a_pass_that_refuses(capsys: Captured) -> None:
    out = bisected("cse,plant-give-up{message=no},dce", capsys, "-o", "r.mlir")
    assert out == [
        "pass 2 of 3: plant-give-up{message=no}",
        "  criterion   crashes",
        "  before      verifies",
        "  after       plant-give-up: 'vit.gelu' at ir.mlir:6:3: no",
        "  reproducer  r.mlir, 7 operations",
        "  again       vaqf-opt --run-reproducer r.mlir",
    ]
    assert "plant-give-up: 'vit.gelu' at ir.mlir:6:3: no" in rerun("r.mlir", capsys)


def test_a_pass_that_refuses_is_reduced(capsys: Captured) -> None:
    out = bisected("cse,plant-give-up,dce", capsys, "-o", "r.mlir", "--reduce")
    assert "  reproducer  r.mlir, 4 of 7 operations" in out
    assert len(gelus(module_in("r.mlir"))) == size_of("r.mlir") == 2
    assert "'vit.gelu' at ir.mlir:6:3: has 24 elements" in rerun("r.mlir", capsys)


def test_reducing_keeps_the_kind_of_crash(capsys: Captured) -> None:
    out = bisected("plant-crash", capsys, "-o", "r.mlir", "--reduce")
    assert "  after       plant-crash: KeyError: 'no rule for vit.add'" in out
    assert size_of("r.mlir") == 1
    assert "KeyError: 'no rule for vit.add'" in rerun("r.mlir", capsys)


def test_a_pass_that_wants_to_end_the_process(folder: Path, capsys: Captured) -> None:
    (folder / "leave.py").write_text(LEAVE)
    out = bisected("cse,leave", capsys, "--load-pass-plugin", "leave.py")
    assert out[0] == "pass 2 of 2: leave"
    (after,) = (line for line in out if line.startswith("  after"))
    assert re.match(r"  after       leave: SystemExit: 7 \(.*leave\.py:10\)$", after)


def test_who_ends_bisect_does_not_end_a_pass(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "leave.py").write_text(
        LEAVE.replace("raise SystemExit(7)", "import os, signal; os.kill(os.getpid(), 15)")
    )
    handler = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(Terminated):
            main(["bisect", "ir.mlir", "-p", "leave", "--load-pass-plugin", "leave.py"])
    finally:
        signal.signal(signal.SIGTERM, handler)


def test_invalid_ir(capsys: Captured) -> None:
    out = bisected("plant-break-type", capsys, "-o", "r.mlir", "--reduce")
    assert out[1] == "  criterion   does-not-verify"
    assert "'result' has shape (5, 6), expected (4, 6)" in out[3]
    assert size_of("r.mlir") == 1
    assert "'result' has shape (5, 6), expected (4, 6)" in rerun("r.mlir", capsys)


def test_a_difference(capsys: Captured) -> None:
    options = ("--input", "x.npz", "--tolerance", "0.01", "-o", "r.mlir")
    out = bisected("cse,canonicalize,plant-drop-gelu,dce,cse", capsys, *options)
    assert out[:3] == [
        "pass 3 of 5: plant-drop-gelu",
        "  criterion   differs",
        "  before      no difference",
    ]
    assert out[3].startswith("  after       max error ") and " in 'y', sample " in out[3]
    command = "vaqf bisect r.mlir --input x.npz --tolerance 0.01 --reference ir.mlir"
    assert out[-1] == f"  again       {command}"
    assert Path("r.mlir").read_text().splitlines()[1] == f"// {command}"
    again = bisected("", capsys, *command.split()[3:], file="r.mlir")
    assert again[0] == "pass 1 of 1: plant-drop-gelu"
    assert again[3] == out[3]


@pytest.mark.parametrize("accepted", [("--tolerance", "0.01"), ("--exact",)])
def test_a_difference_is_reduced(accepted: tuple[str, ...], capsys: Captured) -> None:
    options = ("--input", "x.npz", *accepted, "-o", "r.mlir")
    out = bisected("cse,plant-drop-gelu,dce", capsys, *options, "--reduce")
    assert "  inputs      r.inputs.npz" in out
    assert size_of("r.mlir") == 1
    command = f"vaqf bisect r.mlir --input r.inputs.npz {' '.join(accepted)}"
    assert out[-1] == f"  again       {command}"
    again = bisected("", capsys, *command.split()[3:], file="r.mlir")
    assert again[0] == "pass 1 of 1: plant-drop-gelu"


@pytest.mark.parametrize("tried", [1, 4])
def test_what_is_left_is_written_when_the_user_interrupts(
    tried: int, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, calls, holds = 7, count(), DiffersAlike.__call__

    def interrupted(self: DiffersAlike, candidate: Candidate) -> bool:
        if next(calls) == tried:
            raise KeyboardInterrupt
        return holds(self, candidate)

    monkeypatch.setattr(DiffersAlike, "__call__", interrupted)
    options = ("--input", "x.npz", "--exact", "-o", "r.mlir", "--reduce")
    assert main(["bisect", "ir.mlir", "-p", "plant-drop-gelu", *options]) == 0
    told = capsys.readouterr()
    so_far = "what is left" if tried > 1 else "all, nothing was left out"
    assert f"interrupted: the reproducer is {so_far} so far" in told.err
    size = sum(1 for _ in module_in("r.mlir").walk()) - 1
    assert (size < whole) == (tried > 1) and "warning" not in told.out
    again = bisected("", capsys, "--input", "r.inputs.npz", "--exact", file="r.mlir")
    assert again[0] == "pass 1 of 1: plant-drop-gelu"


def test_what_is_rounded_as_it_should_is_not_what_is_left(folder: Path, capsys: Captured) -> None:
    (folder / "ir.mlir").write_text(
        IR.replace("%a = vit.gelu %x :", "%a = vit.add %x, %x : tensor<4x6xf32>,")
    )
    options = ("--input", "x.npz", "--exact", "-o", "r.mlir", "--reduce")
    assert bisected("plant-round", capsys, *options)[1] == "  criterion   differs"
    assert len(gelus(module_in("r.mlir"))) == size_of("r.mlir") == 1


def test_arguments_have_the_values_that_they_had_in_the_network(capsys: Captured) -> None:
    options = ("--input", "x.npz", "--exact", "-o", "r.mlir", "--reduce")
    out = bisected("plant-drop-gelu{result=d}", capsys, *options)
    sample = int(out[4].split()[-1])
    assert size_of("r.mlir") == 1
    inputs = np.load("r.inputs.npz")
    assert list(inputs) == ["c"]
    x = np.load("x.npz")["x"][sample]
    np.testing.assert_allclose(inputs["c"], gelu(x) + 2 * x, rtol=1e-5, atol=1e-6)


def test_what_cannot_be_executed_differs(capsys: Captured) -> None:
    out = bisected("cse,plant-lose-name,cse", capsys, "--input", "x.npz", "--exact")
    assert out[0] == "pass 2 of 3: plant-lose-name"
    assert out[3].startswith("  after       cannot be executed: 'builtin.module' at ir.mlir:1:1: ")


def test_the_first_of_several_is_found(capsys: Captured) -> None:
    passes = "plant-drop-gelu,plant-give-up{message=late},plant-crash"
    assert bisected(passes, capsys)[0] == "pass 3 of 3: plant-crash"
    options = ("--input", "x.npz", "--exact")
    assert bisected(passes, capsys, *options)[0] == "pass 1 of 3: plant-drop-gelu"


def test_a_difference_that_goes_away(capsys: Captured) -> None:
    passes = "cse,plant-double,cse,plant-halve"
    arguments = ["bisect", "ir.mlir", "-p", passes, "--input", "x.npz", "--exact"]
    assert main(arguments) == 1
    assert capsys.readouterr().out == (
        "nothing breaks in 4 passes\n"
        "  at the end  no difference; accepted is 0\n"
        "  between     not executed; --linear finds what a later pass hides\n"
    )
    assert bisected("", capsys, *arguments[2:], "--linear")[0] == "pass 2 of 4: plant-double"


def test_executions_are_few(capsys: Captured) -> None:
    passes = ",".join(["cse"] * 40 + ["plant-double"] + ["cse"] * 23)
    assert main(["bisect", "ir.mlir", "-p", passes, "--input", "x.npz", "--exact"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("pass 41 of 64: plant-double\n")
    assert captured.err.count("executed after pass") <= 8


def test_small_differences_that_add_up(capsys: Captured) -> None:
    """The reference is the input of the pipeline, whatever a pass changes by itself."""
    options = ("--input", "x.npz", "--tolerance", "30", "-o", "r.mlir", "--reduce")
    passes = ",".join(["plant-double"] * 6)
    out = bisected(passes, capsys, *options)
    before, after, alone = (float(re.findall(r"max error (\S+)", line)[0]) for line in out[2:5])
    assert before <= 30 < after
    assert alone <= 30
    assert alone == pytest.approx(after - before, rel=1e-3)
    command = out[-1].split()[3:]
    assert bisected("", capsys, *command[1:], file=command[0])[0] == "pass 1 of 1: plant-double"


def test_another_reference(folder: Path, capsys: Captured) -> None:
    (folder / "right.mlir").write_text(IR.replace("%e = vit.add %d, %c", "%e = vit.add %c, %d"))
    options = ("--input", "x.npz", "--tolerance", "0.01", "--reference")
    assert bisected("plant-double", capsys, *options, "right.mlir")[0].endswith("plant-double")
    (folder / "wrong.mlir").write_text(IR.replace("%e = vit.add %d, %c", "%e = vit.add %d, %d"))
    assert main(["bisect", "ir.mlir", "-p", "cse", *options, "wrong.mlir"]) == 2
    message = capsys.readouterr().err.splitlines()[-1]
    assert message.startswith(
        "vaqf: error: the input differs from the reference before any pass: max error "
    )
    assert message.endswith("accepted is 0.01")


@pytest.mark.parametrize(
    ("passes", "until", "found"),
    [
        ("plant-give-up", "does-not-verify", "crashes"),
        ("plant-break-type,plant-crash", "crashes", "does-not-verify"),
    ],
)
def test_other_criteria_are_told(passes: str, until: str, found: str, capsys: Captured) -> None:
    assert main(["bisect", "ir.mlir", "-p", passes, "--until", until, "-o", "r.mlir"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("nothing breaks in ")
    assert out[1].split()[0] == found
    assert not Path("r.mlir").exists()


def test_nothing_breaks(capsys: Captured) -> None:
    assert main(["bisect", "ir.mlir", "-p", "cse", "-o", "r.mlir", "--reduce"]) == 1
    assert capsys.readouterr().out == "nothing breaks in 1 pass\n"
    assert not Path("r.mlir").exists()


def test_reproducer_finds_the_model(folder: Path, capsys: Captured) -> None:
    for name in ("models", "elsewhere"):
        (folder / name).mkdir()
    shutil.copy(MODEL, "models/m.onnx")
    shape = (2, 3, 32, 32)
    np.savez("images.npz", pixel_values=np.random.default_rng(0).standard_normal(shape, np.float32))
    options = ("--vaqf-vit", "--input", "images.npz", "--tolerance", "1e-3")
    passes = "cse,plant-drop-gelu"
    output = "elsewhere/r.mlir"
    out = bisected(passes, capsys, *options, "-o", output, file="models/m.onnx")
    assert out[0] == "pass 11 of 11: plant-drop-gelu"
    assert 'file = "../models/m.onnx"' in Path(output).read_text()
    os.chdir("elsewhere")
    options = ("--input", "../images.npz", "--tolerance", "1e-3")
    assert bisected("", capsys, *options, file="r.mlir")[0] == "pass 1 of 1: plant-drop-gelu"


def test_a_network_is_reduced_to_one_layer(capsys: Captured) -> None:
    shape = (2, 3, 32, 32)
    np.savez("images.npz", pixel_values=np.random.default_rng(0).standard_normal(shape, np.float32))
    options = ("--vaqf-vit", "--input", "images.npz", "--tolerance", "1e-3", "--reduce")
    bisected("plant-drop-gelu", capsys, *options, "-o", "r.mlir", file=str(MODEL))
    assert size_of("r.mlir") == 1
    assert "vaqf.model" not in Path("r.mlir").read_text()


def test_loops_are_reduced(folder: Path, capsys: Captured) -> None:
    (folder / "loop.mlir").write_text("""\
func.func @unused(%x: tensor<4x6xf32>) -> tensor<4x6xf32> {
  func.return %x : tensor<4x6xf32>
}
func.func @loop(%x: tensor<4x6xf32>, %n: index) -> tensor<4x6xf32> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %last = scf.for %i = %zero to %n step %one iter_args(%y = %x) -> (tensor<4x6xf32>) {
    %a = vit.gelu %y : tensor<4x6xf32> -> tensor<4x6xf32>
    %b = vit.add %a, %x : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32>
    %c = vit.gelu %b : tensor<4x6xf32> -> tensor<4x6xf32>
    scf.yield %c : tensor<4x6xf32>
  }
  func.return %last : tensor<4x6xf32>
}
""")
    bisected("plant-crash", capsys, "-o", "r.mlir", "--reduce", file="loop.mlir")
    names = [op.name for op in module_in("r.mlir").walk()]
    assert names == [
        "builtin.module",
        "func.func",
        "scf.for",
        "vit.add",
        "scf.yield",
        "func.return",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["ir.mlir"],
            "there is no pass to run: name some with -p, or with --vaqf-vit, --vaqf-quantize, "
            "--vaqf-lower",
        ),
        (["ir.mlir", "-p", "csa"], "unknown pass 'csa', did you mean 'cse'?"),
        (["no.mlir", "-p", "cse"], "no.mlir: No such file or directory"),
        (
            ["ir.mlir", "-p", "cse", "--until", "differs"],
            "--until differs executes the IR: give arrays with --input",
        ),
        (
            ["ir.mlir", "-p", "cse", "--tolerance", "1"],
            "--tolerance is about results: give arrays with --input",
        ),
        (
            ["ir.mlir", "-p", "cse", "--input", "x.npz"],
            "--input needs --tolerance T or --exact: what difference is accepted?",
        ),
        (
            ["ir.mlir", "-p", "cse", "--input", "x.npz", "--tolerance", "nan"],
            "--tolerance is nan, accepted are 0 and more",
        ),
        (
            ["ir.mlir", "-p", "cse", "--input", "x.npz", "--exact", "--until", "crashes"],
            "--until crashes executes nothing, leave out --input",
        ),
        (
            ["ir.mlir", "-p", "cse", "--reduce"],
            "--reduce needs a file for the reproducer: give it with -o",
        ),
        (["ir.mlir", "-p", "cse", "-o", "ir.mlir"], "ir.mlir: is read, and would be written over"),
        (["ir.mlir", "-p", "cse", "-o", "no/r.mlir"], "no/r.mlir: there is no such folder"),
        (
            ["ir.mlir", "-p", "cse", "--input", "no.npz", "--exact"],
            "no.npz: cannot be read: No such file or directory",
        ),
    ],
)
def test_mistakes(arguments: list[str], message: str, folder: Path, capsys: Captured) -> None:
    files = sorted(folder.iterdir())
    assert main(["bisect", *arguments]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"vaqf: error: {message}\n")
    assert sorted(folder.iterdir()) == files


def test_an_input_that_is_broken_already(folder: Path, capsys: Captured) -> None:
    unused = "  %f = vit.gelu %e : tensor<4x6xf32> -> tensor<4x7xf32>\n"
    text = IR.replace("  func.return", f"{unused}  func.return")
    (folder / "ir.mlir").write_text(text)
    assert main(["bisect", "ir.mlir", "-p", "cse"]) == 2
    assert "'vit.gelu' at ir.mlir:8:3: 'result' has shape (4, 7)" in capsys.readouterr().err
    (folder / "ir.mlir").write_text(IR.replace("@forward", "@other"))
    assert main(["bisect", "ir.mlir", "-p", "cse", "--input", "x.npz", "--exact"]) == 2
    assert "does not define the function '@forward'" in capsys.readouterr().err
