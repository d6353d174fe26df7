"""Our dialects as IRDL, for `mlir-opt --irdl-file`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from xdsl.dialects import builtin
from xdsl.ir import Attribute, Dialect, ParametrizedAttribute, TypeAttribute
from xdsl.irdl import (
    AllOf,
    AnyOf,
    AttrConstraint,
    AttrSetConstraint,
    BaseAttr,
    EqAttrConstraint,
    IRDLOperation,
    MessageConstraint,
    OperandDef,
    OptionalDef,
    OptOperandDef,
    OptResultDef,
    ParamAttrConstraint,
    RangeConstraint,
    RangeLengthConstraint,
    RangeOf,
    ResultDef,
    VarConstraint,
    VariadicDef,
)

from vaqf.compiler.universe import DIALECTS, VAQF_UNIVERSE
from vaqf.compiler.upstream.names import upstream_name

BASES: dict[type[Attribute], str] = {
    builtin.ArrayAttr: "#builtin.array",
    builtin.DenseArrayBase: "#builtin.dense_array",
    builtin.DenseIntOrFPElementsAttr: "#builtin.dense_int_or_fp_elements",
    builtin.DenseResourceAttr: "#builtin.dense_resource_elements",
    builtin.FloatAttr: "#builtin.float",
    builtin.FloatData: "#builtin.float",
    builtin.IntAttr: "#builtin.integer",
    builtin.IntegerAttr: "#builtin.integer",
    builtin.IntegerType: "!builtin.integer",
    builtin.MemRefType: "!builtin.memref",
    builtin.StringAttr: "#builtin.string",
    builtin.SymbolRefAttr: "#builtin.symbol_ref",
    builtin.TensorType: "!builtin.tensor",
    builtin.TupleType: "!builtin.tuple",
    builtin.UnrankedTensorType: "!builtin.unranked_tensor",
}
"""What MLIR calls the builtin types and attributes that have parameters."""

HEADER = """\
// The dialects of VAQF for the tools of upstream MLIR:
//   mlir-opt --irdl-file=THIS_FILE ir.mlir
// ir.mlir is IR in upstream form, as `vaqf-opt -t upstream-mlir` writes it.
"""


@dataclass
class Constraints:
    """
    The constraints of one definition, each a value of IRDL.

    What is said with one value is one and the same attribute wherever it stands. So every operand
    has values of its own, but for those that share a variable.
    """

    lines: list[str] = field(default_factory=list[str])
    """The operations that make the values."""

    count: int = 0
    """How many values there are."""

    variables: dict[str, str] = field(default_factory=dict[str, str])
    """The value of each variable by its name."""

    def add(self, constraint: AttrConstraint) -> str:
        """The value that stands for a constraint, as closely as IRDL can say it."""
        match constraint:
            case VarConstraint():
                if constraint.name not in self.variables:
                    self.variables[constraint.name] = self.add(constraint.constraint)
                return self.variables[constraint.name]
            case MessageConstraint():
                return self.add(constraint.constr)
            case EqAttrConstraint():
                return self.define(f"irdl.is {constraint.attr}")
            case AttrSetConstraint():
                return self.any_of(
                    [f"irdl.is {each}" for each in sorted(map(str, constraint.values))]
                )
            case AllOf():
                values = ", ".join([self.add(each) for each in constraint.attr_constrs])
                return self.define(f"irdl.all_of({values})")
            case AnyOf():
                values = ", ".join([self.add(each) for each in constraint.attr_constrs])
                return self.define(f"irdl.any_of({values})")
            case ParamAttrConstraint(base_attr=base) if _is_ours(base):
                values = ", ".join([self.add(each) for each in constraint.param_constrs])
                return self.define(f"irdl.parametric {_symbol(base)}<{values}>")
            case _:
                return self.any_of(_bases(constraint))

    def any_of(self, alternatives: Sequence[str]) -> str:
        """The value that stands for one of several constraints, and for all attributes if none."""
        if not alternatives:
            return self.define("irdl.any")
        values = [self.define(each) for each in alternatives]
        return values[0] if len(values) == 1 else self.define(f"irdl.any_of({', '.join(values)})")

    def define(self, operation: str) -> str:
        """The value that an operation of IRDL gives."""
        value = f"%{self.count}"
        self.count += 1
        self.lines.append(f"{value} = {operation}")
        return value


def export_irdl() -> str:
    """All of our dialects as IRDL."""
    return HEADER + "".join(
        f"\n{_dialect(VAQF_UNIVERSE.all_dialects[each]())}" for each in DIALECTS
    )


def _dialect(dialect: Dialect) -> str:
    lines = [f"irdl.dialect @{dialect.name} {{"]
    for attribute in dialect.attributes:
        assert issubclass(attribute, ParametrizedAttribute)
        lines += [f"  {line}".rstrip() for line in _attribute(attribute)]
    for operation in dialect.operations:
        assert issubclass(operation, IRDLOperation)
        lines += [f"  {line}".rstrip() for line in _operation(operation)]
    return "\n".join([*lines, "}", ""])


def _attribute(attribute: type[ParametrizedAttribute]) -> Iterator[str]:
    kind = "type" if issubclass(attribute, TypeAttribute) else "attribute"
    constraints = Constraints()
    parameters = [
        f"{name}: {constraints.add(parameter.constr)}"
        for name, parameter in attribute.get_irdl_definition().parameters
    ]
    body = [*constraints.lines, f"irdl.parameters({', '.join(parameters)})"] if parameters else []
    yield from _definition(f"irdl.{kind} @{Dialect.split_name(attribute.name)[1]}", body)


def _operation(operation: type[IRDLOperation]) -> Iterator[str]:
    definition = operation.get_irdl_definition()
    if definition.regions:
        # Its regions have no terminator and there are as many as are needed: neither can be said.
        yield f"// {operation.name} is an scf.parallel in upstream form"
        return
    constraints = Constraints()
    operands = [_values(constraints, *each) for each in definition.operands]
    results = [_values(constraints, *each) for each in definition.results]
    body: list[str] = []
    if operands:
        body.append(f"irdl.operands({', '.join(operands)})")
    if results:
        body.append(f"irdl.results({', '.join(results)})")
    all_attributes = definition.attributes | definition.properties
    optional = [name for name, each in all_attributes.items() if isinstance(each, OptionalDef)]
    attributes = [
        f'"{name}" = {constraints.add(each.constr)}'
        for name, each in all_attributes.items()
        if name not in optional
    ]
    if attributes:
        body.append(f"irdl.attributes {{{', '.join(attributes)}}}")
    if optional:
        body.append(f"// may have: {', '.join(optional)}")
    name = Dialect.split_name(upstream_name(operation.name))[1]
    yield from _definition(f"irdl.operation @{name}", [*constraints.lines, *body])


def _definition(head: str, body: Sequence[str]) -> Iterator[str]:
    if not body:
        yield f"{head} {{}}"
        return
    yield f"{head} {{"
    yield from (f"  {line}" for line in body)
    yield "}"


def _values(constraints: Constraints, name: str, definition: OperandDef | ResultDef) -> str:
    """An operand or result, or a variable number of them."""
    of_each = _of_each(definition.constr)
    value = constraints.add(of_each)
    if isinstance(definition, OptOperandDef | OptResultDef):
        return f"{name}: optional {value}"
    if not isinstance(definition, VariadicDef):
        return f"{name}: {value}"
    if not of_each.can_infer(frozenset()):
        # All of them have one type: when they differ, they are one tuple in upstream form.
        packed = constraints.define(f'irdl.base "{BASES[builtin.TupleType]}"')
        value = constraints.define(f"irdl.any_of({value}, {packed})")
    return f"{name}: variadic {value}"


def _of_each(constraint: RangeConstraint) -> AttrConstraint:
    match constraint:
        case RangeLengthConstraint():
            return _of_each(constraint.constraint)
        case RangeOf():
            return constraint.constr
        case _:
            raise NotImplementedError(f"no IRDL for {constraint}")


def _bases(constraint: AttrConstraint) -> list[str]:
    """Constraints that are met by each kind of attribute which can meet `constraint`."""
    bases = constraint.get_bases()
    return [] if bases is None else sorted(map(_base, bases))


def _base(base: type[Attribute]) -> str:
    if base in BASES:
        return f'irdl.base "{BASES[base]}"'
    if BaseAttr(base).can_infer(frozenset()):
        assert issubclass(base, ParametrizedAttribute)
        return f"irdl.is {base.new(())}"
    return f"irdl.base {_symbol(base)}"


def _is_ours(base: type[Attribute]) -> bool:
    return base.name.partition(".")[0] in DIALECTS


def _symbol(base: type[Attribute]) -> str:
    dialect, name = Dialect.split_name(base.name)
    return f"@{dialect}::@{name}"
