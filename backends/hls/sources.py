"""Which layers of the model a piece of hardware stands for, as its comments say it."""

import re
from collections.abc import Iterable, Sequence

from xdsl.dialects.builtin import ArrayAttr, FusedLoc, NameLoc
from xdsl.ir import Attribute, Operation

from vaqf.backends.hls.identifiers import comment_text
from vaqf.dialects.node_names import layer_of_node

MAXIMUM_LAYERS = 24
"""More entries than this are counted, not listed."""


def names_in(location: Attribute) -> list[str]:
    """The names that a location carries, in its order."""
    match location:
        case NameLoc():
            return [location.desc.data]
        case FusedLoc(locations=ArrayAttr(data=inner)):
            return [name for each in inner for name in names_in(each)]
        case _:
            return []


def layer_of(name: str) -> str:
    """The layer of an ONNX node, or the name of the node where that is not a path."""
    return comment_text(layer_of_node(name) or name.strip("/"))


def ranges(numbers: Iterable[int]) -> str:
    """Numbers in ascending order, with runs as `0-11`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)


def compressed(layers: Sequence[str]) -> list[str]:
    """
    Layers with those of equal blocks as one entry: `blocks.{0-11}.{attn.proj, mlp.fc1}`.

    The order is that of the first layer of each entry.
    """
    numbered = re.compile(r"(?P<container>.*?)\.(?P<number>\d+)\.(?P<rest>.+)")
    blocks: dict[tuple[str, str], list[int]] = {}
    for layer in layers:
        if match := numbered.fullmatch(layer):
            numbers = blocks.setdefault((match["container"], match["rest"]), [])
            numbers.append(int(match["number"]))
        else:
            blocks.setdefault((layer, ""), [])
    entries: dict[str, list[str]] = {}
    for (container, rest), numbers in blocks.items():
        text = ranges(numbers)
        group = f"{{{text}}}" if len(set(numbers)) > 1 else text
        head = f"{container}.{group}" if numbers else container
        entries.setdefault(head, []).extend([rest] if rest else [])
    listed: list[str] = []
    for head, members in entries.items():
        match members:
            case []:
                listed.append(head)
            case [member]:
                listed.append(f"{head}.{member}")
            case _:
                listed.append(f"{head}.{{{', '.join(members)}}}")
    return listed


def each_layer_of(operations: Iterable[Operation]) -> list[str]:
    """The layers that operations came from, each once."""
    names = (name for op in operations for name in names_in(op.location))
    return list(dict.fromkeys(map(layer_of, names)))


def in_any_block(layers: Iterable[str]) -> tuple[str, ...]:
    """Layers without the numbers of their blocks, each once: `blocks.*.mlp.fc1`."""
    return tuple(dict.fromkeys(re.sub(r"\.\d+(?=\.|$)", ".*", each) for each in layers))


def layers_of(operations: Iterable[Operation]) -> list[str]:
    """The layers that operations came from, compressed; empty when nothing is known."""
    found = compressed(each_layer_of(operations))
    if len(found) > MAXIMUM_LAYERS:
        return [*found[:MAXIMUM_LAYERS], f"and {len(found) - MAXIMUM_LAYERS} more"]
    return found
