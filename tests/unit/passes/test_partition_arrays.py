"""How arrays are split: alike where engines are shared, and not over too many memories."""

from collections.abc import Sequence
from math import lcm

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import PassFailedException

from tests.unit.passes.accel_ir import context, operations, parse
from vaqf.dialects import accel
from vaqf.passes.parallel_access import PORTS
from vaqf.passes.partition_arrays import MAXIMUM_MEMORIES, PartitionArraysPass

MATRIX = "memref<60x8xi8, #accel.onchip>"


def matmul(name: str, tokens: int, *, weights: str = "8x4xi8") -> str:
    """An engine that reads `tokens` rows of its first matrix at once, and writes its second."""
    outputs = weights.split("x")[-3]
    slots = weights.count("x") - 2
    tile = f"memref<{weights.partition('x')[2] if slots else weights}, #accel.local>"
    slot = f"%tile = accel.slot %weights[%c0] : memref<{weights}, #accel.local> -> {tile}"
    slot = slot if slots else ""
    form = ', form = "paired_sum"' if weights.endswith("xi1") else ""
    return f"""
  func.func private @{name}(%x: {MATRIX}, %y: {MATRIX}) attributes {{accel.engine = "{name}"}} {{
    %weights = accel.buffer : memref<{weights}, #accel.local>
    %sums = accel.buffer : memref<60x{outputs}xi24, #accel.local>
    %c0 = arith.constant 0 : index
    %step = arith.constant {tokens} : index
    %c60 = arith.constant 60 : index
    scf.for %token = %c0 to %c60 step %step {{
      {slot}
      accel.accumulate %x at %token, %c0 weights {"%tile" if slots else "%weights"} to %sums
        {{tokens = {tokens} : i64{form}}}
        : {MATRIX}, {tile}, memref<60x{outputs}xi24, #accel.local>
    }} {{accel.pipeline = #accel.pipeline<ii = 1, "">}}
    func.return
  }}"""


def forward(matrices: int, calls: Sequence[tuple[str, int, int]]) -> str:
    """`@forward` with some matrices, and calls that read one of them and write another."""
    buffers = "\n".join(f"    %m{index} = accel.buffer : {MATRIX}" for index in range(matrices))
    called = "\n".join(
        f"    func.call @{name}(%m{read}, %m{written}) : ({MATRIX}, {MATRIX}) -> ()"
        for name, read, written in calls
    )
    return f"""
  func.func @forward() {{
{buffers}
{called}
    func.return
  }}"""


def partitioned(*functions: str) -> ModuleOp:
    """A module after the pass."""
    body = "\n".join(functions)
    module = parse(
        f"builtin.module attributes {{accel.hardware = {{lanes = 8 : i64}}}} {{{body}\n}}"
    )
    PartitionArraysPass().apply(context(), module)
    module.verify()
    return module


def factors_of(module: ModuleOp, name: str, dimension: int) -> int:
    """Over how many memories a dimension of a buffer is split; 0 for completely."""
    (buffer,) = (
        op
        for op in operations(module, "accel.buffer")
        if isinstance(op, accel.BufferOp) and op.buffer.name_hint == name
    )
    found = [
        each.factor.data for each in buffer.partition or () if each.dimension.data == dimension
    ]
    return found[0] if found else 1


def connected(calls: Sequence[tuple[str, int, int]], start: int) -> set[int]:
    """The matrices that are split like one of them, found by following calls until none is new."""
    reached = {start}
    while True:
        ports = {
            (name, argument)
            for name, *passed in calls
            for argument, matrix in enumerate(passed)
            if matrix in reached
        }
        more = {
            matrix
            for name, *passed in calls
            for argument, matrix in enumerate(passed)
            if (name, argument) in ports
        }
        if more <= reached:
            return reached
        reached |= more


@settings(deadline=None)
@given(
    calls=st.lists(
        st.tuples(st.sampled_from(["two", "three", "other"]), st.integers(0, 5), st.integers(0, 5)),
        max_size=6,
    )
)
def test_matrices_of_one_argument_are_split_alike(calls: list[tuple[str, int, int]]):
    tokens = {"two": 2, "three": 3, "other": 3}
    expected: list[int] = []
    for matrix in range(6):
        class_of = connected(calls, matrix)
        read = [tokens[name] for name, read, _ in calls if read in class_of]
        expected.append(lcm(*read))
    # Three of six memories cannot be told apart, which the pass refuses.
    assume(6 not in expected)
    module = partitioned(
        *(matmul(name, count) for name, count in tokens.items()), forward(6, calls)
    )
    assert [factors_of(module, f"m{matrix}", 0) for matrix in range(6)] == expected
    assert [factors_of(module, f"m{matrix}", 1) for matrix in range(6)] == [8] * 6


@pytest.mark.parametrize(
    ("first", "second"), [(1, 5), (5, 1), (2, 4), (4, 2), (4, 4), (2, 1), (2, 6)]
)
def test_numbers_of_tokens_that_fit_each_other(first: int, second: int):
    module = partitioned(
        matmul("a", first), matmul("b", second), forward(2, [("a", 0, 1), ("b", 0, 1)])
    )
    assert factors_of(module, "m0", 0) == max(first, second)


@pytest.mark.parametrize(("first", "second"), [(3, 4), (4, 6), (3, 6), (3, 2)])
def test_numbers_of_tokens_that_do_not(first: int, second: int):
    message = f"{first} tokens are read in one cycle; {second} tokens are read in one cycle"
    with pytest.raises(PassFailedException, match=message):
        partitioned(matmul("a", first), matmul("b", second), forward(2, [("a", 0, 1), ("b", 0, 1)]))


def test_rows_of_bits_are_registers():
    """A row of a tile is one word, whatever tile it is in."""
    module = partitioned(matmul("a", 1, weights="2x256x64xi1"), forward(2, [("a", 0, 1)]))
    assert [factors_of(module, "weights", dimension) for dimension in range(3)] == [1, 0, 0]


@pytest.mark.parametrize("weights", ["2x256x17xi8", "4097x1xi8", "4097x1xi1"])
def test_more_memories_than_tools_make(weights: str):
    message = rf"'weights' needs \d+ memories, at most {MAXIMUM_MEMORIES} are possible"
    with pytest.raises(PassFailedException, match=message):
        partitioned(matmul("a", 1, weights=weights), forward(2, [("a", 0, 1)]))


def test_as_many_memories_as_tools_make():
    module = partitioned(matmul("a", 1, weights="2x256x16xi8"), forward(2, [("a", 0, 1)]))
    assert factors_of(module, "weights", 1) == 0


@settings(deadline=None)
@given(lanes=st.integers(1, 64), interval=st.integers(1, 8))
def test_table_has_as_many_copies_as_its_lookups_need(lanes: int, interval: int):
    slots = 2 * lanes
    module = partitioned(
        f"""
  func.func private @softmax(%multiplier: i18) attributes {{accel.engine = "softmax"}} {{
    %scores = accel.buffer : memref<5x{slots}xi22, #accel.local>
    %maxima = accel.buffer : memref<5xi22, #accel.local>
    %exponentials = accel.buffer : memref<5x{slots}xi17, #accel.local>
    %sums = accel.buffer : memref<5xi25, #accel.local>
    %octave = accel.buffer : memref<256xi17, #accel.local>
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c5 = arith.constant 5 : index
    scf.for %query = %c0 to %c5 step %c1 {{
      accel.exponentiate %scores[%query, %c0], %maxima, %octave, %multiplier
        to %exponentials, %sums {{lanes = {lanes} : i64, shift = 17 : i64}}
        : memref<5x{slots}xi22, #accel.local>, memref<5xi22, #accel.local>,
          memref<256xi17, #accel.local>, memref<5x{slots}xi17, #accel.local>,
          memref<5xi25, #accel.local>
    }} {{accel.pipeline = #accel.pipeline<ii = {interval}, "">}}
    func.return
  }}""",
        forward(0, []),
    )
    assert factors_of(module, "octave", 0) == 1
    (octave,) = (
        op
        for op in operations(module, "accel.buffer")
        if isinstance(op, accel.BufferOp) and op.buffer.name_hint == "octave"
    )
    copies = 1 if octave.copies is None else octave.copies.value.data
    assert copies * PORTS * interval >= lanes
    assert copies == 1 or (copies - 1) * PORTS * interval < lanes
