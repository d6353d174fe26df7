"""IR of every level through the tools of upstream MLIR, and back."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from tests.mlir_opt import MISSING, find_mlir_opt, mlir_opt
from tests.models.fixtures import FOLDER, fixtures, manifest
from tests.models.full_size import write_full_size_model
from vaqf.compiler.cli import main as vaqf
from vaqf.compiler.compilation import Finished, compile_model
from vaqf.compiler.context import full_context
from vaqf.compiler.located_parser import parse_ir
from vaqf.compiler.opt import main as vaqf_opt
from vaqf.compiler.pipeline import Level, Options, stages, until
from vaqf.compiler.universe import DIALECTS, VAQF_UNIVERSE
from vaqf.compiler.upstream.target import UpstreamMlirTarget
from vaqf.compiler.verification import verify
from vaqf.frontends.onnx import ModelFile, import_file

pytestmark = pytest.mark.skipif(find_mlir_opt() is None, reason=MISSING)

ROOT = Path(__file__).parents[2]

MODELS = ROOT / "tests" / "models"

MNIST = ROOT / "examples" / "mnist" / "mnist_vit.onnx"

SEPARATOR = "// -----\n"
"""Between modules of one file."""

GENERIC = ("--split-input-file", "--mlir-print-op-generic")
"""Flags to print many modules so that they can be read back."""

LOCATED = ("--mlir-print-debuginfo",)
"""Flags to print their locations, too."""

SMALL_MODELS = [
    *(FOLDER / f"{name}.legacy17.onnx" for name in manifest()["families"]),
    *sorted(MODELS.glob("quantized/*per*.onnx")),
    *sorted(MODELS.glob("quantized/qonnx*.onnx")),
]
"""Those that have all kinds of operators, and of networks."""

OPERATIONS = sorted(
    path
    for path in (ROOT / "tests" / "lit" / "dialects").rglob("*.mlir")
    if "invalid" not in path.stem
)
"""Texts that have every operation in every form."""


@pytest.fixture(scope="module")
def irdl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our dialects as IRDL."""
    file = tmp_path_factory.mktemp("irdl") / "vaqf.irdl.mlir"
    assert vaqf_opt(["--export-irdl", "-o", str(file)]) == 0
    return file


@cache
def context() -> Context:
    return full_context()


def upstream_form(module: ModuleOp) -> str:
    output = StringIO()
    UpstreamMlirTarget(print_debuginfo=True).emit(context(), module, output)
    return output.getvalue()


def read(text: str) -> ModuleOp:
    module = parse_ir(context(), text.encode(), "upstream.mlir")
    verify(module)
    return module


def through(irdl: Path, texts: Sequence[str], *flags: str) -> list[str]:
    """What `mlir-opt` makes of some modules, in one run."""
    done = mlir_opt(irdl, SEPARATOR.join(texts).encode(), *GENERIC, *LOCATED, *flags)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().split(SEPARATOR)


def same(one: ModuleOp, other: ModuleOp) -> bool:
    """Whether two modules are equal in all but the names of values, and in locations."""
    located = zip(one.walk(), other.walk(), strict=True)
    return one.is_structurally_equivalent(other) and all(
        a.location == b.location for a, b in located
    )


@dataclass
class Stage:
    """IR on the way down."""

    name: str
    """Of the stage that made it."""

    module: ModuleOp
    """The IR."""

    text: str
    """In upstream form."""


def compiled(model: Path, frames: int = 1, level: Level = Level.ACCEL) -> list[Stage]:
    """The IR after every stage on the way to a level."""
    done: list[Stage] = []

    def report(stage: Finished) -> None:
        done.append(Stage(stage.name, stage.module.clone(), upstream_form(stage.module)))

    way = until(level, stages(Options(assume_ranges=True, frames=frames)))
    compile_model(model, str(model), way, report)
    return done


def expect_same_after(irdl: Path, done: Sequence[Stage], *names: str) -> None:
    """Take all stages through `mlir-opt`, and those with a name in `names`, or all, back."""
    printed = through(irdl, [stage.text for stage in done])
    assert set(names) <= {stage.name for stage in done}
    for stage, text in zip(done, printed, strict=True):
        if not names or stage.name in names:
            assert same(read(text), stage.module), stage.name


@pytest.fixture(scope="module")
def mnist() -> list[Stage]:
    return compiled(MNIST)


@pytest.mark.parametrize("file", OPERATIONS, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_every_operation(file: Path, irdl: Path) -> None:
    modules = [read(text) for text in file.read_text().split(SEPARATOR)]
    texts = [upstream_form(module) for module in modules]
    for module, text in zip(modules, through(irdl, texts), strict=True):
        assert same(read(text), module)


def test_the_texts_have_every_operation() -> None:
    modules = (read(text) for file in OPERATIONS for text in file.read_text().split(SEPARATOR))
    found = {op.name for module in modules for op in module.walk()}
    dialects = [VAQF_UNIVERSE.all_dialects[name]() for name in DIALECTS]
    assert {op.name for dialect in dialects for op in dialect.operations} <= found


def test_every_stage(mnist: list[Stage], irdl: Path) -> None:
    expect_same_after(irdl, mnist)


def test_every_stage_of_two_frames(irdl: Path) -> None:
    done = compiled(FOLDER / "timm_patch8.legacy17.onnx", frames=2)
    expect_same_after(irdl, done, "overlap-frames", "estimate-performance")


def test_every_stage_of_deit(tmp_path: Path, irdl: Path) -> None:
    done = compiled(write_full_size_model("deit_tiny.legacy17", tmp_path))
    expect_same_after(irdl, done, "quantized", "estimate-performance")


@pytest.mark.parametrize("family", ["hf_deit_teacher", "timm_dinov2_registers", "timm_average"])
def test_every_stage_of_other_tokens(family: str, irdl: Path) -> None:
    done = compiled(FOLDER / f"{family}.legacy17.onnx")
    expect_same_after(irdl, done, "lower-vit-to-accel")


@pytest.mark.parametrize("model", SMALL_MODELS, ids=lambda model: model.stem)
def test_small_models(model: Path, irdl: Path) -> None:
    expect_same_after(irdl, compiled(model, level=Level.QUANTIZED), "onnx")


@pytest.mark.parametrize("family", manifest()["families"])
def test_graphs_of_all_writers(family: str, irdl: Path) -> None:
    """What lies below is the same for all of them."""
    files = [each.file for each in fixtures() if each.family == family]
    graphs = [import_file(ModelFile.open(each), each.name) for each in files]
    assert len(through(irdl, [upstream_form(each) for each in graphs])) == len(files) > 1


def test_cse_and_canonicalize(mnist: list[Stage], irdl: Path) -> None:
    for text in through(irdl, [stage.text for stage in mnist], "--cse", "--canonicalize"):
        read(text)


def test_bytecode(mnist: list[Stage], irdl: Path) -> None:
    plain = through(irdl, [stage.text for stage in mnist])
    for stage, text in zip(mnist, plain, strict=True):
        bytecode = mlir_opt(irdl, stage.text.encode(), "--emit-bytecode").stdout
        assert bytecode.startswith(b"ML\xefR")
        back = mlir_opt(irdl, bytecode, *GENERIC, *LOCATED).stdout.decode()
        assert back.strip() == text.strip(), stage.name


@pytest.mark.parametrize("name", ["quantized", "share-engines"])
def test_canonicalized_computes_the_same(
    name: str, mnist: list[Stage], irdl: Path, tmp_path: Path
) -> None:
    stage = next(each for each in mnist if each.name == name)
    [changed] = through(irdl, [stage.text], "--cse", "--canonicalize")
    images = np.random.default_rng(0).standard_normal((2, 1, 28, 28), np.float32)
    np.savez(tmp_path / "images.npz", pixel_values=images)
    for file, text in {"before": stage.text, "after": changed}.items():
        (tmp_path / f"{file}.mlir").write_text(text)
        source, result = str(tmp_path / f"{file}.mlir"), str(tmp_path / f"{file}.npz")
        images_file = str(tmp_path / "images.npz")
        assert vaqf(["run", source, "--input", images_file, "-o", result]) == 0
    before, after = np.load(tmp_path / "before.npz"), np.load(tmp_path / "after.npz")
    np.testing.assert_array_equal(after["logits"], before["logits"])


@pytest.mark.parametrize(
    ("operation", "ours", "theirs"),
    [
        pytest.param(
            '"vit.layer_norm"(%x, %w) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>',
            "property 'epsilon' expected",
            'attribute "epsilon" is expected but not provided',
            id="no-attribute",
        ),
        pytest.param(
            '"vit.layer_norm"(%x, %w) {epsilon = 1 : i64} '
            ": (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>",
            "should be of base attribute float",
            "expected base attribute 'builtin.float' but got 'builtin.integer'",
            id="attribute",
        ),
        pytest.param(
            '"vit.gelu"(%i) : (index) -> tensor<2x3xf32>',
            "should be of base attribute tensor",
            "expected base type 'builtin.tensor' but got 'builtin.index'",
            id="operand",
        ),
        pytest.param(
            '"vit.gelu"(%x) : (tensor<2x3xf32>) -> index',
            "should be of base attribute tensor",
            "expected base type 'builtin.tensor' but got 'builtin.index'",
            id="result",
        ),
        pytest.param(
            '"vit.add"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>',
            "Expected 2 operands, but got 1",
            "op expects exactly 2 operands, but got 1",
            id="operand-count",
        ),
        pytest.param(
            '"quant.dequantize"(%q) : (tensor<2x!quant.int<"8", 0.5>>) -> tensor<2xf32>',
            "Expected integer literal",
            "expected base attribute 'builtin.integer' but got 'builtin.string'",
            id="parameter",
        ),
        pytest.param(
            '"vit.swish"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>',
            "operation 'vit.swish' is not registered",
            "unregistered operation 'vit.swish'",
            id="operation",
        ),
    ],
)
def test_both_refuse(
    operation: str,
    ours: str,
    theirs: str,
    irdl: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "broken.mlir"
    file.write_text(
        "func.func @forward(%x: tensor<2x3xf32>, %w: tensor<3xf32>, %i: index) {\n"
        f"  %r = {operation}\n"
        "  func.return\n"
        "}\n"
    )
    assert vaqf_opt([str(file)]) != 0
    assert ours in capsys.readouterr().err
    refused = mlir_opt(irdl, file.read_bytes())
    assert refused.returncode != 0
    assert theirs in refused.stderr.decode()


def test_the_commands_of_the_page(tmp_path: Path) -> None:
    """Those of `docs/upstream-mlir.md`, as they stand there."""
    found = find_mlir_opt()
    assert found is not None
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "mlir-opt-22").symlink_to(found)
    project = tmp_path / "build" / "mnist"
    assert vaqf(["compile", str(SMALL_MODELS[0]), "-o", str(project)]) == 0
    last = max(project.joinpath("ir").iterdir())
    (tmp_path / "ir.mlir").symlink_to(last)
    places = [str(programs), str(Path(sys.executable).parent), os.environ["PATH"]]
    environment = os.environ | {"PATH": os.pathsep.join(places)}
    page = (ROOT / "docs" / "upstream-mlir.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 2 and str(last.relative_to(tmp_path)) in blocks[0]
    for commands in blocks:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "func.func @forward" in done.stdout
