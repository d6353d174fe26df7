"""
Our dialects for the tools of upstream MLIR, which know them from an IRDL file alone.

IRDL says less than we do. Where its limits are in the way, IR has another form for those tools, the
upstream form: `writing` brings IR into it, `reading` back, and both give what there was.
"""
