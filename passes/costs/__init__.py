"""
What an accelerator costs on a Xilinx UltraScale+ device: cycles, LUTs, flip-flops, DSPs, memories.

Every formula is a function of numbers, so that reading them off the IR and searching for the best
numbers share it. LUTs are sites: functions of five joint inputs share one, as in the device.
"""
