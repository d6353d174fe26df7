"""Where parameters lie in the words of a memory."""

from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp

from tests.unit.passes.accel_ir import context, operations, parse
from vaqf.dialects import accel
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import function_named
from vaqf.passes.pack_parameters import PackParametersPass

STORED = {1: 1, 8: 8, 17: 32, 18: 32, 48: 64}
"""Bits that integers of some widths take in memory."""

Parameter = tuple[int, tuple[int, ...], int]
"""Width, shape, and how many of the last dimensions are read in one burst."""

parameters = st.tuples(
    st.sampled_from(sorted(STORED)),
    st.lists(st.integers(1, 9), min_size=1, max_size=3).map(tuple[int, ...]),
    st.integers(1, 3),
).map(lambda each: (each[0], each[1], min(each[2], len(each[1]))))


def memref(parameter: Parameter, *, unit: bool = False, space: str = "dram") -> str:
    width, shape, rank = parameter
    sizes = "x".join(map(str, shape[-rank:] if unit else shape))
    return f"memref<{sizes}xi{width}, #accel.{space}>"


def packed(parameters: list[Parameter], word_bits: int) -> ModuleOp:
    """A module whose engine reads a unit of each parameter, after the pass."""
    types = ", ".join(memref(each) for each in parameters)
    names = ", ".join(f"%p{index}" for index in range(len(parameters)))
    typed = [f"%p{index}: {memref(each)}" for index, each in enumerate(parameters)]
    ports = ", ".join(f'{each} {{accel.port = "parameter"}}' for each in typed)
    loads: list[str] = []
    for index, each in enumerate(parameters):
        local = memref(each, unit=True, space="local")
        place = ", ".join(["%c0"] * (len(each[1]) - each[2]))
        loads += [
            f"    %l{index} = accel.buffer : {local}",
            f"    accel.load %p{index}[{place}] to %l{index} : {memref(each)}, {local}",
        ]
    module = parse(
        f"""
builtin.module attributes {{accel.hardware = {{lanes = 4 : i64}}}} {{
  func.func @parameters() -> ({types}) {{
    {names} = "test.op"() : () -> ({types})
    func.return {names} : {types}
  }}
  func.func private @engine({", ".join(typed)}) attributes {{accel.engine = "some"}} {{
    %c0 = arith.constant 0 : index
{chr(10).join(loads)}
    func.return
  }}
  func.func @forward({ports}) {{
    func.call @engine({names}) : ({types}) -> ()
    func.return
  }}
}}"""
    )
    PackParametersPass(word_bits=word_bits).apply(context(), module)
    module.verify()
    return module


@settings(deadline=None)
@given(st.lists(parameters, min_size=1, max_size=5), st.sampled_from([64, 128, 256, 512, 1024]))
def test_units_start_at_words_and_elements_share_no_bit(
    parameters: list[Parameter], word_bits: int
):
    module = packed(parameters, word_bits)
    (memory,) = function_named(module, "forward").args
    used: set[int] = set()
    views = operations(module, "accel.view")
    assert len(views) == len(parameters)
    for view, (width, shape, rank) in zip(views, parameters, strict=True):
        assert isinstance(view, accel.ViewOp)
        assert shape_of(view.result) == shape
        word = view.word.value.data
        for _ in range(prod(shape[: len(shape) - rank])):
            elements = prod(shape[-rank:])
            for element in range(elements):
                first = word * word_bits + element * STORED[width]
                last = first + STORED[width] - 1
                assert first // word_bits == last // word_bits
                bits = set(range(first, last + 1))
                assert used.isdisjoint(bits)
                used |= bits
            word += -(-elements * STORED[width] // word_bits)
    assert shape_of(memory) == (max(used) // word_bits + 1,)


@pytest.mark.parametrize(
    ("parameter", "word_bits", "words"),
    [
        # Tiles of 64 x 64 weights of one bit.
        ((1, (36, 64, 64), 2), 128, 36 * 32),
        # Tiles of 64 multipliers of 18 bits and offsets of 48.
        ((18, (12, 64), 1), 128, 12 * 16),
        ((48, (12, 64), 1), 128, 12 * 32),
        # A tile that is less than a word, and one that is a bit more.
        ((8, (10, 3), 1), 64, 10),
        ((8, (10, 9), 1), 64, 20),
    ],
)
def test_size_of_a_memory(parameter: Parameter, word_bits: int, words: int):
    (memory,) = function_named(packed([parameter], word_bits), "forward").args
    assert shape_of(memory) == (words,)
    assert memory.name_hint == "constants"


def test_same_input_gives_same_text():
    several: list[Parameter] = [(8, (3, 4), 1), (18, (2, 5), 1), (1, (2, 4, 4), 2)]
    assert str(packed(several, 128)) == str(packed(several, 128))
