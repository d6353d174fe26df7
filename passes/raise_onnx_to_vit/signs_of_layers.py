"""Signs of other layers than those of Vision Transformers: norms, activations, gates, tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from xdsl.ir import Operation, OpResult, SSAValue

from vaqf.passes.raise_onnx_to_vit.exported import ACTIVATIONS, MOVES, ExportedGraph, number_in
from vaqf.passes.raise_onnx_to_vit.report import known_shape, operator_of
from vaqf.passes.raise_onnx_to_vit.signs import Find, Sign, name_operator, operators

QUICK_GELU = 1.702
"""Factor in `x * sigmoid(1.702 x)` (Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016)."""

TANH_GELU = 0.044715
"""Factor of the cube in the approximation by tanh (ibid.)."""


def is_post_norm(graph: ExportedGraph, op: Operation) -> bool:
    """Whether an operation normalises a residual sum, and its result is what is added to next."""
    if operator_of(op) not in ("LayerNormalization", "RMSNormalization"):
        return False
    source = op.operands[0]
    return (
        isinstance(source, OpResult)
        and source.op in graph.residuals
        and any(use.operation in graph.residuals for use in op.results[0].uses)
    )


def _post_norms(graph: ExportedGraph) -> Sequence[Operation]:
    return [op for op in graph.ops if is_post_norm(graph, op)]


def _is_linear(graph: ExportedGraph, value: SSAValue) -> bool:
    """Whether a linear layer gives a value, with or without a bias."""
    while isinstance(value, OpResult):
        activations = [each for each in value.op.operands if graph.is_activation(each)]
        if operator_of(value.op) in ("MatMul", "Gemm"):
            return len(activations) == 1
        if operator_of(value.op) not in MOVES | {"Add"} or len(activations) != 1:
            return False
        (value,) = activations
    return False


def joins_layers(graph: ExportedGraph, op: Operation) -> bool:
    """Whether an operation adds the results of two linear layers, for a residual sum."""
    return (
        op in graph.residuals
        and all(_is_linear(graph, each) for each in op.operands)
        and any(use.operation in graph.residuals for use in op.results[0].uses)
    )


def _parallel_layers(graph: ExportedGraph) -> Sequence[Operation]:
    return [op for op in graph.ops if joins_layers(graph, op)]


def _lookups(graph: ExportedGraph) -> Sequence[Operation]:
    """Where integers of the input pick rows of a weight."""
    if not graph.reads_integers:
        return ()
    return [
        op
        for op in graph.named("Gather")
        if not graph.is_activation(op.operands[0]) and graph.is_activation(op.operands[1])
    ]


def _mean_squares(graph: ExportedGraph) -> Sequence[Operation]:
    """Means of squares of values that no mean was subtracted from, on the way to a root."""

    def is_mean_square(op: Operation) -> bool:
        square = next(graph.above(op.operands[0], ()), op)
        is_square = operator_of(square) == "Pow" or (
            operator_of(square) == "Mul" and square.operands[0] is square.operands[1]
        )
        before = [operator_of(each) for each in graph.above(square.operands[0], {"Cast"})]
        after = [operator_of(each) for each in graph.below(op.results[0], {"Add", "Cast"})]
        return is_square and "Sub" not in before and "Sqrt" in after

    return [op for op in graph.named("ReduceMean") if is_mean_square(op)] or graph.named(
        "RMSNormalization", "SimplifiedLayerNormalization"
    )


def _root_mean_square(graph: ExportedGraph, op: Operation) -> Iterable[Operation]:
    """From the square to the product with the input."""
    yield op
    yield from (each.owner for each in op.operands[:1] if isinstance(each.owner, Operation))
    yield from graph.below(op.results[0], {"Add", "Cast", "Sqrt", "Reciprocal"})


def _origins(graph: ExportedGraph, value: SSAValue) -> set[SSAValue]:
    """The results of linears, or parts of them, that activation functions are applied to."""
    through = ACTIVATIONS | {"Add", "Div", "Exp", "Mul", "Neg", "Pow", "Reciprocal", "Sub"}
    found: set[SSAValue] = set()
    seen: set[SSAValue] = set()
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if value in seen or not graph.is_activation(value):
            continue
        seen.add(value)
        if isinstance(value, OpResult) and operator_of(value.op) in through:
            waiting += value.op.operands
        else:
            found.add(value)
    return found


def _products_of_layers(graph: ExportedGraph) -> Sequence[Operation]:
    """Products of the results of two layers, or of two parts of one."""
    layers = MOVES | {"Conv", "Gemm", "MatMul"}

    def is_gate(op: Operation) -> bool:
        if not all(map(graph.is_activation, op.operands)):
            return False
        left, right = (_origins(graph, each) for each in op.operands)
        return left.isdisjoint(right) and all(
            isinstance(each, OpResult) and operator_of(each.op) in layers for each in left | right
        )

    return [op for op in graph.named("Mul") if is_gate(op)]


def _multiplies_equals(op: Operation) -> bool:
    return len({known_shape(each) for each in op.operands}) == 1


def _gates(graph: ExportedGraph) -> Sequence[Operation]:
    return [op for op in _products_of_layers(graph) if _multiplies_equals(op)]


def _excitations(graph: ExportedGraph) -> Sequence[Operation]:
    """Products with one number for each channel that was computed from the image."""
    gates = graph.named("Sigmoid", "HardSigmoid")
    return [
        op
        for op in graph.named("Mul")
        if not _multiplies_equals(op) and any(each.owner in gates for each in op.operands)
    ]


def is_safe_divisor(graph: ExportedGraph, op: Operation) -> bool:
    """Whether an operation keeps a norm from being zero: what is divided by it comes next."""
    return operator_of(op) == "Clip" and any(
        operator_of(user) == "Div" and op in graph.above(user.operands[1], MOVES)
        for user in graph.below(op.results[0], MOVES)
    )


def _is_factor(op: Operation, factor: float) -> bool:
    number = number_in(op) if operator_of(op) == "Mul" else None
    return number is not None and abs(number - factor) < 1e-4 * factor


def _sigmoids(is_sought: Callable[[Operation, Operation], bool]) -> Find:
    """Sigmoids whose result multiplies what `is_sought` knows."""

    def find(graph: ExportedGraph) -> Sequence[Operation]:
        return [
            op
            for op in graph.named("Sigmoid")
            if any(
                operator_of(user) == "Mul" and is_sought(op, user)
                for user in graph.below(op.results[0], ())
            )
        ]

    return find


def _is_quick_gelu(sigmoid: Operation, product: Operation) -> bool:
    argument = sigmoid.operands[0].owner
    return isinstance(argument, Operation) and _is_factor(argument, QUICK_GELU)


def _is_swish(sigmoid: Operation, product: Operation) -> bool:
    return sigmoid.operands[0] in product.operands


def _function_and_product(graph: ExportedGraph, op: Operation) -> Iterable[Operation]:
    yield op
    yield from (each for each in graph.below(op.results[0], ()) if operator_of(each) == "Mul")


def _tanh_gelus(graph: ExportedGraph) -> Sequence[Operation]:
    def is_approximation(op: Operation) -> bool:
        if operator_of(op) == "Gelu":
            return "tanh" in str(op.properties.get("approximate"))
        above = graph.above(op.operands[0], {"Add", "Mul"})
        return any(_is_factor(each, TANH_GELU) for each in above)

    return [op for op in graph.named("Gelu", "Tanh") if is_approximation(op)]


def _tanh_gelu(graph: ExportedGraph, op: Operation) -> Iterable[Operation]:
    """From the cube to the last product; a `Gelu` says itself what is wrong with it."""
    if operator_of(op) == "Tanh":
        yield op
        yield from graph.above(op.operands[0], {"Add", "Mul"})
        yield from graph.below(op.results[0], {"Add"})


def _relus(graph: ExportedGraph) -> Sequence[Operation]:
    found = graph.named("Clip", "LeakyRelu", "PRelu", "Relu")
    return [op for op in found if not is_safe_divisor(graph, op)]


SIGNS_OF_LAYERS = (
    Sign(
        "a token embedding of text, as in BERT and GPT",
        _lookups,
        "integers of the input pick rows of a weight",
    ),
    Sign(
        "post-norm, as in BERT and the first Transformer",
        _post_norms,
        "residual sums are normalised before they are added to",
        "it normalises a residual sum that is then added to (post-norm), accepted is pre-norm",
    ),
    Sign(
        "attention and MLP in parallel, as in ViT-22B",
        _parallel_layers,
        "the results of two linear layers are added before they are added to the residual sum",
        "it adds the results of two layers (parallel blocks), accepted is one after the other",
    ),
    Sign(
        "RMSNorm, as in Llama",
        _mean_squares,
        "activations are divided by their root mean square",
        "it is part of an RMSNorm, accepted is LayerNormalization",
        _root_mean_square,
    ),
    Sign(
        "a gated MLP, such as SwiGLU in EVA-02 and Llama",
        _gates,
        "the results of two linears are multiplied",
        "it multiplies activations by others (a gate), accepted is a factor for each channel",
    ),
    Sign(
        "squeeze and excitation, as in MobileNetV3",
        _excitations,
        "channels are multiplied by what is computed of their means",
        "it multiplies activations by others (a gate), accepted is a factor for each channel",
    ),
    Sign(
        "quick GELU, as in CLIP",
        _sigmoids(_is_quick_gelu),
        "x * sigmoid(1.702 x)",
        "it is part of quick GELU, accepted is GELU by the error function",
        _function_and_product,
    ),
    Sign(
        "GELU by tanh, as in GPT-2",
        _tanh_gelus,
        "GELU is approximated by tanh",
        "it is part of a GELU by tanh, accepted is GELU by the error function",
        _tanh_gelu,
    ),
    Sign(
        "Swish, or SiLU",
        _sigmoids(_is_swish),
        "x * sigmoid(x)",
        "it is part of Swish, accepted is GELU",
        _function_and_product,
    ),
    Sign(
        "hard Swish, as in MobileNetV3 and LeViT",
        operators("HardSigmoid", "HardSwish"),
        name_operator,
    ),
    Sign("ReLU", _relus, name_operator),
    Sign(
        "recurrence or control flow",
        operators("GRU", "If", "LSTM", "Loop", "RNN", "Scan"),
        name_operator,
    ),
)
