"""`vaqf-opt`: run any passes on any level of IR, or on an ONNX model."""

from pathlib import Path
from typing import IO

from xdsl.dialects.builtin import ModuleOp
from xdsl.xdsl_opt_main import xDSLOptMain

from vaqf.dialects.diagnostics import UserError


class VaqfOptMain(xDSLOptMain):
    """The driver of xDSL, with ONNX models as input."""

    def register_all_frontends(self) -> None:
        super().register_all_frontends()
        self.available_frontends["onnx"] = self._import_model

    def _import_model(self, _: IO[bytes]) -> ModuleOp:
        """Import by path, not from the open file: external data lies beside it."""
        from vaqf.frontends.onnx import import_model

        name = self.args.input_file
        if not isinstance(name, str):
            raise UserError("an ONNX model is read from a file, not from the standard input")
        return import_model(Path(name), name)


def main() -> None:
    """Entry point of `vaqf-opt`."""
    VaqfOptMain("Run passes of VAQF and xDSL on IR of any level, or on an ONNX model").run()


if __name__ == "__main__":
    main()
