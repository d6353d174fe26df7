"""Frames: ports, parameters, engines, checkpoints and stages."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i64
from xdsl.dialects.func import FuncOp
from xdsl.parser import Parser
from xdsl.utils.exceptions import InterpretationError

from vaqf.compiler.context import full_context
from vaqf.dialects.diagnostics import UserError
from vaqf.interpreters.accel import run_stages_backwards
from vaqf.interpreters.accelerator import Accelerator, Checkpoint
from vaqf.interpreters.execute import execute, interpreter_of
from vaqf.interpreters.parameters import NoTensors, Tensors

D = "memref<2x3xi8, #accel.dram>"
M = "memref<2x3xi8, #accel.onchip>"

IMAGE = 'vaqf.name = "image", accel.port = "input", accel.format = !quant.int<8, 0.5>'
LOGITS = 'vaqf.name = "logits", accel.port = "output", accel.format = !quant.int<8, 0.25>'

PORTS = f'%x: {D} {{{IMAGE}}}, %y: {D} {{{LOGITS}}}, %w: {D} {{accel.port = "parameter"}}'

PARAMETERS = """
func.func @parameters() -> memref<2x3xi8, #accel.dram> {
  %real = vit.parameter @w : tensor<2x3xf32>
  %rounded = quant.quantize %real : tensor<2x3xf32> -> tensor<2x3x!quant.int<8, 1.0>>
  %w = accel.parameter %rounded : tensor<2x3x!quant.int<8, 1.0>> -> memref<2x3xi8, #accel.dram>
  func.return %w : memref<2x3xi8, #accel.dram>
}
"""

WEIGHTS = Tensors({"w": np.array([[1, 2, 3], [4, 5, 6]], np.float32)})


def parse(body: str, *, ports: str = PORTS, functions: str = PARAMETERS) -> ModuleOp:
    """A module at the accel level."""
    text = f"{functions}\nfunc.func @forward({ports}) {{\n{body}\nfunc.return\n}}"
    module = Parser(full_context(), text).parse_module()
    module.verify()
    return module


COPY_TWICE = f"""
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = accel.buffer : {M}
  func.call @copy(%w, %m, %c0) : ({D}, {M}, index) -> ()
  func.call @copy(%x, %m, %c1) : ({D}, {M}, index) -> ()
  accel.store_matrix %m to %y : {M}, {D}
"""

COPY = f"""
func.func private @copy(%from: {D}, %to: {M}, %count: index) {{
  accel.load_matrix %from to %to : {D}, {M}
  accel.checkpoint "copied"[%count], %to : {M}
  func.return
}}
"""


def test_execute():
    """Reals are rounded on the way in, and come out as reals; each sample for itself."""
    module = parse(COPY_TWICE, functions=PARAMETERS + COPY)
    image = np.array([[[0.5, 1.2, -3]] * 2] * 3, np.float32)
    integers = execute(module, {"image": image}, WEIGHTS, raw=True)["logits"]
    assert integers.shape == (3, 2, 3) and integers[0].tolist() == [[1, 2, -6]] * 2
    reals = execute(module, {"image": image}, WEIGHTS)["logits"]
    assert reals.dtype == np.float32 and reals[0].tolist() == [[0.25, 0.5, -1.5]] * 2
    alone = execute(module, {"image": image[0]}, WEIGHTS)["logits"]
    assert alone.shape == (2, 3)
    with pytest.raises(UserError, match=r"input 'image' has shape \(3,\), expected 'image'"):
        execute(module, {"image": np.zeros(3, np.float32)}, WEIGHTS)


def test_frame():
    """Arguments are the caller's buffers; a checkpoint is a copy."""
    module = parse(COPY_TWICE, functions=PARAMETERS + COPY)
    accelerator, interpreter = Accelerator.of(module), interpreter_of(module, WEIGHTS)
    assert [(each.name, each.shape) for each in accelerator.inputs] == [("image", (2, 3))]
    assert [each.format.scale.data for each in accelerator.outputs] == [0.25]
    prepared = accelerator.prepare(interpreter)
    assert [each.tolist() for each in prepared] == [[[1, 2, 3], [4, 5, 6]]]
    image = np.full((2, 3), -7)
    frame = accelerator.run(interpreter, prepared, [image])
    assert frame.outputs[0].tolist() == image.tolist()

    def content(each: Checkpoint) -> tuple[str, int, list[list[int]]]:
        return each.label, each.index, each.values.tolist()

    assert list(map(content, frame.checkpoints)) == [
        ("copied", 0, [[1, 2, 3], [4, 5, 6]]),
        ("copied", 1, image.tolist()),
    ]
    with pytest.raises(InterpretationError, match=r"^input 'image': 128 does not fit 8 bits$"):
        accelerator.run(interpreter, prepared, [image + 135])


TWO_FRAMES = f"""
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = accel.buffer : {M}
  %n = accel.buffer : {M}
  %x0 = accel.select %x[%c0] : memref<2x2x3xi8, #accel.dram> -> {D}
  %x1 = accel.select %x[%c1] : memref<2x2x3xi8, #accel.dram> -> {D}
  %y0 = accel.select %y[%c0] : memref<2x2x3xi8, #accel.dram> -> {D}
  %y1 = accel.select %y[%c1] : memref<2x2x3xi8, #accel.dram> -> {D}
  accel.load_matrix %x1 to %n : {D}, {M}
  accel.checkpoint "loaded"[%c0], %n {{frame = 1 : i64}} : {M}
  accel.load_matrix %x0 to %m : {D}, {M}
  accel.checkpoint "loaded"[%c0], %m : {M}
  accel.store_matrix %n to %y1 : {M}, {D}
  accel.store_matrix %m to %y0 : {M}, {D}
"""


def test_frames_of_a_call():
    """A call computes two frames; when there is one, it is computed twice."""
    ports = PORTS.replace(f"%x: {D}", "%x: memref<2x2x3xi8, #accel.dram>")
    ports = ports.replace(f"%y: {D}", "%y: memref<2x2x3xi8, #accel.dram>")
    module = parse(TWO_FRAMES, ports=ports)
    *_, forward = (op for op in module.ops if isinstance(op, FuncOp))
    forward.attributes["accel.frames"] = IntegerAttr(2, i64)
    accelerator, interpreter = Accelerator.of(module), interpreter_of(module, WEIGHTS)
    assert accelerator.frames == 2
    assert [each.shape for each in (*accelerator.inputs, *accelerator.outputs)] == [(2, 3)] * 2
    prepared = accelerator.prepare(interpreter)
    images = [[np.full((2, 3), number)] for number in range(5)]
    frames = list(accelerator.run_frames(interpreter, prepared, images))
    for (image,), frame in zip(images, frames, strict=True):
        assert np.array_equal(frame.outputs[0], image)
        (checkpoint,) = frame.checkpoints
        assert checkpoint.label == "loaded" and np.array_equal(checkpoint.values, image)
    assert np.array_equal(
        accelerator.run(interpreter, prepared, images[3]).outputs[0], images[3][0]
    )
    reals = execute(module, {"image": np.ones((3, 2, 3), np.float32)}, WEIGHTS)
    assert reals["logits"].shape == (3, 2, 3)


def test_incomplete_output():
    with pytest.raises(UserError, match="output 'logits' is not written completely"):
        execute(parse(""), {"image": np.zeros((2, 3), np.float32)}, WEIGHTS)


@pytest.mark.parametrize(
    ("ports", "functions", "message"),
    [
        (PORTS, "", r"does not define the function '@parameters' that is executed"),
        (
            PORTS.replace('"input"', '"parameter"'),
            PARAMETERS,
            r"arguments of '@forward' are \['parameter', 'output', 'parameter'\], expected inputs, "
            r"outputs, and the 1 parameters that '@parameters' returns",
        ),
        (
            PORTS.replace("!quant.int<8, 0.5>", "i8"),
            PARAMETERS,
            r"port 'image' has the format i8, expected a !quant\.int",
        ),
    ],
)
def test_mistakes(ports: str, functions: str, message: str):
    module = parse("", ports=ports, functions=functions)
    with pytest.raises(UserError, match=message):
        execute(module, {"image": np.zeros((2, 3), np.float32)}, WEIGHTS)


def run_index_arithmetic(expression: str) -> NDArray[np.int64]:
    """22 elements, of which `%i`, computed from 3 and 7, selects one that is not 0."""
    module = parse(
        f"""
        %c0 = arith.constant 0 : index
        %c3 = arith.constant 3 : index
        %c7 = arith.constant 7 : index
        {expression}
        %b = accel.buffer : memref<22xi8, #accel.local>
        accel.fill %b[] with 0 : memref<22xi8, #accel.local>
        accel.fill %b[%i] with 1 : memref<22xi8, #accel.local>
        accel.checkpoint "b"[%c0], %b : memref<22xi8, #accel.local>
        """,
        ports="",
        functions="func.func @parameters() { func.return }",
    )
    frame = Accelerator.of(module).run(interpreter_of(module, NoTensors()), [], [])
    return frame.checkpoints[0].values


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("%i = arith.addi %c3, %c7 : index", 10),
        ("%i = arith.subi %c7, %c3 : index", 4),
        ("%i = arith.muli %c3, %c7 : index", 21),
        ("%i = arith.divui %c7, %c3 : index", 2),
        ("%i = arith.ceildivui %c7, %c3 : index", 3),
        ("%i = arith.ceildivui %c3, %c3 : index", 1),
        ("%i = arith.remui %c7, %c3 : index", 1),
        ("%i = arith.minui %c7, %c3 : index", 3),
        ("%w = arith.cmpi ult, %c3, %c7 : index\n%i = arith.select %w, %c3, %c7 : index", 3),
        ("%w = arith.cmpi eq, %c3, %c7 : index\n%i = arith.select %w, %c3, %c7 : index", 7),
        ("%w = arith.cmpi uge, %c3, %c3 : index\n%i = arith.select %w, %c3, %c7 : index", 3),
        ("%w = arith.cmpi sgt, %c3, %c3 : index\n%i = arith.select %w, %c3, %c7 : index", 7),
        ("%w = arith.cmpi ne, %c3, %c7 : index\n%i = arith.select %w, %c0, %c7 : index", 0),
    ],
)
def test_index_arithmetic(expression: str, expected: int):
    assert run_index_arithmetic(expression).nonzero()[0].tolist() == [expected]


def test_negative_index():
    with pytest.raises(InterpretationError, match=r"'arith\.subi'.*: 3 - 7 is no index"):
        run_index_arithmetic("%i = arith.subi %c3, %c7 : index")


def run_stages(first: str, second: str, *, backwards: bool) -> list[int]:
    """What a buffer holds after two stages on its elements."""
    module = parse(
        f"""
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %b = accel.buffer : memref<2xi8, #accel.local>
        accel.fill %b[] with 0 : memref<2xi8, #accel.local>
        accel.concurrent {{
          accel.fill {first} : memref<2xi8, #accel.local>
        }} {{
          accel.fill {second} : memref<2xi8, #accel.local>
        }}
        accel.checkpoint "b"[%c0], %b : memref<2xi8, #accel.local>
        """,
        ports="",
        functions="func.func @parameters() { func.return }",
    )
    interpreter = interpreter_of(module, NoTensors())
    if backwards:
        run_stages_backwards(interpreter)
    return Accelerator.of(module).run(interpreter, [], []).checkpoints[0].values.tolist()


def test_stages():
    """Stages that touch the same memory show, by what the other order gives."""
    for backwards in (False, True):
        assert run_stages("%b[%c0] with 1", "%b[%c1] with 2", backwards=backwards) == [1, 2]
    assert run_stages("%b[%c0] with 1", "%b[] with 2", backwards=False) == [2, 2]
    assert run_stages("%b[%c0] with 1", "%b[] with 2", backwards=True) == [1, 2]
