"""Inner loops of engines in Verilog: the values that the emitted C++ computes, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from vaqf.dialects.accel.multipliers import FIELD_BITS, WIDE_PORT_BITS

ACCUMULATOR_BITS = 48
"""Width of the accumulator of a DSP48E2."""


@dataclass(frozen=True)
class Port:
    """An input."""

    name: str
    bits: int
    signed: bool


@dataclass
class Circuit:
    """
    A module `top` under construction.

    The result of each adder and multiplier is a register, as in a pipeline. Without registers the
    same expressions are a function of the inputs, whose values can be compared with numbers.
    """

    registered: bool
    """Whether values have registers."""

    inputs: list[Port] = field(default_factory=list[Port])
    """What comes in."""

    outputs: dict[str, int] = field(default_factory=dict[str, int])
    """Widths of the results."""

    lines: list[str] = field(default_factory=list[str])
    """What is in the module."""

    slices: dict[str, str] = field(default_factory=dict[str, str])
    """Modules that are made of DSP48E2 slices."""

    def input(self, name: str, bits: int, *, signed: bool = True) -> str:
        """An input."""
        self.inputs.append(Port(name, bits, signed))
        return name

    def inputs_of(self, name: str, count: int, bits: int, *, signed: bool = True) -> list[str]:
        """Numbered inputs."""
        return [self.input(f"{name}{number}", bits, signed=signed) for number in range(count)]

    def wire(self, bits: int, expression: str, *, signed: bool = True) -> str:
        """A value without a register."""
        name = f"n{len(self.lines)}"
        self.lines.append(f"wire {_range(bits, signed)} {name} = {expression};")
        return name

    def value(self, bits: int, expression: str, *, signed: bool = True) -> str:
        """The result of an adder."""
        if not self.registered:
            return self.wire(bits, expression, signed=signed)
        name = f"n{len(self.lines)}"
        self.lines.append(
            f"reg {_range(bits, signed)} {name}; always @(posedge clk) {name} <= {expression};"
        )
        return name

    def tree(self, terms: Sequence[str], bits: int, *, signed: bool = True) -> str:
        """The sum of terms, two by two."""
        while len(terms) > 1:
            bits += 1
            terms = [
                self.value(bits, " + ".join(terms[start : start + 2]), signed=signed)
                for start in range(0, len(terms), 2)
            ]
        return terms[0]

    def wire_with_carry(self, bits: int, left: str, right: str, carry: str) -> str:
        """`left + right + carry`, where a position below the lowest bit makes the carry."""
        extended = self.wire(bits + 1, f"$signed({{{left}, 1'b1}}) + $signed({{{right}, {carry}}})")
        return self.wire(bits, f"{extended}[{bits}:1]")

    def add_with_carry(self, bits: int, left: str, right: str, carry: str) -> str:
        """The result of an adder that has a carry as well."""
        return self.value(bits, self.wire_with_carry(bits, left, right, carry))

    def accumulate(
        self, name: str, bits: int, addend: str, *, signed: bool = True, carry: str | None = None
    ) -> None:
        """
        A sum that starts again with `restart`; without registers, `NAME_before` is its value.

        Args:
            name: of the output.
            bits: of the sum.
            addend: what is added.
            signed: whether the sum is.
            carry: a bit that is added as well.
        """
        self.output(name, bits)
        if self.registered:
            before = f"{name}_sum"
            self.lines.append(f"reg {_range(bits, signed)} {before};")
        else:
            before = self.input(f"{name}_before", bits, signed=signed)
        kept = self.wire(
            bits, f"restart ? {bits}'{'s' if signed else ''}d0 : {before}", signed=signed
        )
        if carry is None:
            after = self.wire(bits, f"{addend} + {kept}", signed=signed)
        else:
            after = self.wire_with_carry(bits, addend, kept, carry)
        if self.registered:
            self.lines.append(f"always @(posedge clk) {before} <= {after};")
        self.lines.append(f"assign {name} = {before if self.registered else after};")

    def output(self, name: str, bits: int, expression: str | None = None) -> None:
        """A result."""
        self.outputs[name] = bits
        if expression is not None:
            self.lines.append(f"assign {name} = {expression};")

    def product(
        self, left: str, left_bits: int, right: str, right_bits: int, addend: str | None = None
    ) -> str:
        """A signed product, and what is added to it in the slices, of 48 bits or fewer."""
        ports = [("left", left_bits, left), ("right", right_bits, right)]
        expression = "left * right"
        bits = left_bits + right_bits
        if addend is not None:
            ports.append(("addend", ACCUMULATOR_BITS, addend))
            expression += " + addend"
            bits = max(bits, ACCUMULATOR_BITS)
        return self._slice(
            f"multiply{len(ports)}_{left_bits}_{right_bits}", ports, expression, bits
        )

    def packed_product(
        self, low: str, high: str, own_bits: int, shared: str, shared_bits: int, addend: str
    ) -> str:
        """`(high * 2^18 + low) * shared + addend`, in a slice: its adder in front forms the sum."""
        wide = WIDE_PORT_BITS
        ports = [
            ("low", own_bits, low),
            ("high", own_bits, high),
            ("shared", shared_bits, shared),
            ("addend", ACCUMULATOR_BITS, addend),
        ]
        return self._slice(
            f"packed_{own_bits}_{shared_bits}",
            ports,
            "factor * shared + addend",
            ACCUMULATOR_BITS,
            f"wire signed [{wide - 1}:0] wide = high; "
            f"wire signed [{wide - 1}:0] factor = (wide <<< {FIELD_BITS}) + low;",
        )

    def _slice(
        self,
        module: str,
        ports: list[tuple[str, int, str]],
        expression: str,
        bits: int,
        first: str = "",
    ) -> str:
        """An instance of a module of its own, so that what is in the slices can be told apart."""
        declared = ", ".join(f"input {_range(width, True)} {name}" for name, width, _ in ports)
        stored = (
            f"reg signed [{bits - 1}:0] p; always @(posedge clk) p <= {expression}; "
            "assign result = p;"
            if self.registered
            else f"assign result = {expression};"
        )
        self.slices[module] = (
            f"module {module}(input clk, {declared}, output signed [{bits - 1}:0] result);\n"
            f"  {first}{stored}\nendmodule\n"
        )
        name = f"n{len(self.lines)}"
        connected = ", ".join(f".{port}({value})" for port, _, value in ports)
        self.lines.append(
            f"wire signed [{bits - 1}:0] {name}; "
            f"{module} {name}_slice(.clk(clk), {connected}, .result({name}));"
        )
        return name

    def verilog(self) -> str:
        """The text of all modules."""
        ports = [
            "input clk",
            "input restart",
            *(f"input {_range(port.bits, port.signed)} {port.name}" for port in self.inputs),
            *(f"output [{bits - 1}:0] {name}" for name, bits in self.outputs.items()),
        ]
        body = "\n  ".join(self.lines)
        top = f"module top({', '.join(ports)});\n  {body}\nendmodule\n"
        return "".join(self.slices.values()) + top


def _range(bits: int, signed: bool) -> str:
    return f"{'signed ' if signed else ''}[{bits - 1}:0]"
