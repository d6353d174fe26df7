"""Where operations came from, and what their results are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from onnx import NodeProto
from xdsl.dialects.builtin import NameLoc, NoneAttr, StringAttr

_SCOPES = "pkg.torch.onnx.name_scopes"
"""Metadata of torch's dynamo exporter: a list of the modules around a node, then its own name."""


def text(value: str) -> str:
    """A text of a model in the letters that IR has."""
    # xDSL prints other letters, but cannot read them back.
    return value.encode("ascii", "backslashreplace").decode()


def location(name: str) -> NameLoc:
    """The location of what a model calls `name`."""
    return NameLoc(StringAttr(text(name)), NoneAttr())


def node_names(nodes: Iterable[NodeProto]) -> list[str]:
    """
    One name for each node, as a user knows it.

    That is the name that the model gives, or that of the first output where there is none. Files of
    torch's dynamo exporter number their nodes; there the modules around a node make its name, in
    the spelling of torch's other exporter: `/blocks/blocks.0/attn/qkv/MatMul`, then
    `/blocks/blocks.0/attn/qkv/MatMul_1`.
    """
    used: Counter[str] = Counter()
    names: list[str] = []
    for node in nodes:
        name = _name_from_scopes(node) or node.name or "".join(node.output[:1])
        number = used[name]
        used[name] += 1
        names.append(f"{name}_{number}" if number else name)
    return names


def _name_from_scopes(node: NodeProto) -> str | None:
    for entry in node.metadata_props:
        if entry.key == _SCOPES and (scopes := re.findall("'([^']*)'", entry.value)):
            modules = [_spelling(outer, inner) for outer, inner in pairwise(scopes[:-1])]
            return "/".join(["", *modules, node.op_type])
    return None


def _spelling(outer: str, inner: str) -> str:
    """
    A module as its parent calls it: `attn` for `blocks.0.attn` in `blocks.0`, but `blocks.0` for
    the first module in the list `blocks`.
    """
    own = inner.removeprefix(f"{outer}.") if outer else inner
    return f"{outer.rpartition('.')[2]}.{own}" if own.isdigit() else own


def name_hint(name: str) -> str:
    """
    A short identifier for the result of what a model calls `name`.

    The last two parts of a path are kept: `qkv_MatMul` for `/blocks/blocks.0/attn/qkv/MatMul`.
    """
    hint = re.sub(r"[^\w.]+", "_", "_".join(name.strip("/").split("/")[-2:]), flags=re.ASCII)
    hint = hint.strip("_")
    # Values of the same name are numbered when they are printed.
    return re.sub(r"(_\d*)+$", "", hint if hint[:1].isalpha() else f"value_{hint}")
