"""What IRDL says of constraints, and the names that operations have there."""

import re

import pytest
from xdsl.dialects.builtin import (
    ArrayAttr,
    FloatAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
    StringAttr,
    TensorType,
    f32,
    i32,
    i64,
)
from xdsl.irdl import (
    AllOf,
    AnyAttr,
    AnyOf,
    AttrConstraint,
    AttrSetConstraint,
    BaseAttr,
    EqAttrConstraint,
    MessageConstraint,
    ParamAttrConstraint,
    VarConstraint,
)

from vaqf.compiler.universe import DIALECTS, VAQF_UNIVERSE
from vaqf.compiler.upstream.irdl import Constraints, export_irdl
from vaqf.compiler.upstream.names import our_name, upstream_name
from vaqf.dialects.quant.formats import BinaryType, IntType

NAMES = [op.name for name in DIALECTS for op in VAQF_UNIVERSE.all_dialects[name]().operations]


@pytest.mark.parametrize(
    ("constraint", "lines"),
    [
        (AnyAttr(), ["irdl.any"]),
        (EqAttrConstraint(i64), ["irdl.is i64"]),
        (BaseAttr(IndexType), ["irdl.is index"]),
        (BaseAttr(BinaryType), ["irdl.is !quant.binary"]),
        (BaseAttr(IntType), ["irdl.base @quant::@int"]),
        (BaseAttr(StringAttr), ['irdl.base "#builtin.string"']),
        (BaseAttr(FloatAttr), ['irdl.base "#builtin.float"']),
        (TensorType.constr(f32), ['irdl.base "!builtin.tensor"']),
        (IntegerAttr.constr(i64), ['irdl.base "#builtin.integer"']),
        (ArrayAttr.constr(BaseAttr(StringAttr)), ['irdl.base "#builtin.array"']),
        (MessageConstraint(EqAttrConstraint(i64), "64"), ["irdl.is i64"]),
        (
            AttrSetConstraint(frozenset([i64, i32])),
            ["irdl.is i32", "irdl.is i64", "irdl.any_of(%0, %1)"],
        ),
        (
            AnyOf((BaseAttr(IntType), BaseAttr(IntegerType))),
            ["irdl.base @quant::@int", 'irdl.base "!builtin.integer"', "irdl.any_of(%0, %1)"],
        ),
        (
            AllOf((BaseAttr(IntegerType), EqAttrConstraint(i64))),
            ['irdl.base "!builtin.integer"', "irdl.is i64", "irdl.all_of(%0, %1)"],
        ),
        (
            ParamAttrConstraint(IntType, (AnyAttr(), AnyAttr())),
            ["irdl.any", "irdl.any", "irdl.parametric @quant::@int<%0, %1>"],
        ),
    ],
)
def test_constraint(constraint: AttrConstraint, lines: list[str]) -> None:
    constraints = Constraints()
    value = constraints.add(constraint)
    assert constraints.lines == [f"%{i} = {line}" for i, line in enumerate(lines)]
    assert value == f"%{len(lines) - 1}"


def test_a_variable_is_one_value() -> None:
    constraints = Constraints()
    first = constraints.add(VarConstraint("T", EqAttrConstraint(i64)))
    other = constraints.add(VarConstraint("U", EqAttrConstraint(i64)))
    assert constraints.add(VarConstraint("T", EqAttrConstraint(i64))) == first != other


def test_every_operation_is_defined_once() -> None:
    defined = re.findall(r"irdl\.operation @(\w+)|// (accel\.concurrent) is", export_irdl())
    assert len(defined) == len(NAMES)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("onnx.MatMul", "onnx.mat_mul"),
        ("onnx.constant", "onnx.constant"),
        (
            "onnx.microsoft.SkipLayerNormalization",
            "onnx.microsoft_skip_layer_normalization",
        ),
        ("vit.layer_norm", "vit.layer_norm"),
    ],
)
def test_name(ours: str, theirs: str) -> None:
    assert upstream_name(ours) == theirs
    assert our_name(theirs) == ours


def test_names_differ() -> None:
    assert [our_name(upstream_name(name)) for name in NAMES] == NAMES


@pytest.mark.parametrize("name", ["func.func", "module", "onnx.nothing"])
def test_other_names_stay(name: str) -> None:
    assert our_name(name) == name
