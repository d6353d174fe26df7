"""One iteration of the attention engine."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
    UnitAttr,
    i1,
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
    opt_prop_def,
    prop_def,
)
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.accel.layers.common import expect_probability_bits
from vaqf.dialects.accel.tiles.common import (
    expect_array,
    expect_local,
    expect_positive,
)
from vaqf.dialects.quant.activations import EXPONENTIAL_ENTRIES
from vaqf.dialects.quant.formats import MULTIPLIER_BITS
from vaqf.dialects.quant.weights import expect_shift


@irdl_op_definition
class ScoreOp(IRDLOperation):
    """
    Compare one query with the keys of the lanes, and keep the largest score of the query:
    `scores[query, key + u] = sum over d of queries[query, d] * keys[key + u, d]` and
    `maxima[query] = max(maxima[query], scores[query, key + u])`. Where `restart` is set, the
    maximum is that of these scores alone.

    ```mlir
    accel.score %queries[%query], %keys[%key] to %scores, %maxima restart %is_first limit %tokens
        {lanes = 16 : i64}
        : memref<197x64xi8, #accel.local>, memref<208x64xi8, #accel.local>,
          memref<197x208xi22, #accel.local>, memref<197xi22, #accel.local>
    ```
    """

    name = "accel.score"

    queries = operand_def(MemRefType[IntegerType])
    """Tokens x channels of a head, local."""

    query = operand_def(IndexType)
    """Row of `queries`, `scores` and `maxima`."""

    keys = operand_def(MemRefType[IntegerType])
    """Key slots x channels of a head, local."""

    key = operand_def(IndexType)
    """Key of lane 0."""

    scores = operand_def(MemRefType[IntegerType])
    """Tokens x key slots, local."""

    maxima = operand_def(MemRefType[IntegerType])
    """One largest score a query, local."""

    restart = opt_operand_def(i1)
    """Whether what `maxima` held does not count."""

    limit = opt_operand_def(IndexType)
    """Number of keys that count for the maximum."""

    lanes = prop_def(IntegerAttr.constr(i64))
    """Number of keys in parallel."""

    irdl_options = (AttrSizedOperandSegments(as_property=True), ParsePropInAttrDict())

    assembly_format = (
        "$queries `[` $query `]` `,` $keys `[` $key `]` `to` $scores `,` $maxima "
        "(`restart` $restart^)? (`limit` $limit^)? attr-dict `:` "
        "type($queries) `,` type($keys) `,` type($scores) `,` type($maxima)"
    )

    def __init__(
        self,
        queries: SSAValue,
        query: SSAValue,
        keys: SSAValue,
        key: SSAValue,
        scores: SSAValue,
        maxima: SSAValue,
        *,
        restart: SSAValue | None = None,
        limit: SSAValue | None = None,
        lanes: int,
    ):
        super().__init__(
            operands=[queries, query, keys, key, scores, maxima, restart, limit],
            properties={"lanes": IntegerAttr(lanes, i64)},
        )

    def verify_(self) -> None:
        tokens, channels = expect_local("queries", self.queries, 2, "tokens x channels")
        slots, key_channels = expect_local("keys", self.keys, 2, "key slots x channels")
        if key_channels != channels:
            raise VerifyException(f"'keys' has {key_channels} channels, expected {channels}")
        expect_array("scores", self.scores, (tokens, slots))
        expect_array("maxima", self.maxima, (tokens,))
        expect_positive("lanes", self.lanes)


@irdl_op_definition
class ExponentiateOp(IRDLOperation):
    """
    Turn scores of one query into exponentials and add them to its sum: steps 1 and 2 of softmax
    in `docs/numerics.md`. Lanes from `limit` on give 0. Where `restart` is set, the sum starts at
    zero instead of what it was.

    ```mlir
    accel.exponentiate %scores[%query, %key], %maxima, %table, %multiplier
        to %exponentials, %sums restart %is_first limit %tokens {lanes = 16 : i64, shift = 17 : i64}
        : memref<197x208xi22, #accel.local>, memref<197xi22, #accel.local>,
          memref<256xi17, #accel.local>, memref<197x208xi17, #accel.local>,
          memref<197xi25, #accel.local>
    ```
    """

    name = "accel.exponentiate"

    scores = operand_def(MemRefType[IntegerType])
    """Tokens x key slots, local."""

    query = operand_def(IndexType)
    """Row of `scores` and `exponentials`; element of `maxima` and `sums`."""

    key = operand_def(IndexType)
    """Key of lane 0."""

    maxima = operand_def(MemRefType[IntegerType])
    """One largest score a query, local."""

    table = operand_def(MemRefType[IntegerType])
    """One octave of exponentials, local."""

    multiplier = operand_def(IntegerType(MULTIPLIER_BITS))
    """Step of a score in units of `2^(shift - 8)` octaves."""

    exponentials = operand_def(MemRefType[IntegerType])
    """Tokens x key slots, local."""

    sums = operand_def(MemRefType[IntegerType])
    """One sum of exponentials a query, local."""

    restart = opt_operand_def(i1)
    """Whether the sum starts at zero."""

    limit = opt_operand_def(IndexType)
    """Number of keys that count."""

    lanes = prop_def(IntegerAttr.constr(i64))
    """Number of keys in parallel."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Arithmetic right shift."""

    irdl_options = (AttrSizedOperandSegments(as_property=True), ParsePropInAttrDict())

    assembly_format = (
        "$scores `[` $query `,` $key `]` `,` $maxima `,` $table `,` $multiplier "
        "`to` $exponentials `,` $sums (`restart` $restart^)? (`limit` $limit^)? attr-dict "
        "`:` type($scores) `,` type($maxima) `,` type($table) `,` type($exponentials) `,` "
        "type($sums)"
    )

    def __init__(
        self,
        scores: SSAValue,
        query: SSAValue,
        key: SSAValue,
        maxima: SSAValue,
        table: SSAValue,
        multiplier: SSAValue,
        exponentials: SSAValue,
        sums: SSAValue,
        *,
        restart: SSAValue | None = None,
        limit: SSAValue | None = None,
        lanes: int,
        shift: int,
    ):
        super().__init__(
            operands=[
                scores,
                query,
                key,
                maxima,
                table,
                multiplier,
                exponentials,
                sums,
                restart,
                limit,
            ],
            properties={
                "lanes": IntegerAttr(lanes, i64),
                "shift": IntegerAttr(shift, i64),
            },
        )

    def verify_(self) -> None:
        shape = expect_local("scores", self.scores, 2, "tokens x key slots")
        expect_array("exponentials", self.exponentials, shape)
        expect_array("maxima", self.maxima, shape[:1])
        expect_array("sums", self.sums, shape[:1])
        expect_array("table", self.table, (EXPONENTIAL_ENTRIES,))
        expect_positive("lanes", self.lanes)
        expect_shift(self.shift.value.data)


@irdl_op_definition
class ReciprocalOp(IRDLOperation):
    """
    The reciprocal of one sum of exponentials: `inverses[query] = 2^shift / sums[query]`, or
    `multiplier * 2^shift / sums[query]`.

    ```mlir
    accel.reciprocal %sums to %inverses at %query {shift = 38 : i64}
        : memref<197xi25, #accel.local>, memref<197xi25, #accel.local>
    ```
    """

    name = "accel.reciprocal"

    sums = operand_def(MemRefType[IntegerType])
    """One positive sum a query, local."""

    inverses = operand_def(MemRefType[IntegerType])
    """One reciprocal a query, local."""

    query = operand_def(IndexType)
    """Element of both."""

    multiplier = opt_operand_def(IntegerType(MULTIPLIER_BITS))
    """Positive; absent means 1."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Exponent of the dividend, 1 to 47."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = (
        "$sums `to` $inverses `at` $query (`multiplier` $multiplier^)? attr-dict "
        "`:` type($sums) `,` type($inverses)"
    )

    def __init__(
        self,
        sums: SSAValue,
        inverses: SSAValue,
        query: SSAValue,
        shift: int,
        multiplier: SSAValue | None = None,
    ):
        super().__init__(
            operands=[sums, inverses, query, multiplier],
            properties={"shift": IntegerAttr(shift, i64)},
        )

    def verify_(self) -> None:
        shape = expect_local("sums", self.sums, 1, "queries")
        expect_array("inverses", self.inverses, shape)
        expect_shift(self.shift.value.data)


@irdl_op_definition
class MixOp(IRDLOperation):
    """
    Turn exponentials of one query into probabilities, step 4 of softmax in `docs/numerics.md`,
    and add the values weighted by them:
    `mixed[query, d] += sum over u of p[key + u] * values[key + u, d]`. Where `restart` is set, the
    row of `mixed` starts at zero instead of what it held.

    ```mlir
    accel.mix %exponentials[%query, %key], %inverses, %values to %mixed restart %is_first
        limit %tokens
        {bits = 8 : i64, lanes = 16 : i64, shift = 30 : i64}
        : memref<197x208xi17, #accel.local>, memref<197xi25, #accel.local>,
          memref<208x64xi8, #accel.local>, memref<197x64xi24, #accel.local>
    ```
    """

    name = "accel.mix"

    exponentials = operand_def(MemRefType[IntegerType])
    """Tokens x key slots, local."""

    query = operand_def(IndexType)
    """Row of `exponentials` and `mixed`; element of `inverses`."""

    key = operand_def(IndexType)
    """Key of lane 0."""

    inverses = operand_def(MemRefType[IntegerType])
    """One reciprocal a query, local."""

    values = operand_def(MemRefType[IntegerType])
    """Key slots x channels of a head, local."""

    mixed = operand_def(MemRefType[IntegerType])
    """Tokens x channels of a head, local."""

    restart = opt_operand_def(i1)
    """Whether the row of `mixed` starts at zero."""

    limit = opt_operand_def(IndexType)
    """Number of keys that count."""

    lanes = prop_def(IntegerAttr.constr(i64))
    """Number of keys in parallel."""

    bits = prop_def(IntegerAttr.constr(i64))
    """Width of a probability."""

    shift = prop_def(IntegerAttr.constr(i64))
    """Right shift of an exponential times the reciprocal, with rounding."""

    packed = opt_prop_def(UnitAttr)
    """Whether two channels share a multiplier, where their widths allow it, and adders of LUTs."""

    irdl_options = (AttrSizedOperandSegments(as_property=True), ParsePropInAttrDict())

    assembly_format = (
        "$exponentials `[` $query `,` $key `]` `,` $inverses `,` $values `to` $mixed "
        "(`restart` $restart^)? (`limit` $limit^)? attr-dict `:` "
        "type($exponentials) `,` type($inverses) `,` type($values) `,` type($mixed)"
    )

    def __init__(
        self,
        exponentials: SSAValue,
        query: SSAValue,
        key: SSAValue,
        inverses: SSAValue,
        values: SSAValue,
        mixed: SSAValue,
        *,
        restart: SSAValue | None = None,
        limit: SSAValue | None = None,
        lanes: int,
        bits: int,
        shift: int,
        packed: bool = False,
    ):
        super().__init__(
            operands=[exponentials, query, key, inverses, values, mixed, restart, limit],
            properties={
                "lanes": IntegerAttr(lanes, i64),
                "bits": IntegerAttr(bits, i64),
                "shift": IntegerAttr(shift, i64),
                "packed": UnitAttr() if packed else None,
            },
        )

    def verify_(self) -> None:
        tokens, slots = expect_local("exponentials", self.exponentials, 2, "tokens x key slots")
        expect_array("inverses", self.inverses, (tokens,))
        value_slots, channels = expect_local("values", self.values, 2, "key slots x channels")
        if value_slots != slots:
            raise VerifyException(f"'values' has {value_slots} key slots, expected {slots}")
        expect_array("mixed", self.mixed, (tokens, channels))
        expect_positive("lanes", self.lanes)
        expect_probability_bits("bits", self.bits)
        expect_shift(self.shift.value.data)
