"""The image cut into patches."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    DenseArrayBase,
    StringAttr,
    TensorType,
    i64,
)
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.quant.accumulators import (
    IntTensor,
)
from vaqf.dialects.quant.formats import element_of
from vaqf.dialects.shapes import expect_rank, expect_shape, shape_of
from vaqf.dialects.vit.patches import expect_pixel_order


@irdl_op_definition
class ExtractPatchesOp(IRDLOperation):
    """
    Cut an image into patches, each a row of its pixels.

    ```mlir
    %patches = quant.extract_patches %image {patch = array<i64: 16, 16>, order = "colours_first"}
        : tensor<3x224x224x!quant.int<8, 0.02>> -> tensor<196x768x!quant.int<8, 0.02>>
    ```
    """

    name = "quant.extract_patches"

    image = operand_def(IntTensor)
    """Colours x height x width."""

    patch = prop_def(DenseArrayBase.constr(i64))
    """Height and width of a patch, in pixels."""

    order = prop_def(StringAttr)
    """`"colours_first"`: colour, row, column. `"colours_last"`: row, column, colour."""

    result = result_def(IntTensor)
    """Patches x pixels of a patch; patches in row-major order over the image."""

    traits = traits_def(Pure())

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "$image attr-dict `:` type($image) `->` type($result)"

    def __init__(self, image: SSAValue, patch: Sequence[int], order: str):
        colours, height, width = shape_of(image)
        patch_height, patch_width = patch
        super().__init__(
            operands=[image],
            properties={
                "patch": DenseArrayBase.from_list(i64, patch),
                "order": StringAttr(order),
            },
            result_types=[
                TensorType(
                    element_of(image),
                    (
                        (height // patch_height) * (width // patch_width),
                        colours * patch_height * patch_width,
                    ),
                )
            ],
        )

    def verify_(self) -> None:
        colours, height, width = expect_rank("image", self.image, 3, "colours x height x width")
        patch = self.patch.get_values()
        if len(patch) != 2 or min(patch) < 1:
            raise VerifyException(f"'patch' is {list(patch)}, expected a height and a width")
        expect_pixel_order(self.order.data)
        if height % patch[0] or width % patch[1]:
            raise VerifyException(
                f"an image of {height} x {width} does not divide into patches of "
                f"{patch[0]} x {patch[1]}"
            )
        expect_shape(
            "result",
            self.result,
            ((height // patch[0]) * (width // patch[1]), colours * patch[0] * patch[1]),
        )
        if element_of(self.result) != element_of(self.image):
            raise VerifyException(
                f"'result' has elements {element_of(self.result)}, "
                f"expected {element_of(self.image)}"
            )
