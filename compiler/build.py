"""Writing a project: the C++, the IR that it comes from, and a manifest."""

import time
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from vaqf.backends.hls.project import write_project
from vaqf.compiler.board import Board
from vaqf.compiler.compilation import Finished, compile_model, print_ir
from vaqf.compiler.interface import Interface
from vaqf.compiler.pipeline import Level, Options, Stage, passes_of
from vaqf.compiler.progress import Progress
from vaqf.compiler.project import GENERATOR, Json, replacing_folder, write_manifest
from vaqf.compiler.specification import print_pipeline, print_specification
from vaqf.dialects.model_reference import ModelReference


def build_project(
    model: Path,
    stages: Sequence[Stage],
    options: Options,
    board: Board,
    output: Path,
    progress: Progress,
) -> None:
    """
    Compile a model to a project.

    Args:
        model: the ONNX file.
        stages: all stages, down to the `accel` level.
        options: what the stages were made from, for the manifest.
        board: what the project is for.
        output: folder that the project appears in, complete or not at all.
        progress: told about every stage.

    Raises:
        UserError: when the model cannot be compiled, or `output` may not be replaced.
    """
    interface: Interface | None = None
    with replacing_folder(output) as folder:
        texts = folder / "ir"
        texts.mkdir()

        def finished(stage: Finished) -> None:
            nonlocal interface
            number = len(list(texts.iterdir()))
            (texts / f"{number:02}-{stage.name}.mlir").write_text(
                print_ir(stage.module, locations=True)
            )
            if stage.name == Level.QUANTIZED:
                interface = Interface.of(stage.module)
            progress.finished(stage)

        module, parameters = compile_model(model, str(model), stages, finished)
        started = time.perf_counter()
        write_project(module, parameters, folder)
        reference = ModelReference.of(module)
        assert interface is not None and reference is not None
        write_manifest(
            folder,
            {
                GENERATOR: {"vaqf": version("vaqf"), "xdsl": version("xdsl")},
                "model": {"file": reference.file, "sha256": reference.sha256},
                "calibration": _file_entry(options.calibration),
                "options": {
                    "activation-bits": options.activation_bits,
                    "weight-bits": options.weight_bits,
                    "board": board.name,
                    "tile": print_specification(options.tiling),
                },
                "pipeline": print_pipeline(passes_of(stages)),
                "inputs": [each.as_json() for each in interface.inputs],
                "outputs": [each.as_json() for each in interface.outputs],
            },
        )
        progress.timed("project", time.perf_counter() - started)


def _file_entry(path: str | None) -> Json:
    """A file in the manifest: its path as it was given, and what was in it."""
    if path is None:
        return None
    return {"file": path, "sha256": sha256(Path(path).read_bytes()).hexdigest()}
