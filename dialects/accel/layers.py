"""
Whole layers on buffers: one op for each thing that an engine computes, before tiling.

Every layer writes into buffers that it is given. The formulas are those of `docs/numerics.md`.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
    StringAttr,
    i64,
)
from xdsl.ir import SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    prop_def,
)
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.accel.memory import (
    DRAM,
    LOCAL,
    ONCHIP,
    element_width,
    expect_space,
    expect_width,
)
from vaqf.dialects.quant.activations import EXPONENTIAL_ENTRIES
from vaqf.dialects.quant.formats import MAXIMUM_BITS, MULTIPLIER_BITS, OFFSET_BITS
from vaqf.dialects.quant.weights import expect_shift
from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of

STORE, GELU, ADD = "store", "gelu", "add"

EPILOGUES = (STORE, GELU, ADD)
"""What a linear layer does with its requantized sums: keep them, look up their GELU, add them to
the residual stream."""


def expect_matrix(name: str, value: SSAValue) -> None:
    """
    Check that an operand is a matrix of activations.

    Raises:
        VerifyException: for another rank or memory space.
    """
    expect_rank(name, value, 2, "tokens x channels")
    expect_space(name, value, ONCHIP)


def expect_probability_bits(name: str, bits: IntegerAttr) -> None:
    """
    Check the width of a probability.

    Raises:
        VerifyException: outside of 1 to 16.
    """
    if not 1 <= bits.value.data <= MAXIMUM_BITS:
        raise VerifyException(
            f"'{name}' is {bits.value.data}, accepted range is [1, {MAXIMUM_BITS}]"
        )


def expect_patch(patch: DenseArrayBase[IntegerType]) -> tuple[int, int]:
    """
    Check the size of a patch, and give its height and width.

    Raises:
        VerifyException: when it is not two positive numbers.
    """
    sizes = patch.get_values()
    if len(sizes) != 2 or min(sizes) < 1:
        raise VerifyException(f"'patch' is {list(sizes)}, expected a positive height and width")
    height, width = sizes
    return height, width


@irdl_op_definition
class LinearOp(IRDLOperation):
    """
    A linear layer with what follows it: sums of products, requantization, and one epilogue.

    The weight has one bit (+1 or -1) or is an integer. `shifts[i]` belongs to `epilogues[i]`.
    An engine that serves several layers has several epilogues, and `epilogue` selects one.
    `store` and `gelu` write `result`, `add` adds to `residual` with saturation; the rows start at
    `first`.

    ```mlir
    accel.linear %normed, %weight, %multiplier, %offset table %gelu to %hidden at %c0
        sizes(%c197, %c192, %c768) {epilogues = ["gelu"], shifts = array<i64: 20>}
        : memref<197x192xi8, #accel.onchip>, memref<768x192xi1, #accel.dram>,
          memref<768xi18, #accel.dram>, memref<768xi48, #accel.dram>,
          table memref<256xi8, #accel.dram> to memref<197x768xi8, #accel.onchip>
    ```
    """

    name = "accel.linear"

    activation = operand_def(MemRefType[IntegerType])
    """Tokens x input channels."""

    weight = operand_def(MemRefType[IntegerType])
    """Output x input channels; after tiling, tiles x output channels x input channels of a tile."""

    multiplier = operand_def(MemRefType[IntegerType])
    """`i18`, one for each output channel; after tiling, tiles x output channels of a tile."""

    offset = operand_def(MemRefType[IntegerType])
    """`i48`, in the shape of `multiplier`."""

    table = opt_operand_def(MemRefType[IntegerType])
    """GELU of each requantized sum; only with the epilogue `gelu`."""

    result = opt_operand_def(MemRefType[IntegerType])
    """Tokens x output channels; with the epilogues `store` and `gelu`."""

    residual = opt_operand_def(MemRefType[IntegerType])
    """Tokens x output channels, 16 bits; only with the epilogue `add`."""

    first = operand_def(IndexType)
    """Row of the first token in what is written."""

    tokens = operand_def(IndexType)
    """Number of tokens."""

    inputs = operand_def(IndexType)
    """Number of input channels."""

    outputs = operand_def(IndexType)
    """Number of output channels."""

    epilogue = opt_operand_def(IndexType)
    """Which of several epilogues to run; absent when there is one."""

    epilogues = prop_def(ArrayAttr[StringAttr])
    """Epilogues that this layer or engine has."""

    shifts = prop_def(DenseArrayBase.constr(i64))
    """Right shift of the requantization for each epilogue."""

    irdl_options = (AttrSizedOperandSegments(as_property=True), ParsePropInAttrDict())

    assembly_format = (
        "$activation `,` $weight `,` $multiplier `,` $offset "
        "(`table` $table^)? (`to` $result^)? (`add` $residual^)? `at` $first "
        "`sizes` `(` $tokens `,` $inputs `,` $outputs `)` (`epilogue` $epilogue^)? attr-dict "
        "`:` type($activation) `,` type($weight) `,` type($multiplier) `,` type($offset) "
        "(`table` type($table)^)? (`to` type($result)^)? (`add` type($residual)^)?"
    )

    def __init__(
        self,
        activation: SSAValue,
        weight: SSAValue,
        multiplier: SSAValue,
        offset: SSAValue,
        *,
        table: SSAValue | None = None,
        result: SSAValue | None = None,
        residual: SSAValue | None = None,
        first: SSAValue,
        sizes: tuple[SSAValue, SSAValue, SSAValue],
        epilogue: SSAValue | None = None,
        epilogues: Sequence[str],
        shifts: Sequence[int],
    ):
        super().__init__(
            operands=[
                activation,
                weight,
                multiplier,
                offset,
                table,
                result,
                residual,
                first,
                *sizes,
                epilogue,
            ],
            properties={
                "epilogues": ArrayAttr([StringAttr(each) for each in epilogues]),
                "shifts": DenseArrayBase.from_list(i64, shifts),
            },
        )

    @property
    def epilogue_names(self) -> tuple[str, ...]:
        """The epilogues in the order that `epilogue` counts them."""
        return tuple(each.data for each in self.epilogues)

    def verify_(self) -> None:
        names = self.epilogue_names
        if not names or len(set(names)) != len(names) or not set(names) <= set(EPILOGUES):
            raise VerifyException(
                f"'epilogues' is {list(names)}, expected different ones of {list(EPILOGUES)}"
            )
        if len(self.shifts) != len(names):
            raise VerifyException(f"'shifts' has {len(self.shifts)} entries, expected {len(names)}")
        for shift in self.shifts.get_values():
            expect_shift(shift)
        if (self.epilogue is None) != (len(names) == 1):
            raise VerifyException("'epilogue' selects among several epilogues, and only then")
        expect_matrix("activation", self.activation)
        for name, value in (("weight", self.weight), ("multiplier", self.multiplier)):
            expect_space(name, value, DRAM)
        expect_space("offset", self.offset, DRAM)
        expect_width("multiplier", self.multiplier, MULTIPLIER_BITS)
        expect_width("offset", self.offset, OFFSET_BITS)
        expect_shape("offset", self.offset, shape_of(self.multiplier))
        for name, value, needed in (
            ("table", self.table, GELU in names),
            ("result", self.result, STORE in names or GELU in names),
            ("residual", self.residual, ADD in names),
        ):
            if (value is not None) != needed:
                raise VerifyException(
                    f"'{name}' is {'missing' if needed else 'not used'} with epilogues "
                    f"{list(names)}"
                )
        if self.result is not None:
            expect_matrix("result", self.result)
        if self.residual is not None:
            expect_matrix("residual", self.residual)


@irdl_op_definition
class LayerNormOp(IRDLOperation):
    """
    Integer LayerNorm of rows of the residual stream.

    ```mlir
    accel.layer_norm %residual at %c0, %multiplier, %offset to %normed sizes(%c197, %c192)
        {epsilon = 36 : i64, shift = 20 : i64}
        : memref<197x192xi16, #accel.onchip>, memref<192xi18, #accel.dram>,
          memref<192xi48, #accel.dram>, memref<197x192xi8, #accel.onchip>
    ```
    """

    name = "accel.layer_norm"

    input = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    first = operand_def(IndexType)
    """Row of `input` that becomes row 0 of `result`."""

    multiplier = operand_def(MemRefType[IntegerType])
    """`i18`, one for each channel; after tiling, tiles x channels of a tile."""

    offset = operand_def(MemRefType[IntegerType])
    """`i48`, in the shape of `multiplier`."""

    result = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    tokens = operand_def(IndexType)
    """Number of tokens."""

    channels = operand_def(IndexType)
    """Number of channels."""

    epsilon = prop_def(IntegerAttr.constr(i64))
    """Added to the variance times the square of the channels."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Right shift after the multiplication."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$input `at` $first `,` $multiplier `,` $offset `to` $result "
        "`sizes` `(` $tokens `,` $channels `)` attr-dict "
        "`:` type($input) `,` type($multiplier) `,` type($offset) `,` type($result)"
    )

    def __init__(
        self,
        input: SSAValue,
        first: SSAValue,
        multiplier: SSAValue,
        offset: SSAValue,
        result: SSAValue,
        sizes: tuple[SSAValue, SSAValue],
        *,
        epsilon: int,
        shift: int,
    ):
        super().__init__(
            operands=[input, first, multiplier, offset, result, *sizes],
            properties={"epsilon": IntegerAttr(epsilon, i64), "shift": IntegerAttr(shift, i64)},
        )

    def verify_(self) -> None:
        expect_matrix("input", self.input)
        expect_matrix("result", self.result)
        expect_space("multiplier", self.multiplier, DRAM)
        expect_space("offset", self.offset, DRAM)
        expect_width("multiplier", self.multiplier, MULTIPLIER_BITS)
        expect_width("offset", self.offset, OFFSET_BITS)
        expect_shape("offset", self.offset, shape_of(self.multiplier))
        expect_shift(self.shift.value.data)


@irdl_op_definition
class AttentionOp(IRDLOperation):
    """
    Scores, softmax and mixing of values for all heads.

    ```mlir
    accel.attention %query, %key, %value, %exponentials, %softmax_multiplier, %value_multiplier
        to %mixed {heads = 3 : i64, probability_bits = 8 : i64, softmax_shift = 17 : i64,
        value_shift = 24 : i64}
        : memref<197x192xi8, #accel.onchip>, memref<197x192xi8, #accel.onchip>,
          memref<197x192xi8, #accel.onchip>, memref<256xi17, #accel.dram>,
          memref<197x192xi8, #accel.onchip>
    ```
    """

    name = "accel.attention"

    query = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    key = operand_def(MemRefType[IntegerType])
    """Same type as `query`."""

    value = operand_def(MemRefType[IntegerType])
    """Same type as `query`."""

    exponentials = operand_def(MemRefType[IntegerType])
    """One octave of exponentials, `i17`."""

    softmax_multiplier = operand_def(IntegerType(MULTIPLIER_BITS))
    """Step of a score in units of `2^(softmax_shift - 8)` octaves."""

    value_multiplier = operand_def(IntegerType(MULTIPLIER_BITS))
    """Requantization of the mixed values."""

    result = operand_def(MemRefType[IntegerType])
    """Same type as `query`."""

    heads = prop_def(IntegerAttr.constr(i64))
    """Number of heads; it divides the channels."""

    probability_bits = prop_def(IntegerAttr.constr(i64))
    """Width of a probability, 1 to 16."""

    softmax_shift = prop_def(IntegerAttr.constr(i64))
    """Right shift of a score's distance from the maximum."""

    value_shift = prop_def(IntegerAttr.constr(i64))
    """Right shift of the mixed values."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$query `,` $key `,` $value `,` $exponentials `,` $softmax_multiplier `,` "
        "$value_multiplier `to` $result attr-dict `:` "
        "type($query) `,` type($key) `,` type($value) `,` type($exponentials) `,` type($result)"
    )

    def __init__(
        self,
        query: SSAValue,
        key: SSAValue,
        value: SSAValue,
        exponentials: SSAValue,
        softmax_multiplier: SSAValue,
        value_multiplier: SSAValue,
        result: SSAValue,
        *,
        heads: int,
        probability_bits: int,
        softmax_shift: int,
        value_shift: int,
    ):
        super().__init__(
            operands=[
                query,
                key,
                value,
                exponentials,
                softmax_multiplier,
                value_multiplier,
                result,
            ],
            properties={
                "heads": IntegerAttr(heads, i64),
                "probability_bits": IntegerAttr(probability_bits, i64),
                "softmax_shift": IntegerAttr(softmax_shift, i64),
                "value_shift": IntegerAttr(value_shift, i64),
            },
        )

    def verify_(self) -> None:
        expect_matrix("query", self.query)
        for name, value in (("key", self.key), ("value", self.value), ("result", self.result)):
            if value.type != self.query.type:
                raise VerifyException(f"'{name}' is {value.type}, expected {self.query.type}")
        expect_shape("exponentials", self.exponentials, (EXPONENTIAL_ENTRIES,))
        expect_space("exponentials", self.exponentials, DRAM)
        channels, heads = shape_of(self.query)[1], self.heads.value.data
        if heads < 1 or channels % heads:
            raise VerifyException(f"'heads' is {heads}, it must divide the {channels} channels")
        expect_probability_bits("probability_bits", self.probability_bits)
        expect_shift(self.softmax_shift.value.data)
        expect_shift(self.value_shift.value.data)


@irdl_op_definition
class ExtractPatchesOp(IRDLOperation):
    """
    Cut the image into patches: row `p` of the result holds the pixels of patch `p` in the order
    colour, row, column.

    ```mlir
    accel.extract_patches %image to %patches {patch = array<i64: 16, 16>}
        : memref<3x224x224xi8, #accel.dram>, memref<196x768xi8, #accel.onchip>
    ```
    """

    name = "accel.extract_patches"

    image = operand_def(MemRefType[IntegerType])
    """Colours x height x width, in DRAM."""

    patches = operand_def(MemRefType[IntegerType])
    """Patches x pixels of a patch."""

    patch = prop_def(DenseArrayBase.constr(i64))
    """Height and width of a patch."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "$image `to` $patches attr-dict `:` type($image) `,` type($patches)"

    def __init__(self, image: SSAValue, patches: SSAValue, patch: Sequence[int]):
        super().__init__(
            operands=[image, patches],
            properties={"patch": DenseArrayBase.from_list(i64, patch)},
        )

    def verify_(self) -> None:
        colours, height, width = expect_rank("image", self.image, 3, "colours x height x width")
        expect_space("image", self.image, DRAM)
        expect_matrix("patches", self.patches)
        patch_height, patch_width = expect_patch(self.patch)
        if height % patch_height or width % patch_width:
            raise VerifyException(
                f"'patch' is {patch_height} x {patch_width}, it must divide the image of "
                f"{height} x {width}"
            )
        expect_shape(
            "patches",
            self.patches,
            (
                (height // patch_height) * (width // patch_width),
                colours * patch_height * patch_width,
            ),
        )
        expect_width("patches", self.patches, element_width(self.image))


@irdl_op_definition
class LoadMatrixOp(IRDLOperation):
    """
    Read a matrix of activations from DRAM, such as the class token and position embeddings with
    which the residual stream starts.

    ```mlir
    accel.load_matrix %tokens to %residual
        : memref<197x192xi16, #accel.dram>, memref<197x192xi16, #accel.onchip>
    ```
    """

    name = "accel.load_matrix"

    source = operand_def(MemRefType[IntegerType])
    """Tokens x channels; after tiling, tiles x tokens x channels of a tile."""

    matrix = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    assembly_format = "$source `to` $matrix attr-dict `:` type($source) `,` type($matrix)"

    def __init__(self, source: SSAValue, matrix: SSAValue):
        super().__init__(operands=[source, matrix])

    def verify_(self) -> None:
        expect_space("source", self.source, DRAM)
        expect_matrix("matrix", self.matrix)
        expect_width("source", self.source, element_width(self.matrix))


@irdl_op_definition
class StoreMatrixOp(IRDLOperation):
    """
    Write a matrix of activations to DRAM, row after row.

    ```mlir
    accel.store_matrix %scores to %logits
        : memref<1x1000xi16, #accel.onchip>, memref<1x1000xi16, #accel.dram>
    ```
    """

    name = "accel.store_matrix"

    matrix = operand_def(MemRefType[IntegerType])
    """Tokens x channels."""

    destination = operand_def(MemRefType[IntegerType])
    """Tokens x channels, in DRAM."""

    assembly_format = "$matrix `to` $destination attr-dict `:` type($matrix) `,` type($destination)"

    def __init__(self, matrix: SSAValue, destination: SSAValue):
        super().__init__(operands=[matrix, destination])

    def verify_(self) -> None:
        expect_matrix("matrix", self.matrix)
        expect_space("destination", self.destination, DRAM)
        expect_shape("destination", self.destination, shape_of(self.matrix))
        expect_width("destination", self.destination, element_width(self.matrix))


@irdl_op_definition
class CheckpointOp(IRDLOperation):
    """
    A place where the testbench compares a buffer with its golden values. Hardware ignores it.

    ```mlir
    accel.checkpoint "blocks"[%layer], %residual : memref<197x192xi16, #accel.onchip>
    ```
    """

    name = "accel.checkpoint"

    label = prop_def(StringAttr)
    """What the values are called in a report."""

    index = operand_def(IndexType)
    """Which of several values of that name, as the layer."""

    buffer = operand_def(MemRefType[IntegerType])
    """The values to compare."""

    assembly_format = "$label `[` $index `]` `,` $buffer attr-dict `:` type($buffer)"

    def __init__(self, label: str, index: SSAValue, buffer: SSAValue):
        super().__init__(operands=[index, buffer], properties={"label": StringAttr(label)})

    def verify_(self) -> None:
        expect_space("buffer", self.buffer, ONCHIP, LOCAL)
