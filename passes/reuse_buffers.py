"""Let matrices that are not needed at the same time share their storage."""

from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Operation
from xdsl.passes import ModulePass

from vaqf.dialects.accel import BufferOp, ReuseOp
from vaqf.dialects.accel.memory import ONCHIP, buffer_type, element_width
from vaqf.dialects.shapes import shape_of
from vaqf.passes.accel_functions import function_named
from vaqf.passes.layer_names import fused
from vaqf.passes.statistics import Statistic


@dataclass(frozen=True)
class Lifetime:
    """From which op to which a matrix holds something that is needed."""

    buffer: BufferOp
    first: int
    last: int

    @property
    def shape(self) -> tuple[int, int]:
        """Tokens and channels."""
        tokens, channels = shape_of(self.buffer.buffer)
        return tokens, channels

    @property
    def width(self) -> int:
        """Bits of an activation."""
        return element_width(self.buffer.buffer)

    @property
    def size(self) -> int:
        """Channels: storage has room for the most tokens of any matrix, whatever their number."""
        return self.shape[1]


@dataclass
class Storage:
    """What some matrices share."""

    members: list[Lifetime] = field(default_factory=list[Lifetime])

    @property
    def tokens(self) -> int:
        """Rows that the largest member needs."""
        return max(each.shape[0] for each in self.members)

    @property
    def channels(self) -> int:
        """Channels that the largest member needs."""
        return max(each.shape[1] for each in self.members)

    def is_free(self, wanted: Lifetime) -> bool:
        """Whether no member is needed while another matrix is."""
        return all(each.last < wanted.first or wanted.last < each.first for each in self.members)


def lifetimes(block: Block) -> list[Lifetime]:
    """
    The lifetimes of the matrices of a block, by the first op that uses them.

    What is used in a loop is needed from its first iteration to its last.
    """
    positions = {op: position for position, op in enumerate(block.ops)}
    found: list[Lifetime] = []
    for op in block.ops:
        if isinstance(op, BufferOp) and op.buffer.uses and op.buffer.type.memory_space == ONCHIP:
            users = [block.find_ancestor_op_in_block(use.operation) for use in op.buffer.uses]
            uses = [positions[user] for user in users if user is not None]
            found.append(Lifetime(op, min(uses), max(uses)))
    return sorted(found, key=lambda each: each.first)


def assign(matrices: list[Lifetime]) -> list[Storage]:
    """
    Which matrices share storage: each, the largest first, gets that which has stood longest and is
    large enough therefore, or storage of its own where none is free.
    """
    storages: list[Storage] = []
    for each in sorted(matrices, key=lambda each: (-each.size, each.first)):
        free = (
            other
            for other in storages
            if other.members[0].width == each.width and other.is_free(each)
        )
        if (storage := next(free, None)) is None:
            storages.append(storage := Storage())
        storage.members.append(each)
    return storages


@dataclass(frozen=True)
class ReuseBuffersPass(ModulePass):
    """
    Let matrices share storage by their lifetimes, the largest first.

    Blocks of a network thereby use the same storage in the same way, which `roll-layers` needs.
    """

    name = "reuse-buffers"

    statistics = (Statistic("buffers saved", removed="accel.buffer"),)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        block = function_named(op, "forward").body.block
        order = {each: position for position, each in enumerate(block.ops)}
        for storage in assign(lifetimes(block)):
            members = sorted(storage.members, key=lambda each: order[each.buffer])
            self.share(block, storage, members)

    def share(self, block: Block, storage: Storage, members: list[Lifetime]) -> None:
        """Put matrices into one buffer, where the first of them was declared."""
        largest = max(members, key=lambda each: each.size)
        shape = storage.tokens, storage.channels
        type = buffer_type(largest.width, shape, ONCHIP)
        buffer = BufferOp(type)
        known_as = max(members, key=lambda each: each.buffer.buffer.uses.get_length())
        buffer.buffer.name_hint = known_as.buffer.buffer.name_hint
        buffer.location = fused([each.buffer for each in members])
        block.insert_op_before(buffer, members[0].buffer)
        views: dict[tuple[int, int], ReuseOp] = {}
        last: Operation = buffer
        for each in members:
            value = buffer.buffer
            if each.shape != shape:
                if each.shape not in views:
                    view = views[each.shape] = ReuseOp(buffer.buffer, *each.shape)
                    view.matrix.name_hint = each.buffer.buffer.name_hint
                    view.location = buffer.location
                    block.insert_op_after(view, last)
                    last = view
                value = views[each.shape].matrix
            hint = value.name_hint
            each.buffer.buffer.replace_all_uses_with(value)
            value.name_hint = hint
            each.buffer.detach()
            each.buffer.erase()
