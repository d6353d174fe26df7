"""
When things happen: directives on loops, and work that runs side by side.

Directives are attributes of the loops that they are about. `accel.pipeline` on an `scf.for` holds
`#accel.pipeline<...>`.
"""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import IntAttr, IntegerAttr, StringAttr
from xdsl.ir import Attribute, Operation, ParametrizedAttribute, Region
from xdsl.irdl import (
    IRDLOperation,
    irdl_attr_definition,
    irdl_op_definition,
    traits_def,
    var_region_def,
)
from xdsl.parser import AttrParser, Parser
from xdsl.printer import Printer
from xdsl.traits import NoTerminator
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.parameters import parse_integer, parse_text

PIPELINE_ATTRIBUTE = "accel.pipeline"
"""Name of the attribute of a loop that holds its `#accel.pipeline`."""

FLATTEN_ATTRIBUTE = "accel.flatten"
"""
Name of the attribute of a loop that is one pipeline with the loop in it: that one starts its first
iteration right after the last of the iteration before.
"""

OVERLAP_ATTRIBUTE = "accel.overlap"
"""
Name of the attribute of a loop whose iterations are stages that can overlap: `double-buffer` lets
each stage work on the iteration behind that of the stage before it.
"""

DISTANCE_ATTRIBUTE = "accel.distance"
"""
Name of the attribute of an `accel.buffer` that a pipelined loop reads what it wrote before: after
how many iterations at least.
"""

ENGINE_ATTRIBUTE = "accel.engine"
"""Name of the attribute of a function that is an engine; its value is the kind of engine."""

PORT_ATTRIBUTE = "accel.port"
"""Name of the attribute of an argument of `@forward`: "input", "output" or "parameter"."""

FORMAT_ATTRIBUTE = "accel.format"
"""Name of the attribute of an input or output of `@forward`: its number format."""

FRAMES_ATTRIBUTE = "accel.frames"
"""
Name of the attribute of `@forward` that says how many frames a call computes; one without it. With
several, the first dimension of inputs and outputs counts them.
"""

HARDWARE_ATTRIBUTE = "accel.hardware"
"""
Name of the module attribute that `tile-engines` sets: `lanes` channels make a word of a matrix of
activations; every matrix has room for `token_slots` tokens and a multiple of `channel_slots`
channels. `pack-parameters` adds `word_bits`, the width of a word in DRAM, and
`estimate-performance` adds `memory_bits`, what all ports can move in a cycle, where that is known.
"""


def frames_of(forward: Operation) -> int:
    """How many frames a call of `@forward` computes."""
    frames = forward.attributes.get(FRAMES_ATTRIBUTE)
    return frames.value.data if isinstance(frames, IntegerAttr) else 1


@irdl_attr_definition
class PipelineAttr(ParametrizedAttribute):
    """
    A loop that starts an iteration every `interval` cycles, and why it may.

    ```mlir
    #accel.pipeline<ii = 1, "a partial sum is written 50 iterations before it is read again">
    ```
    """

    name = "accel.pipeline"

    interval: IntAttr
    """Cycles between the starts of iterations, positive."""

    reason: StringAttr
    """Why no iteration needs a result of one that is still under way."""

    def __init__(self, interval: int, reason: str):
        super().__init__(IntAttr(interval), StringAttr(reason))

    def verify(self) -> None:
        if self.interval.data < 1:
            raise VerifyException(
                f"#accel.pipeline: ii is {self.interval.data}, it must be positive"
            )

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            interval = parse_integer(parser, "ii")
            parser.parse_punctuation(",")
            reason = parse_text(parser)
        return interval, reason

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(f"ii = {self.interval.data}, ")
            printer.print_string_literal(self.reason.data)


@irdl_op_definition
class ConcurrentOp(IRDLOperation):
    """
    Stages that run side by side, because no stage writes what another reads or writes.

    Executed one after the other they give the same result.

    ```mlir
    accel.concurrent {
      accel.load %offset[%next] to %next_offsets
          : memref<12x64xi48, #accel.dram>, memref<64xi48, #accel.local>
    } {
      scf.for %token = %c0 to %tokens step %c1 {
        accel.scale %sums[%token], %multipliers, %offsets to %scaled
            : memref<200x64xi28, #accel.local>, memref<64xi18, #accel.local>,
              memref<64xi48, #accel.local>, memref<64xi49, #accel.local>
      }
    }
    ```
    """

    name = "accel.concurrent"

    stages = var_region_def("single_block")
    """One region a stage, without arguments or results."""

    traits = traits_def(NoTerminator())

    def __init__(self, stages: Sequence[Region]):
        super().__init__(regions=[stages])

    @classmethod
    def parse(cls, parser: Parser) -> ConcurrentOp:
        stages = [parser.parse_region()]
        while (stage := parser.parse_optional_region()) is not None:
            stages.append(stage)
        op = cls(stages)
        if (attributes := parser.parse_optional_attr_dict_with_keyword()) is not None:
            op.attributes |= attributes.data
        return op

    def print(self, printer: Printer) -> None:
        for stage in self.stages:
            printer.print_string(" ")
            printer.print_region(stage, print_block_terminators=False)
        printer.print_op_attributes(self.attributes, print_keyword=True)

    def verify_(self) -> None:
        if len(self.stages) < 2:
            raise VerifyException(f"has {len(self.stages)} stage, expected at least two")
