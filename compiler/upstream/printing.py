"""Printing IR in upstream form."""

from xdsl.dialects.builtin import FloatData, IntAttr, f64
from xdsl.ir import Attribute, ParametrizedAttribute, TypeAttribute
from xdsl.printer import Printer

from vaqf.compiler.universe import DIALECTS


class UpstreamPrinter(Printer):
    """
    The generic format, with the parameters of our types and attributes as MLIR reads those of any
    dialect: `!quant.int<8 : i64, 3.125e-02 : f64>`.
    """

    def print_attribute(self, attribute: Attribute) -> None:
        dialect = attribute.name.partition(".")[0]
        if not isinstance(attribute, ParametrizedAttribute) or dialect not in DIALECTS:
            super().print_attribute(attribute)
            return
        self.print_string("!" if isinstance(attribute, TypeAttribute) else "#")
        self.print_string(attribute.name)
        if attribute.parameters:
            with self.in_angle_brackets():
                self.print_list(attribute.parameters, self._print_parameter)

    def _print_parameter(self, parameter: Attribute) -> None:
        match parameter:
            case IntAttr():
                self.print_string(f"{parameter.data} : i64")
            case FloatData():
                self.print_float(parameter.data, f64)
                self.print_string(" : f64")
            case _:
                self.print_attribute(parameter)
