"""What hardware costs: measurements of synthesised netlists, and data sheets."""

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.passes.accel_ir import operations, parse
from vaqf.passes.costs import (
    Resources,
    arithmetic_of,
    array_storage,
    binary_array_luts,
    block_rams,
    depth_of,
    lut_memory_luts,
    matrix_storage,
    memory,
    multiplier_slices,
)

BLOCK_RAM_BITS = 18 * 1024
"""RAMB18 of UltraScale+, parity bits included."""

MEASURED_BITS = (2, 3, 4, 5, 6, 7, 8, 10, 12, 16)

MEASURED_LUTS_PER_PRODUCT = {
    8: (6.12, 7.00, 7.88, 8.75, 9.62, 10.50, 11.38, 13.12, 14.88, 18.38),
    32: (4.47, 5.44, 6.41, 7.38, 8.34, 9.31, 10.28, 12.22, 14.16, 18.03),
    64: (4.22, 5.20, 6.19, 7.17, 8.16, 9.14, 10.12, 12.09, 14.06, 18.00),
    128: (4.10, 5.09, 6.09, 7.08, 8.07, 9.06, 10.05, 12.04, 14.02, 17.99),
}
"""
LUTs of a binary tree of selected activations with its 24-bit accumulator, by the number of
activations and their width, synthesised with Yosys 0.70 for UltraScale+.
"""


@pytest.mark.parametrize("inputs", MEASURED_LUTS_PER_PRODUCT)
def test_luts_of_adder_trees_are_those_that_were_measured(inputs: int):
    for bits, measured in zip(MEASURED_BITS, MEASURED_LUTS_PER_PRODUCT[inputs], strict=True):
        # One tree for one output channel, and one for the sum that all output channels share.
        trees = binary_array_luts(1, 1, inputs, bits)
        assert trees / 2 / inputs == pytest.approx(measured, abs=0.0051)


@given(st.integers(1, 8), st.integers(1, 64), st.sampled_from([2, 8, 32, 64]), st.integers(2, 16))
def test_binary_array_has_a_tree_for_each_output_and_one_more_for_each_token(
    tokens: int, outputs: int, inputs: int, bits: int
):
    tree = binary_array_luts(1, 1, inputs, bits) // 2
    assert binary_array_luts(tokens, outputs, inputs, bits) == tokens * (outputs + 1) * tree


@pytest.mark.parametrize(
    ("words", "width", "blocks"),
    [
        # The shapes of a RAMB18.
        (16384, 1, 1),
        (8192, 2, 1),
        (4096, 4, 1),
        (2048, 9, 1),
        (1024, 18, 1),
        (512, 36, 1),
        # One word or one bit more.
        (16385, 1, 2),
        (2048, 10, 2),
        (513, 36, 2),
        # Measured with Yosys, where two of them are a RAMB36.
        (256, 16, 1),
        (512, 72, 2),
        (2048, 18, 2),
        (3072, 8, 2),
        # A word of 64 activations of 8 bits, for 600 of them.
        (600, 512, 29),
    ],
)
def test_block_rams(words: int, width: int, blocks: int):
    assert block_rams(words, width) == blocks


@given(st.integers(1, 20_000), st.integers(1, 600))
def test_block_rams_hold_all_bits(words: int, width: int):
    assert block_rams(words, width) * BLOCK_RAM_BITS >= words * width


@pytest.mark.parametrize(
    ("words", "width", "luts"),
    [(32, 14, 8), (32, 15, 16), (64, 7, 8), (33, 8, 16), (64, 64, 80)],
)
def test_small_memories_of_luts(words: int, width: int, luts: int):
    assert lut_memory_luts(words, width) == luts
    assert memory(words, width) == Resources(lut=luts)


def test_deeper_memory_of_luts_needs_a_multiplexer():
    """Measured: 48 LUTs that hold 128 words of 16 bits, and 18 to select among them."""
    assert lut_memory_luts(128, 16) == pytest.approx(48 + 18, rel=0.05)


@pytest.mark.parametrize(
    ("words", "width", "expected"),
    [
        (1, 4096, Resources()),
        (64, 1024, Resources(lut=8 * 147)),
        (65, 16, Resources(bram18=1)),
        (128, 8, Resources(lut=40)),
        (129, 8, Resources(bram18=1)),
    ],
)
def test_what_a_memory_is_made_of(words: int, width: int, expected: Resources):
    assert memory(words, width) == expected


@pytest.mark.parametrize(
    ("left", "right", "slices"),
    [
        (27, 18, 1),
        (18, 27, 1),
        (18, 18, 1),
        (8, 8, 1),
        (2, 2, 1),
        (28, 18, 2),
        (27, 19, 2),
        (19, 19, 2),
        (53, 18, 2),
        (54, 18, 3),
        (49, 35, 4),
        (1, 40, 0),
        (8, 1, 0),
        (1, 1, 0),
    ],
)
def test_multipliers_of_27_by_18_bits(left: int, right: int, slices: int):
    assert multiplier_slices(left, right) == slices


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=3).flatmap(
        lambda shape: st.tuples(
            st.just(shape), st.lists(st.integers(0, 8), min_size=len(shape), max_size=len(shape))
        )
    ),
    st.integers(1, 40),
    st.integers(1, 5),
)
def test_split_array_is_as_many_memories_as_can_hold_it(
    layout: tuple[list[int], list[int]], width: int, copies: int
):
    shape, parts = layout
    factors = {dimension: factor for dimension, factor in enumerate(parts) if factor != 1}
    memories = prod(min(part or size, size) for size, part in zip(shape, parts, strict=True))
    words = prod(
        -(-size // min(part or size, size)) for size, part in zip(shape, parts, strict=True)
    )
    expected = memory(words, width)
    storage = array_storage(shape, width, factors, copies)
    assert storage == Resources(
        expected.lut * memories * copies, 0, expected.bram18 * memories * copies
    )
    assert memories * words >= prod(shape)


def test_array_that_is_split_completely_is_registers():
    assert array_storage((2, 64, 64), 1, {0: 0, 1: 0, 2: 0}, 1) == Resources()


def test_copies_of_a_table():
    assert array_storage((256,), 8, {}, 8) == Resources(bram18=8)


def test_matrix_has_room_for_tiles_that_hang_over():
    """1,000 channels are 16 words of 64, or 18 where tiles have 192; 197 tokens lie in 5 parts."""
    deep = matrix_storage(1000, 8, lanes=64, channel_slots=64, token_slots=200, banks=5)
    assert deep == Resources(bram18=5 * block_rams(16 * 40, 512))
    wide = matrix_storage(1000, 8, lanes=64, channel_slots=192, token_slots=200, banks=5)
    assert wide == Resources(bram18=5 * block_rams(18 * 40, 512))


def test_activations_of_one_bit_are_kept_as_two():
    one, two = (
        matrix_storage(768, bits, lanes=64, channel_slots=64, token_slots=200, banks=1)
        for bits in (1, 2)
    )
    assert one == two


TILE_OPS = """
builtin.module {{
  func.func private @engine(%multiplier: i18, %x: memref<9x8xi{bits}, #accel.onchip>) {{
    %queries = accel.buffer : memref<9x8xi{bits}, #accel.local>
    %keys = accel.buffer : memref<12x8xi{bits}, #accel.local>
    %scores = accel.buffer : memref<9x12xi22, #accel.local>
    %maxima = accel.buffer : memref<9xi22, #accel.local>
    %exponentials = accel.buffer : memref<9x12xi17, #accel.local>
    %sums = accel.buffer : memref<9xi25, #accel.local>
    %mixed = accel.buffer : memref<9x8xi24, #accel.local>
    %octave = accel.buffer : memref<256xi17, #accel.local>
    %weights = accel.buffer : memref<16x4xi8, #accel.local>
    %signs = accel.buffer : memref<16x4xi1, #accel.local>
    %partial = accel.buffer : memref<9x16xi20, #accel.local>
    %multipliers = accel.buffer : memref<16xi18, #accel.local>
    %offsets = accel.buffer : memref<16xi48, #accel.local>
    %scaled = accel.buffer : memref<16xi49, #accel.local>
    %c0 = arith.constant 0 : index
    accel.score %queries[%c0], %keys[%c0] to %scores, %maxima {{lanes = 3 : i64}}
      : memref<9x8xi{bits}, #accel.local>, memref<12x8xi{bits}, #accel.local>,
        memref<9x12xi22, #accel.local>, memref<9xi22, #accel.local>
    accel.exponentiate %scores[%c0, %c0], %maxima, %octave, %multiplier
      to %exponentials, %sums {{lanes = 3 : i64, shift = 17 : i64}}
      : memref<9x12xi22, #accel.local>, memref<9xi22, #accel.local>,
        memref<256xi17, #accel.local>, memref<9x12xi17, #accel.local>, memref<9xi25, #accel.local>
    accel.mix %exponentials[%c0, %c0], %sums, %keys to %mixed
      {{bits = 8 : i64, lanes = 3 : i64, shift = 30 : i64}}
      : memref<9x12xi17, #accel.local>, memref<9xi25, #accel.local>,
        memref<12x8xi{bits}, #accel.local>, memref<9x8xi24, #accel.local>
    accel.store_rescaled %mixed[%c0], %multiplier to %x[%c0, %c0] {{shift = 24 : i64}}
      : memref<9x8xi24, #accel.local>, memref<9x8xi{bits}, #accel.onchip>
    accel.accumulate %x at %c0, %c0 weights %weights to %partial {{tokens = 3 : i64}}
      : memref<9x8xi{bits}, #accel.onchip>, memref<16x4xi8, #accel.local>,
        memref<9x16xi20, #accel.local>
    accel.accumulate %x at %c0, %c0 weights %signs to %partial {{tokens = 3 : i64}}
      : memref<9x8xi{bits}, #accel.onchip>, memref<16x4xi1, #accel.local>,
        memref<9x16xi20, #accel.local>
    accel.scale %partial[%c0], %multipliers, %offsets to %scaled
      : memref<9x16xi20, #accel.local>, memref<16xi18, #accel.local>,
        memref<16xi48, #accel.local>, memref<16xi49, #accel.local>
    func.return
  }}
}}
"""


def costs(name: str, bits: int, interval: int = 1) -> list[Resources]:
    """What the ops of one name take, for activations of so many bits."""
    ops = operations(parse(TILE_OPS.format(bits=bits)), name)
    return [arithmetic_of(op, interval) for op in ops]


def test_multipliers_of_tile_ops():
    assert costs("accel.score", 8) == [Resources(dsp=3 * 8)]
    # One product of a distance of 23 bits and a multiplier for each key.
    assert costs("accel.exponentiate", 8) == [Resources(dsp=3)]
    # For each key, one to normalize it and one for each channel.
    assert costs("accel.mix", 8) == [Resources(dsp=3 * (1 + 8))]
    assert costs("accel.scale", 8) == [Resources(dsp=16)]
    assert costs("accel.scale", 8, interval=3) == [Resources(dsp=6)]
    assert costs("accel.store_rescaled", 8) == [Resources(dsp=8)]
    assert costs("accel.store_rescaled", 8, interval=3) == [Resources(dsp=3)]
    assert costs("accel.accumulate", 8) == [
        Resources(dsp=3 * 16 * 4),
        Resources(lut=binary_array_luts(3, 16, 4, 8)),
    ]
    assert costs("accel.buffer", 8) == [Resources()] * 14


def test_one_bit_activations_are_not_multiplied():
    assert costs("accel.score", 1) == [Resources()]
    assert costs("accel.mix", 1) == [Resources(dsp=3)]
    assert costs("accel.accumulate", 1) == [
        Resources(),
        Resources(lut=binary_array_luts(3, 16, 4, 2)),
    ]


LAYER_NORM = """
builtin.module {
  func.func private @engine(%x: memref<9x768xi16, #accel.onchip>) {
    %sums = accel.buffer : memref<9xi26, #accel.local>
    %squares = accel.buffer : memref<9xi41, #accel.local>
    %inverses = accel.buffer : memref<9xi19, #accel.local>
    %exponents = accel.buffer : memref<9xi7, #accel.local>
    %multipliers = accel.buffer : memref<64xi18, #accel.local>
    %offsets = accel.buffer : memref<64xi48, #accel.local>
    %scaled = accel.buffer : memref<64xi49, #accel.local>
    %c0 = arith.constant 0 : index
    accel.add_moments %x[%c0, %c0] to %sums, %squares at %c0 {lanes = 64 : i64}
      : memref<9x768xi16, #accel.onchip>, memref<9xi26, #accel.local>, memref<9xi41, #accel.local>
    accel.reciprocal_root %sums, %squares to %inverses, %exponents at %c0
      {channels = 768 : i64, epsilon = 1 : i64, bits = 16 : i64}
      : memref<9xi26, #accel.local>, memref<9xi41, #accel.local>, memref<9xi19, #accel.local>,
        memref<9xi7, #accel.local>
    accel.normalize %x[%c0, %c0], %sums, %inverses, %exponents at %c0, %multipliers, %offsets
      to %scaled {channels = 768 : i64}
      : memref<9x768xi16, #accel.onchip>, memref<9xi26, #accel.local>, memref<9xi19, #accel.local>,
        memref<9xi7, #accel.local>, memref<64xi18, #accel.local>, memref<64xi48, #accel.local>,
        memref<64xi49, #accel.local>
    func.return
  }
}
"""


def test_multipliers_of_layer_norm():
    """`D * x - sum` has 27 bits and the reciprocal 19: two slices, and one for the result."""
    module = parse(LAYER_NORM)
    (moments,) = operations(module, "accel.add_moments")
    (root,) = operations(module, "accel.reciprocal_root")
    (normalize,) = operations(module, "accel.normalize")
    assert arithmetic_of(moments, 2) == Resources(dsp=32)
    assert arithmetic_of(root, 8) == Resources()
    assert arithmetic_of(normalize, 2) == Resources(dsp=32 * 3)


def test_depth_grows_with_the_adder_tree():
    module = parse(TILE_OPS.format(bits=8))
    assert {depth_of(op) for op in operations(module, "accel.accumulate")} == {4 + 2}
    assert [depth_of(op) for op in operations(module, "accel.score")] == [6 + 3]
    assert [depth_of(op) for op in operations(module, "accel.mix")] == [10 + 2]


def test_resources_add_up():
    assert Resources(1, 2, 3) + Resources(10, 20, 30) * 2 == Resources(21, 42, 63)
