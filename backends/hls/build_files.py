"""The files by which the tools of the vendor build an accelerator."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vaqf.backends.hls.design import TOP, Design
from vaqf.dialects.diagnostics import UserError


@dataclass(frozen=True)
class Device:
    """What the accelerator is built for."""

    part: str = "xczu9eg-ffvb1156-2-e"
    """Name of the FPGA, as the vendor's tools know it."""

    clock_megahertz: float = 200.0

    def __post_init__(self) -> None:
        """
        Check that the part is a name.

        Raises:
            UserError: when it has other characters than letters, digits and dashes, or when the
                clock is not positive.
        """
        if not re.fullmatch(r"[A-Za-z0-9_-]+", self.part):
            raise UserError(f"part is '{self.part}', expected letters, digits and dashes")
        if not self.clock_megahertz > 0:
            raise UserError(f"clock is {self.clock_megahertz} MHz, it must be positive")

    @property
    def period(self) -> str:
        """Of the clock, in nanoseconds."""
        return f"{1000 / self.clock_megahertz:.3f}".rstrip("0").rstrip(".")


def emit_script(device: Device) -> str:
    """`script.tcl`, for Vivado HLS and Vitis HLS."""
    return f"""\
# Synthesizes this accelerator. `make csynth`, `make cosim` and `make export` run it.
set step [expr {{[info exists ::env(HLS_STEP)] ? $::env(HLS_STEP) : "csynth"}}]
set project [file normalize [file dirname [info script]]]
set flags "-std=c++14 -I$project/include -I$project/weights -I$project/tb"

open_project -reset hls
set_top {TOP}
foreach file [lsort [glob $project/src/*.cpp]] {{
    add_files $file -cflags $flags
}}
add_files -tb $project/tb/testbench.cpp -cflags "$flags -Wno-unknown-pragmas"
open_solution -reset solution
set_part {{{device.part}}}
create_clock -period {device.period} -name default

csynth_design
switch $step {{
    cosim {{ cosim_design -argv "--project $project --frames 1 --without-checkpoints" }}
    export {{ export_design -format ip_catalog }}
}}
exit
"""


def emit_configuration(design: Design, device: Device) -> str:
    """`hls_config.cfg`, for the unified tools of Vitis."""
    sources = [*(f"src/{each.name}.cpp" for each in design.engines), "src/top.cpp"]
    return "\n".join(
        [
            "# v++ -c --mode hls --config hls_config.cfg --work_dir hls_component",
            f"part={device.part}",
            "",
            "[hls]",
            "flow_target=vivado",
            f"clock={device.period}ns",
            f"syn.top={TOP}",
            *(f"syn.file={each}" for each in sorted(sources)),
            "syn.cflags=-std=c++14 -Iinclude -Iweights",
            "tb.file=tb/testbench.cpp",
            "tb.cflags=-std=c++14 -Iinclude -Iweights -Itb",
            "cosim.argv=--frames 1 --without-checkpoints",
            "package.output.format=ip_catalog",
            "",
        ]
    )
