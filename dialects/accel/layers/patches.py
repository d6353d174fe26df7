"""From the image to patches."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    DenseArrayBase,
    IntegerType,
    MemRefType,
    StringAttr,
    i64,
)
from xdsl.ir import SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    prop_def,
)
from xdsl.utils.exceptions import VerifyException

from vaqf.dialects.accel.layers.common import expect_matrix, expect_patch
from vaqf.dialects.accel.memory import (
    DRAM,
    element_width,
    expect_least_width,
    expect_space,
)
from vaqf.dialects.shapes import expect_rank, expect_shape
from vaqf.dialects.vit.patches import expect_pixel_order


@irdl_op_definition
class ExtractPatchesOp(IRDLOperation):
    """
    Cut the image into patches: row `p` of the result holds the pixels of patch `p`.

    ```mlir
    accel.extract_patches %image to %patches {patch = array<i64: 16, 16>, order = "colours_last"}
        : memref<3x224x224xi8, #accel.dram>, memref<196x768xi8, #accel.onchip>
    ```
    """

    name = "accel.extract_patches"

    image = operand_def(MemRefType[IntegerType])
    """Colours x height x width, in DRAM."""

    patches = operand_def(MemRefType[IntegerType])
    """Patches x pixels of a patch."""

    patch = prop_def(DenseArrayBase.constr(i64))
    """Height and width of a patch."""

    order = prop_def(StringAttr)
    """`"colours_first"`: colour, row, column. `"colours_last"`: row, column, colour."""

    irdl_options = (ParsePropInAttrDict(),)

    assembly_format = "$image `to` $patches attr-dict `:` type($image) `,` type($patches)"

    def __init__(self, image: SSAValue, patches: SSAValue, patch: Sequence[int], order: str):
        super().__init__(
            operands=[image, patches],
            properties={
                "patch": DenseArrayBase.from_list(i64, patch),
                "order": StringAttr(order),
            },
        )

    def verify_(self) -> None:
        colours, height, width = expect_rank("image", self.image, 3, "colours x height x width")
        expect_space("image", self.image, DRAM)
        expect_matrix("patches", self.patches)
        expect_pixel_order(self.order.data)
        patch_height, patch_width = expect_patch(self.patch)
        if height % patch_height or width % patch_width:
            raise VerifyException(
                f"'patch' is {patch_height} x {patch_width}, it must divide the image of "
                f"{height} x {width}"
            )
        expect_shape(
            "patches",
            self.patches,
            (
                (height // patch_height) * (width // patch_width),
                colours * patch_height * patch_width,
            ),
        )
        expect_least_width("patches", self.patches, element_width(self.image))
