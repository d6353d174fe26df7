"""What an engine does with the scaled values of one token."""

from __future__ import annotations

from xdsl.ir import Block, SSAValue

from vaqf.dialects import accel
from vaqf.dialects.accel.layers import ADD, GELU
from vaqf.dialects.accel.memory import element_width
from vaqf.passes.engines.code import Code


def write_epilogues(
    code: Code,
    layer: accel.LinearOp | accel.LayerNormOp,
    scaled: SSAValue,
    row: SSAValue,
    channel: SSAValue,
    table: SSAValue | None = None,
) -> None:
    """
    Write the epilogues of a layer, of which its `epilogue` selects one.

    Args:
        code: where to write.
        layer: the layer that the engine replaces.
        scaled: a value a lane, local.
        row: where the token goes in the destinations.
        channel: of lane 0.
        table: entries of the GELU, local; with that epilogue.
    """
    cases: list[Block] = []
    shifts = layer.shifts.get_values()
    for name, shift, matrix in zip(layer.epilogue_names, shifts, layer.destinations, strict=True):
        case = Block() if layer.epilogue is not None else code.block
        cases.append(case)
        with code.inside(case):
            if name == ADD:
                code.add(accel.AddRoundedOp(scaled, matrix, row, channel, shift))
            elif name == GELU:
                assert table is not None
                code.add(accel.StoreLookupOp(scaled, table, matrix, row, channel, shift))
            else:
                bits = layer.bits if element_width(matrix) > 1 else None
                code.add(accel.StoreRoundedOp(scaled, matrix, row, channel, shift, bits))
    if layer.epilogue is not None:
        code.select(layer.epilogue, cases)
