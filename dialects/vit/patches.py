"""From the image to tokens."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    DenseArrayBase,
    StringAttr,
    TensorType,
    f32,
    i64,
)
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of
from vaqf.dialects.vit.base import FloatTensor


@irdl_op_definition
class PatchEmbeddingOp(IRDLOperation):
    """
    Cut an image into square patches and map each to a token (Dosovitskiy et al., 2021, equation 1).

    Patches are in row-major order over the image. The stride equals the size of a patch.

    ```mlir
    %tokens = vit.patch_embedding %image, %weight, %bias
        : tensor<3x224x224xf32>, tensor<192x3x16x16xf32>, tensor<192xf32> -> tensor<196x192xf32>
    ```
    """

    name = "vit.patch_embedding"

    image = operand_def(FloatTensor)
    """Colours x height x width."""

    weight = operand_def(FloatTensor)
    """Channels x colours x patch height x patch width."""

    bias = opt_operand_def(FloatTensor)
    """One value for each channel."""

    result = result_def(FloatTensor)
    """Patches x channels."""

    traits = traits_def(Pure())

    assembly_format = (
        "$image `,` $weight (`,` $bias^)? attr-dict `:` "
        "type($image) `,` type($weight) (`,` type($bias)^)? `->` type($result)"
    )

    def __init__(self, image: SSAValue, weight: SSAValue, bias: SSAValue | None):
        _, height, width = shape_of(image)
        channels, _, patch_height, patch_width = shape_of(weight)
        patches = (height // patch_height) * (width // patch_width)
        super().__init__(
            operands=[image, weight, bias],
            result_types=[TensorType(f32, (patches, channels))],
        )

    def verify_(self) -> None:
        colours, height, width = expect_rank("image", self.image, 3, "colours x height x width")
        channels, weight_colours, patch_height, patch_width = expect_rank(
            "weight", self.weight, 4, "channels x colours x patch height x patch width"
        )
        if weight_colours != colours:
            raise VerifyException(f"'weight' has {weight_colours} colours, expected {colours}")
        if height % patch_height or width % patch_width:
            raise VerifyException(
                f"an image of {height} x {width} does not divide into patches of "
                f"{patch_height} x {patch_width}"
            )
        if self.bias is not None:
            expect_shape("bias", self.bias, (channels,))
        patches = (height // patch_height) * (width // patch_width)
        expect_shape("result", self.result, (patches, channels))


COLOURS_FIRST = "colours_first"
"""Pixels of a patch in the order colour, row, column: that of the kernel of a convolution."""

COLOURS_LAST = "colours_last"
"""Pixels of a patch in the order row, column, colour."""


def expect_pixel_order(order: str) -> None:
    """
    Check the order of the pixels of a patch.

    Raises:
        VerifyException: when it is neither of the two.
    """
    if order not in (COLOURS_FIRST, COLOURS_LAST):
        raise VerifyException(
            f'\'order\' is "{order}", accepted are "{COLOURS_FIRST}" and "{COLOURS_LAST}"'
        )


@irdl_op_definition
class ExtractPatchesOp(IRDLOperation):
    """
    Cut an image into patches that lie side by side, each a row of its pixels.

    Patches are in row-major order over the image. `vit.patch_embedding` is this, with the order
    `"colours_first"`, and a linear layer.

    ```mlir
    %pixels = vit.extract_patches %image {patch = array<i64: 16, 16>, order = "colours_last"}
        : tensor<3x224x224xf32> -> tensor<196x768xf32>
    ```
    """

    name = "vit.extract_patches"

    image = operand_def(FloatTensor)
    """Colours x height x width."""

    patch = prop_def(DenseArrayBase.constr(i64))
    """Height and width of a patch."""

    order = prop_def(StringAttr)
    """`"colours_first"`: colour, row, column. `"colours_last"`: row, column, colour."""

    result = result_def(FloatTensor)
    """Patches x pixels of a patch."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "$image attr-dict `:` type($image) `->` type($result)"

    def __init__(self, image: SSAValue, patch: Sequence[int], order: str):
        colours, height, width = shape_of(image)
        rows, columns = patch
        super().__init__(
            operands=[image],
            properties={
                "patch": DenseArrayBase.from_list(i64, patch),
                "order": StringAttr(order),
            },
            result_types=[
                TensorType(f32, ((height // rows) * (width // columns), colours * rows * columns))
            ],
        )

    def verify_(self) -> None:
        colours, height, width = expect_rank("image", self.image, 3, "colours x height x width")
        patch = self.patch.get_values()
        if len(patch) != 2 or min(patch) < 1:
            raise VerifyException(f"'patch' is {list(patch)}, expected a positive height and width")
        rows, columns = patch
        if height % rows or width % columns:
            raise VerifyException(
                f"an image of {height} x {width} does not divide into patches of {rows} x {columns}"
            )
        expect_pixel_order(self.order.data)
        patches = (height // rows) * (width // columns)
        expect_shape("result", self.result, (patches, colours * rows * columns))
