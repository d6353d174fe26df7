"""How long the parts of an accelerator take that no attribute says, in cycles."""

BURST_LATENCY = 40
"""From the request of a burst to its first word, for a DDR4 behind an AXI port."""

LOOP_OVERHEAD = 2
"""To enter and leave a pipelined loop, or an iteration of another one."""

CALL_OVERHEAD = 4
"""To start an engine and to see that it is done."""

CYCLES_ATTRIBUTE = "accel.cycles"
"""Attribute of a call, a loop or a whole function: cycles of one execution."""

WORDS_ATTRIBUTE = "accel.words"
"""Attribute of a call or a whole function: words that one execution moves from and to DRAM."""

BINDS_ATTRIBUTE = "accel.binds"
"""Attribute of a call: what most of its cycles are spent on, compute, vector, memory or control."""

DEPTH_ATTRIBUTE = "accel.depth"
"""
Attribute of a pipelined loop: cycles of one iteration, of the longest that any call of its engine
has; and of an op outside of such loops: its cycles.
"""
