"""Models that ONNX Runtime executes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
from onnx.external_data_helper import load_external_data_for_model

from vaqf.compiler.compare.tensor_level import InterpretedNetwork
from vaqf.compiler.compare.tensors import Array, Network
from vaqf.dialects.diagnostics import UserError
from vaqf.frontends.onnx import ModelFile, import_file
from vaqf.frontends.onnx.names import node_names, text
from vaqf.interpreters.arithmetic.integers import Floats
from vaqf.interpreters.execute import network_inputs
from vaqf.interpreters.onnx_runtime import has_onnx_runtime
from vaqf.interpreters.samples import Input, Samples


@dataclass(frozen=True)
class OnnxRuntime:
    """A model, with the names of all of its values."""

    path: Path
    inputs: Sequence[Input]
    network: Network
    values: Mapping[int, str]
    """What the model calls each tensor."""

    @staticmethod
    def open(path: Path) -> OnnxRuntime:
        """
        A model in a file.

        Raises:
            UserError: when ONNX Runtime is not installed, or the file is no valid model.
        """
        if not has_onnx_runtime():
            raise UserError("ONNX Runtime is not installed: pip install onnxruntime")
        file = ModelFile.open(path)
        module = import_file(file, str(path))
        graph = InterpretedNetwork.of(module, file)
        outputs = {
            text(name): list(node.output)
            for name, node in zip(
                node_names(file.model.graph.node), file.model.graph.node, strict=True
            )
        }
        values = {number: name for name, number in graph.outputs.items()}
        for numbers in graph.results.values():
            for place, number in enumerate(numbers):
                names = () if number is None else outputs[graph.network.tensors[number].node]
                if number is not None and place < len(names) and names[place]:
                    values[number] = names[place]
        unnamed = {each.number for each in graph.network.tensors if each.number not in values}
        network = replace(graph.network, inner=graph.network.inner | unnamed)
        return OnnxRuntime(path, network_inputs(module), network, values)

    def run(
        self, inputs: Mapping[str, Floats], wanted: Collection[int]
    ) -> Iterator[Mapping[int, Array]]:
        """See `Side`."""
        import onnxruntime

        samples = Samples.of(self.inputs, inputs)
        model = onnx.ModelProto.FromString(self.path.read_bytes())
        load_external_data_for_model(model, str(self.path.parent))
        known = {each.name for each in model.graph.output}
        names = {number: self.values[number] for number in wanted}
        model.graph.output.extend(
            onnx.ValueInfoProto(name=name)
            for name in dict.fromkeys(names.values())
            if name not in known
        )
        options = onnxruntime.SessionOptions()
        # Every node computes its own value, as the model says.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(
                model.SerializeToString(), options, providers=["CPUExecutionProvider"]
            )
            for sample in samples:
                given = dict(zip((each.name for each in self.inputs), sample, strict=True))
                results = session.run(list(names.values()), given)
                yield {
                    number: np.asarray(result)
                    for number, result in zip(names, results, strict=True)
                }
        except Exception as error:
            # Its errors have no base of their own.
            if not type(error).__module__.startswith(onnxruntime.__name__):
                raise
            raise UserError(f"{self.path}: ONNX Runtime cannot execute it: {error}") from error
