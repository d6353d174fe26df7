"""What pictures show."""

from vaqf.compiler.pictures import of_all_blocks


def test_layers_of_all_blocks_are_one() -> None:
    layers = [
        ("blocks.{1-10}.attn", "attention", 10, 100),
        ("blocks.0.attn", "attention", 2, 20),
        ("blocks.{0-9}.mlp.fc1", "binary_matmul", 10, 70),
        ("layer.11", "binary_matmul", 1, 5),
        ("head", "integer_matmul", 2, 9),
        ("patch_embed.proj", "extract_patches", 1, 3),
        ("patch_embed.proj", "integer_matmul", 1, 4),
    ]
    assert of_all_blocks(layers) == [
        ("blocks.*.attn", "attention", 12, 120),
        ("blocks.*.mlp.fc1", "binary_matmul", 10, 70),
        ("layer.*", "binary_matmul", 1, 5),
        ("head", "integer_matmul", 2, 9),
        ("patch_embed.proj", "extract_patches", 1, 3),
        ("patch_embed.proj", "integer_matmul", 1, 4),
    ]
