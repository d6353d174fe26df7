"""What hardware costs: measurements of synthesised netlists, and data sheets."""

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.passes.accel_ir import operations, parse
from vaqf.dialects.accel.multipliers import packed_terms, slices_of_product
from vaqf.dialects.accel.tiles import BINARY_FORMS, SELECTED_SUM
from vaqf.passes.costs.adders import tree_luts
from vaqf.passes.costs.binary_sums import (
    binary_array,
    negated_sum_luts,
    paired_sum_luts,
    selected_sum_luts,
)
from vaqf.passes.costs.latencies import adder_tree_latency
from vaqf.passes.costs.memories import (
    array_storage,
    block_rams,
    in_ultra_rams,
    lut_memory_luts,
    matrix_storage,
    memory,
    ultra_rams,
)
from vaqf.passes.costs.operations import arithmetic_of, depth_of
from vaqf.passes.costs.products import packed_sum_luts, product_sums
from vaqf.passes.costs.resources import Resources

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
        luts = selected_sum_luts(inputs, bits) + 24
        assert luts / inputs == pytest.approx(measured, abs=0.0051)


def test_negations_are_as_large_as_measured():
    """LUTs of a product among 32, with its accumulator, for 4, 6 and 8 bits."""
    for bits, measured in ((4, 12.38), (6, 17.81), (8, 21.25)):
        assert (negated_sum_luts(32, bits) + 24) / 32 == pytest.approx(measured, rel=0.06)


@given(st.integers(8, 128), st.integers(2, 16))
def test_pairs_take_less_than_selection_and_that_less_than_negation(inputs: int, bits: int):
    assert paired_sum_luts(inputs, bits) < negated_sum_luts(inputs, bits)
    assert selected_sum_luts(inputs, bits) < negated_sum_luts(inputs, bits)
    if inputs >= 32 and bits >= 4:
        assert paired_sum_luts(inputs, bits) < selected_sum_luts(inputs, bits)


@given(
    st.sampled_from(BINARY_FORMS),
    st.integers(1, 6),
    st.integers(1, 64),
    st.integers(2, 64),
    st.integers(1, 15),
)
def test_binary_arrays_grow_with_all_that_they_have(
    form: str, tokens: int, outputs: int, inputs: int, bits: int
):
    def luts(**changed: int) -> int:
        sizes = {"tokens": tokens, "outputs": outputs, "inputs": inputs, "bits": bits}
        return binary_array(form, sum_bits=20, **(sizes | changed)).lut

    assert luts() <= luts(tokens=tokens + 1)
    assert luts() <= luts(outputs=outputs + 1)
    assert luts() <= luts(bits=bits + 1)
    assert luts() <= luts(inputs=2 * inputs)


@given(st.integers(1, 300), st.integers(1, 30))
def test_tree_of_adders_has_a_bit_for_each_bit_of_every_sum(count: int, width: int):
    total, level, wide = 0, count, width
    while level > 1:
        wide += 1
        total += level // 2 * wide
        level -= level // 2
    assert tree_luts(count, width) == total


@given(st.integers(2, 2000), st.integers(2, 128), st.integers(1, 20))
def test_as_many_packed_products_as_fit_the_lower_field(shared: int, packed: int, count: int):
    """With the largest magnitudes of either sign, both sums come out of one accumulator."""
    terms = packed_terms(shared, packed)
    for sign in (1, -1):
        for high in (packed, -packed):
            products = sum((high * 2**18 + sign * packed) * shared for _ in range(terms))
            low = (products + 2**17) % 2**18 - 2**17
            assert low == sign * packed * shared * terms
            assert (products >> 18) + (low < 0) == high * shared * terms
    assert shared * packed * (terms + 1) >= 2**17 or not terms


def test_packed_products_of_known_widths():
    assert packed_terms(128, 128) == 7
    assert packed_terms(128, 127) == 8
    assert packed_terms(1023, 128) == 1
    assert packed_terms(2047, 128) == 0, "the lower product does not fit"
    assert packed_terms(128, 129) == 0, "two factors of nine bits do not fit the wide port"
    assert packed_terms(1, 128) == 0, "a sign needs no multiplier"


def test_two_sums_share_multipliers():
    sums = product_sums(4, 64, shared=128, own=128, shared_bits=8, own_bits=8)
    assert sums.dsp == 2 * 64 and sums.lut == 2 * packed_sum_luts(64, 7)
    odd = product_sums(3, 64, shared=128, own=128, shared_bits=8, own_bits=8)
    assert odd.dsp == 2 * 64, "the third sum has multipliers of its own"
    wide = product_sums(4, 64, shared=512, own=512, shared_bits=10, own_bits=10)
    assert wide == Resources(ff=4 * 18 * 64, dsp=4 * 64), "accumulators add up"


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
    assert memory(words, width) == Resources(lut=luts, ff=width)


def test_deeper_memory_of_luts_needs_a_multiplexer():
    """Measured: 48 LUTs that hold 128 words of 16 bits, and 18 to select among them."""
    assert lut_memory_luts(128, 16) == pytest.approx(48 + 18, rel=0.05)


@pytest.mark.parametrize(
    ("words", "width", "expected"),
    [
        (1, 4096, Resources(ff=4096)),
        (64, 1024, Resources(lut=8 * 147, ff=1024)),
        (65, 16, Resources(bram18=1)),
        (128, 8, Resources(lut=40, ff=8)),
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
    assert slices_of_product(left, right) == slices


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
    assert storage == expected * (memories * copies)
    assert memories * words >= prod(shape)


def test_array_that_is_split_completely_is_registers():
    assert array_storage((2, 64, 64), 1, {0: 0, 1: 0, 2: 0}, 1) == Resources(ff=2 * 64 * 64)


def test_copies_of_a_table():
    assert array_storage((256,), 8, {}, 8) == Resources(bram18=8)


def test_matrix_has_room_for_tiles_that_hang_over():
    """1,000 channels are 16 words of 64, or 18 where tiles have 192; 197 tokens lie in 5 parts."""
    deep = matrix_storage(1000, 8, lanes=64, channel_slots=64, token_slots=200, banks=5)
    assert deep == Resources(bram18=5 * block_rams(16 * 40, 512))
    wide = matrix_storage(1000, 8, lanes=64, channel_slots=192, token_slots=200, banks=5)
    assert wide == Resources(bram18=5 * block_rams(18 * 40, 512))


def test_a_matrix_in_ultra_rams():
    """16 words of 40 tokens, 512 bits wide: 8 UltraRAMs of 72 bits and 4,096 words each part."""
    shape = {"lanes": 64, "channel_slots": 64, "token_slots": 200, "banks": 5}
    assert matrix_storage(1000, 8, **shape, ultra=True) == Resources(uram=5 * 8)
    assert matrix_storage(8000, 8, **shape, ultra=True) == Resources(uram=5 * 8 * 2)


@pytest.mark.parametrize(
    ("available", "chosen"),
    [(0, []), (4, [2]), (9, [2]), (10, [0]), (14, [0, 2]), (34, [0, 1, 2]), (1000, [0, 1, 2])],
)
def test_what_saves_most_lies_in_ultra_rams(available: int, chosen: list[int]):
    """The first saves 10 block RAMs for each, the third 5, the second 2; the last saves none."""
    usual, ultra = (100, 40, 20, 0), (10, 20, 4, 1)
    matrices = [
        (Resources(bram18=blocks), Resources(uram=number))
        for blocks, number in zip(usual, ultra, strict=True)
    ]
    found = in_ultra_rams(matrices, available)
    assert [number for number, is_in in enumerate(found) if is_in] == chosen


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
    accel.mix %exponentials[%c0, %c0], %sums, %keys to %mixed
      {{bits = 8 : i64, lanes = 3 : i64, shift = 30 : i64, packed}}
      : memref<9x12xi17, #accel.local>, memref<9xi25, #accel.local>,
        memref<12x8xi{bits}, #accel.local>, memref<9x8xi24, #accel.local>
    accel.store_rescaled %mixed[%c0], %multiplier to %x[%c0, %c0] {{shift = 24 : i64}}
      : memref<9x8xi24, #accel.local>, memref<9x8xi{bits}, #accel.onchip>
    accel.accumulate %x at %c0, %c0 weights %weights to %partial {{tokens = 3 : i64}}
      : memref<9x8xi{bits}, #accel.onchip>, memref<16x4xi8, #accel.local>,
        memref<9x16xi20, #accel.local>
    accel.accumulate %x at %c0, %c0 weights %signs to %partial
      {{tokens = 3 : i64, form = "selected_sum"}}
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


def slices(name: str, bits: int, interval: int = 1) -> list[int]:
    """DSP48E2 slices of the ops of one name."""
    return [each.dsp for each in costs(name, bits, interval)]


def test_multipliers_of_tile_ops():
    # Of three keys, two share the multipliers of the 8 channels.
    assert slices("accel.score", 8) == [8 + 8]
    # One product of a distance of 23 bits and a multiplier for each key.
    assert slices("accel.exponentiate", 8) == [3]
    # For each key, one to normalize it and one for each channel; or for two.
    assert slices("accel.mix", 8) == [3 * (1 + 8), 3 * (1 + 4)]
    assert slices("accel.scale", 8) == [16]
    assert slices("accel.scale", 8, interval=3) == [6]
    assert slices("accel.store_rescaled", 8) == [8]
    assert slices("accel.store_rescaled", 8, interval=3) == [3]
    # Two outputs share multipliers.
    assert slices("accel.accumulate", 8) == [3 * 16 * 4 // 2, 0]
    assert costs("accel.accumulate", 8)[1] == binary_array(
        SELECTED_SUM, tokens=3, outputs=16, inputs=4, bits=8, sum_bits=20
    )
    assert costs("accel.buffer", 8) == [Resources()] * 14


def test_one_bit_activations_are_not_multiplied():
    assert slices("accel.score", 1) == [0]
    assert slices("accel.mix", 1) == [3, 3]
    assert slices("accel.accumulate", 1) == [0, 0]
    assert costs("accel.accumulate", 1)[1] == binary_array(
        SELECTED_SUM, tokens=3, outputs=16, inputs=4, bits=2, sum_bits=20
    )


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
    assert arithmetic_of(moments, 2).dsp == 32
    assert arithmetic_of(root, 1).dsp == 4
    assert arithmetic_of(normalize, 2).dsp == 32 * 3


def test_depth_grows_with_the_adder_tree():
    module = parse(TILE_OPS.format(bits=8))
    # Reading and writing arrays takes 3 cycles, a product 4, two levels of a tree one.
    assert [depth_of(op) for op in operations(module, "accel.accumulate")] == [3 + 4 + 1, 3 + 2 + 1]
    assert [depth_of(op) for op in operations(module, "accel.score")] == [3 + 4 + 2 + 2]
    assert {depth_of(op) for op in operations(module, "accel.mix")} == {3 + 8 + 1 + 1}
    assert [adder_tree_latency(count) for count in (1, 2, 4, 5, 64)] == [0, 1, 1, 2, 3]


def test_root_takes_a_cycle_for_each_bit():
    """The variance of 768 channels of 16 bits has 52 bits, its root 26."""
    (root,) = operations(parse(LAYER_NORM), "accel.reciprocal_root")
    assert depth_of(root) == 3 + 8 + 26 + 26


def test_ultra_rams_have_4096_words_of_72_bits():
    assert [ultra_rams(*each) for each in ((4096, 72), (4097, 72), (4096, 73))] == [1, 2, 2]


def test_resources_add_up():
    one, ten = Resources(1, 2, 3, 4, 5), Resources(10, 20, 30, 40, 50)
    assert one + ten * 2 == Resources(21, 42, 63, 84, 105)
    assert one.named() == {"lut": 1, "ff": 2, "dsp": 3, "bram18": 4, "uram": 5}
