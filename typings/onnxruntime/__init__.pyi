"""The part of ONNX Runtime that is used here; the package has no types of its own."""

from collections.abc import Mapping, Sequence
from os import PathLike

import numpy as np
from numpy.typing import NDArray

class GraphOptimizationLevel:
    ORT_DISABLE_ALL: GraphOptimizationLevel

class SessionOptions:
    intra_op_num_threads: int
    graph_optimization_level: GraphOptimizationLevel
    log_severity_level: int
    enable_cpu_mem_arena: bool
    enable_mem_pattern: bool

class NodeArg:
    shape: Sequence[int | str]

class InferenceSession:
    def __init__(
        self,
        path_or_bytes: str | PathLike[str] | bytes,
        sess_options: SessionOptions | None = None,
        providers: Sequence[str] | None = None,
    ) -> None: ...
    def get_inputs(self) -> Sequence[NodeArg]: ...
    def run(
        self,
        output_names: Sequence[str] | None,
        input_feed: Mapping[str, NDArray[np.generic]],
    ) -> list[NDArray[np.float32]]: ...
