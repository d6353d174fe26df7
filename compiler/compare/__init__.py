"""
Comparing two runs of a network layer by layer, wherever each of them comes from.

- `tensors`: what a run lets one look at, and which tensors of two runs are of one layer.
- `measures`: how far apart the values of a layer are.
- `sides`: what runs can be compared, by what a user calls them.
- `tensor_level`, `onnx_runtime`, `accelerators`: the runs.
- `comparison`: all of it, sample by sample.
- `report`, `picture`: what is told of it.
"""
