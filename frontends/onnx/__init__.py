"""ONNX files: their import, and the weights in them."""

from vaqf.frontends.onnx.importer import import_file, import_model
from vaqf.frontends.onnx.model_file import ModelFile

__all__ = ["ModelFile", "import_file", "import_model"]
