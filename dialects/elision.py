"""Elements of constants that are left out of the text, as MLIR leaves them out."""

from xdsl.dialects.builtin import DenseResourceAttr, ShapedType

ELIDED = "__elided__"
"""What stands for the elements: the text is `dense_resource<__elided__> : type`."""

ELISION_FLAG = "--mlir-elide-elementsattrs-if-larger"
"""The flag of `vaqf-opt` and `mlir-opt` that leaves them out."""


def elided_elements(type: ShapedType) -> DenseResourceAttr:
    """What stands in the place of elements of a type."""
    return DenseResourceAttr.from_params(ELIDED, type)
