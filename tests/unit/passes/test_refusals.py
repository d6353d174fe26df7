"""Refusals of real models: all that stands in the way, in one run, and what the model is."""

import re
import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import onnx
import pytest
from xdsl.dialects.func import FuncOp

from vaqf.compiler.compatibility import check_model
from vaqf.compiler.context import full_context
from vaqf.compiler.pipeline import Options, stages
from vaqf.dialects.diagnostics import UserError
from vaqf.frontends.onnx import import_model
from vaqf.frontends.onnx.names import node_names
from vaqf.passes.raise_onnx_to_vit import RaiseOnnxToVitPass
from vaqf.passes.raise_onnx_to_vit.exported import ExportedGraph
from vaqf.passes.raise_onnx_to_vit.recognition import Recognition
from vaqf.passes.raise_onnx_to_vit.report import Finding, RaisingError, Recognized, group

FOLDER = Path(__file__).parents[2] / "models" / "refused"

LARGEST_WEIGHT = 1 << 21
"""At least the bytes of the largest tensor of any model."""

TWO_DOZEN = 24

EXPECTED: dict[str, tuple[dict[str, int], list[str]]] = {
    "bert": (
        {"LayerNormalization": 3, "input": 1, "GatherElements": 1},
        ["a token embedding of text", "post-norm"],
    ),
    "cait": ({"MatMul": 4}, ["class attention", "talking heads"]),
    "convnext": (
        {"Conv": 15, "GlobalAveragePool": 1},
        ["a convolutional network", "depthwise convolutions", "pooling layers"],
    ),
    "efficientnet": (
        {"Conv": 49, "Clip": 33, "GlobalAveragePool": 1},
        ["a convolutional network", "depthwise convolutions", "pooling layers", "ReLU"],
    ),
    "eva": (
        {"Mul": 12, "Concat": 8, "Sigmoid": 2},
        ["rotary position embedding", "a gated MLP", "Swish"],
    ),
    "gpt2": (
        {"Add": 2, "Gelu": 2, "input": 1},
        ["a causal mask", "a token embedding of text", "GELU by tanh"],
    ),
    "hybrid_vit": (
        {
            "Clip": 4,
            "Pad": 2,
            "ReduceMean": 2,
            "BatchNormalization": 1,
            "InstanceNormalization": 1,
            "Relu": 1,
            "MaxPool": 1,
        },
        ["a convolution stem", "pooling layers", "ReLU"],
    ),
    "levit": (
        {
            "BatchNormalization": 15,
            "HardSwish": 9,
            "Conv": 4,
            "Gather": 3,
            "Add": 3,
            "MatMul": 1,
        },
        [
            "a convolution stem",
            "batch normalisation",
            "relative position bias",
            "cross attention",
            "hard Swish",
        ],
    ),
    "llama": (
        {
            "Add": 11,
            "Mul": 9,
            "ReduceMean": 5,
            "Sqrt": 5,
            "Div": 5,
            "Concat": 4,
            "Sigmoid": 2,
            "input": 1,
        },
        [
            "a causal mask",
            "rotary position embedding",
            "a token embedding of text",
            "RMSNorm",
            "a gated MLP",
            "Swish",
        ],
    ),
    "parallel_vit": ({"Add": 2}, ["attention and MLP in parallel"]),
    "post_norm_vit": ({"LayerNormalization": 3}, ["post-norm"]),
    "qk_norm_vit": ({"LayerNormalization": 4}, ["QK norm"]),
    "quick_gelu_vit": ({"Sigmoid": 2, "Mul": 2}, ["quick GELU"]),
    "resnet": (
        {"Conv": 10, "Relu": 9, "MaxPool": 1, "GlobalAveragePool": 1},
        ["a convolutional network", "pooling layers", "ReLU"],
    ),
    "swin": (
        {"Concat": 4, "Add": 3, "Pad": 2, "MatMul": 2},
        ["windowed attention", "relative position bias", "a mask on attention"],
    ),
}
"""For each model how many nodes of each operator stand in the way, and what it is known by."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where models get their weights."""
    return tmp_path_factory.mktemp("refused")


def with_weights(name: str, folder: Path) -> Path:
    """A model whose weights are zeros, in a file that takes no space on the disk."""
    path = folder / f"{name}.onnx"
    shutil.copy(FOLDER / path.name, path)
    with (folder / "weights_are_not_included").open("wb") as file:
        file.truncate(LARGEST_WEIGHT)
    return path


@cache
def refusal_of(name: str, folder: Path) -> RaisingError:
    """What is said about a model."""
    refusal = check_model(with_weights(name, folder)).refusal
    assert refusal is not None
    return refusal


def test_every_model_is_expected() -> None:
    assert {path.stem for path in FOLDER.glob("*.onnx")} == {*EXPECTED, "bert_dynamic"}


@pytest.mark.parametrize("name", EXPECTED)
def test_everything_that_stands_in_the_way(name: str, folder: Path) -> None:
    operators, known_by = EXPECTED[name]
    refusal = refusal_of(name, folder)
    assert Counter(each.operator for each in refusal.findings) == operators
    assert [each.name.partition(",")[0] for each in refusal.recognized] == known_by


@pytest.mark.parametrize("name", EXPECTED)
def test_every_node_is_one_of_the_file_and_told_with_its_shapes(name: str, folder: Path) -> None:
    refusal = refusal_of(name, folder)
    graph = onnx.ModelProto.FromString((folder / f"{name}.onnx").read_bytes()).graph
    known = {*node_names(graph.node), *(each.name for each in graph.input)}
    text = " ".join(str(refusal).split())
    assert text.startswith(f"{folder / name}.onnx: {len(refusal.findings)} nodes cannot ")
    for finding in refusal.findings:
        assert finding.node in known
        assert re.search(rf"(at|,) {re.escape(finding.node)}(,| |$)", text)
        assert f" {finding.shapes} at " in text
        assert f" x {finding.operator}: {finding.reason} " in text
    for each in refusal.recognized:
        assert f"{each.name}: {each.because}" in text


@pytest.mark.parametrize("name", EXPECTED)
def test_the_most_frequent_comes_first(name: str, folder: Path) -> None:
    refusal = refusal_of(name, folder)
    lines = [line for line in str(refusal).splitlines() if re.match(r"  \d", line)]
    counts = [int(line.split()[0]) for line in lines]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == len(refusal.findings)


def test_two_dozen_nodes_in_one_run(folder: Path) -> None:
    findings = refusal_of("levit", folder).findings
    assert len(findings) >= TWO_DOZEN
    assert len({each.operator for each in findings}) >= 5
    assert len({each.node for each in findings}) == len(findings)


def test_a_windowed_attention_is_called_so(folder: Path) -> None:
    reasons = {each.operator: each.reason for each in refusal_of("swin", folder).findings}
    assert reasons["MatMul"] == (
        "attention within 4 windows of 16 tokens each, accepted is attention among all tokens"
    )
    assert reasons["Concat"] == "it shifts an image cyclically, as shifted windows do"


def test_a_dynamic_length_is_refused_by_the_import(folder: Path) -> None:
    path = with_weights("bert_dynamic", folder)
    with pytest.raises(UserError, match="input 'input_ids': dimension 1 is 'length'"):
        check_model(path)


@pytest.mark.parametrize(
    "name",
    [
        "simple_vit.dynamo18",
        "hf_vit.dynamo23",
        "timm_deit3.legacy17",
        "timm_distilled.legacy14",
        "torch_encoder.legacy17",
    ],
)
def test_a_plain_vision_transformer_shows_no_sign(name: str) -> None:
    module = import_model(FOLDER.parent / "families" / f"{name}.onnx")
    context = full_context()
    for each in stages(Options())[0].passes:
        if isinstance(each, RaiseOnnxToVitPass):
            break
        each.apply(context, module)
    (function,) = (each for each in module.ops if isinstance(each, FuncOp))
    recognition = Recognition(ExportedGraph.of(function))
    assert recognition.recognized == []
    assert recognition.reasons == {}


def finding(operator: str, node: str, reason: str = "why", domain: str = "") -> Finding:
    return Finding(node, operator, domain, ((1, 5, 4), ()), (None,), reason)


def test_the_text_of_a_report() -> None:
    error = RaisingError(
        [
            finding("Relu", "/a"),
            finding("Attention", "/b", domain="com.microsoft"),
            finding("Attention", "/c", domain="com.microsoft"),
            finding("Relu", "/d", "another reason"),
        ],
        [Recognized("a name", "a reason")],
        "model.onnx",
    )
    assert str(error).splitlines() == [
        "model.onnx: 4 nodes cannot become part of a Vision Transformer:",
        "  2 x com.microsoft.Attention: why",
        "      1x5x4, number -> ? at /b, /c",
        "  1 x Relu: why",
        "      1x5x4, number -> ? at /a",
        "  1 x Relu: another reason",
        "      1x5x4, number -> ? at /d",
        "what the graph shows:",
        "  a name: a reason",
    ]


def test_groups_keep_the_order_of_the_graph() -> None:
    findings = [finding("A", "1"), finding("B", "2"), finding("C", "3"), finding("B", "4")]
    assert [[each.node for each in members] for members in group(findings)] == [
        ["2", "4"],
        ["1"],
        ["3"],
    ]
