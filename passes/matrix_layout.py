"""How matrices of activations lie on the device."""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp

from vaqf.dialects import accel
from vaqf.dialects.accel.memory import element_width
from vaqf.dialects.shapes import shape_of
from vaqf.passes.costs.memories import matrix_storage
from vaqf.passes.costs.resources import Resources
from vaqf.passes.hardware import hardware_size
from vaqf.passes.parallel_access import partition_factors


@dataclass(frozen=True)
class Layout:
    """The sizes that all matrices have in common."""

    lanes: int
    """Channels of a word."""

    channel_slots: int
    """A matrix has room for a multiple of so many channels."""

    token_slots: int
    """Tokens that a matrix has room for."""

    @staticmethod
    def of(module: ModuleOp) -> Layout:
        """
        That of a module.

        Raises:
            PassFailedException: when tile-engines has not run.
        """
        return Layout(
            hardware_size(module, "lanes"),
            hardware_size(module, "channel_slots"),
            hardware_size(module, "token_slots"),
        )

    def matrix(self, buffer: accel.BufferOp, *, ultra: bool = False) -> Resources:
        """
        The memories of a matrix.

        Args:
            buffer: the matrix.
            ultra: whether it lies in UltraRAMs.
        """
        return matrix_storage(
            shape_of(buffer.buffer)[1],
            element_width(buffer.buffer),
            lanes=self.lanes,
            channel_slots=self.channel_slots,
            token_slots=self.token_slots,
            banks=partition_factors(buffer).get(0, 1),
            ultra=ultra,
        )
