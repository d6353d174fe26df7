"""Let activations that are not needed at the same time share one buffer."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute, Block
from xdsl.passes import ModulePass

from vaqf.dialects.accel import BufferOp
from vaqf.passes.accel_functions import function_named
from vaqf.passes.layer_names import fused


@dataclass
class Lifetime:
    """From which op to which a buffer holds something that is needed."""

    buffer: BufferOp
    first: int
    last: int


def lifetimes(block: Block) -> list[Lifetime]:
    """
    The lifetimes of the buffers of a block, by the first op that uses them.

    What is used in a loop is needed from its first iteration to its last.
    """
    positions = {op: position for position, op in enumerate(block.ops)}
    found: list[Lifetime] = []
    for op in block.ops:
        if isinstance(op, BufferOp) and op.buffer.uses:
            users = [block.find_ancestor_op_in_block(use.operation) for use in op.buffer.uses]
            uses = [positions[user] for user in users if user is not None]
            found.append(Lifetime(op, min(uses), max(uses)))
    return sorted(found, key=lambda each: each.first)


@dataclass(frozen=True)
class ReuseBuffersPass(ModulePass):
    """
    Put each activation into the first buffer of its type that is free by then.

    Blocks of a network thereby use the same buffers in the same way, which `roll-layers` needs.
    """

    name = "reuse-buffers"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        forward = function_named(op, "forward")
        kept: dict[Attribute, list[Lifetime]] = {}
        replaced: list[tuple[BufferOp, BufferOp]] = []
        for each in lifetimes(forward.body.block):
            candidates = kept.setdefault(each.buffer.buffer.type, [])
            free = next((other for other in candidates if other.last < each.first), None)
            if free is None:
                candidates.append(each)
            else:
                free.last = each.last
                replaced.append((each.buffer, free.buffer))
        for buffer, replacement in replaced:
            name = replacement.buffer.name_hint
            buffer.buffer.replace_all_uses_with(replacement.buffer)
            replacement.buffer.name_hint = name
            replacement.location = fused([replacement, buffer])
            buffer.detach()
            buffer.erase()
