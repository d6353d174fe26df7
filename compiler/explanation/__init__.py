"""
All that a project says about one layer of its model, on one page.

A layer is known by the ONNX nodes that it has in the first IR of the project; in every later one it
is what carries the location of one of these.
"""
