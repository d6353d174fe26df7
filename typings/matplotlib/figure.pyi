from collections.abc import Sequence
from typing import IO, Literal, overload

from matplotlib.axes import Axes

class Figure:
    def __init__(
        self, figsize: tuple[float, float] = ..., *, layout: Literal["constrained"] | None = ...
    ) -> None: ...
    @overload
    def subplots(self) -> Axes: ...
    @overload
    def subplots(
        self, nrows: int, ncols: Literal[1], *, sharex: bool = ...
    ) -> Sequence[Axes]: ...
    def savefig(
        self,
        fname: IO[bytes],
        *,
        format: str = ...,
        dpi: int = ...,
        metadata: dict[str, str | None] = ...,
    ) -> None: ...
