"""What the names of ONNX nodes say about the layers that they belong to."""


def layer_of_node(name: str) -> str | None:
    """
    The layer of an ONNX node: `blocks.0.mlp.fc1` of `/blocks/blocks.0/mlp/fc1/MatMul`.

    Exporters write a container and its member, as in `blocks/blocks.0`; the member says it all.
    None for a name that is not a path.
    """
    parts = [part for part in name.split("/") if part][:-1]
    kept = [
        part
        for index, part in enumerate(parts)
        if index + 1 == len(parts) or not parts[index + 1].startswith(f"{part}.")
    ]
    return ".".join(kept) or None
