"""Writing a project: the C++, the IR that it comes from, golden vectors, and a manifest."""

import json
import time
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import numpy as np
from xdsl.dialects.builtin import ModuleOp

from vaqf.backends.hls.build_files import Device
from vaqf.backends.hls.project import Frame, project_files
from vaqf.compiler.board import Board
from vaqf.compiler.compilation import Finished, compile_model, print_ir
from vaqf.compiler.estimate import estimate_of, summary_of
from vaqf.compiler.estimate_table import estimate_page
from vaqf.compiler.golden import golden_frames
from vaqf.compiler.interface import Interface
from vaqf.compiler.model_resolution import open_parameters
from vaqf.compiler.pipeline import Options, Stage, passes_of
from vaqf.compiler.printing import Texts
from vaqf.compiler.progress import Progress
from vaqf.compiler.project import GENERATOR, MANIFEST, Json, replacing_folder
from vaqf.compiler.recipe import Recipe, print_recipe
from vaqf.compiler.specification import print_pipeline, print_specification
from vaqf.dialects.model_reference import ModelReference
from vaqf.interpreters.accelerator import Accelerator
from vaqf.interpreters.execute import interpreter_of
from vaqf.passes.lower_vit_to_accel import LowerVitToAccelPass


def build_project(
    model: Path,
    stages: Sequence[Stage],
    options: Options,
    board: Board,
    output: Path,
    progress: Progress,
) -> dict[str, Json]:
    """
    Compile a model to a project.

    Args:
        model: the ONNX file.
        stages: all stages, down to the `accel` level.
        options: what the stages were made from, for the manifest.
        board: what the project is for.
        output: folder that the project appears in, complete or not at all.
        progress: told about every stage.

    Returns:
        The estimate in the project's report.

    Raises:
        UserError: when the model cannot be compiled, or `output` may not be replaced.
        ReportError: as well, with all reasons.
    """
    frames: list[Frame] = []
    texts: dict[str, str] = {}
    printed = Texts()

    def finished(stage: Finished) -> None:
        texts[f"{len(texts):02}-{stage.name}.mlir"] = print_ir(
            stage.module, locations=True, known=printed
        )
        progress.finished(stage)
        # Here whole layers are executed at once; what follows changes no bit.
        if stage.name == LowerVitToAccelPass.name:
            started = time.perf_counter()
            parameters = open_parameters(stage.module)
            frames.extend(golden_frames(stage.module, parameters, options.calibration))
            progress.timed("golden frames", time.perf_counter() - started)

    with replacing_folder(output) as folder:
        module, parameters = compile_model(model, str(model), stages, finished)
        started = time.perf_counter()
        prepared = Accelerator.of(module).prepare(interpreter_of(module, parameters))
        memories = [each.astype(np.uint8, casting="safe", copy=False) for each in prepared]
        manifest = json.dumps(_manifest(module, stages, options, board), indent=2) + "\n"
        device, estimate = Device(board.part, board.clock_mhz), estimate_of(module, board)
        for name, content in chain(
            project_files(module, memories, frames, device, estimate),
            {f"ir/{name}": text for name, text in texts.items()}.items(),
            [("report/estimate.md", estimate_page(estimate))],
            [(MANIFEST, manifest)],
        ):
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        progress.timed("project", time.perf_counter() - started)
        for line in summary_of(module, board):
            progress.line(line)
    return estimate


def _manifest(
    module: ModuleOp, stages: Sequence[Stage], options: Options, board: Board
) -> dict[str, Json]:
    """What made a project, and from what: enough to make it again."""
    reference = ModelReference.of(module)
    interface = Interface.of(module)
    return {
        GENERATOR: {"vaqf": version("vaqf"), "xdsl": version("xdsl")},
        "model": reference and {"file": reference.file, "sha256": reference.sha256},
        "calibration": _file_entry(options.calibration),
        "options": {
            "activation-bits": options.activation_bits,
            "weight-bits": options.weight_bits,
            "recipe": print_recipe(Recipe(options.rules)),
            "board": board.name,
            "tile": print_specification(options.tiling),
            "vector-lanes": options.pipelining.vector_lanes,
            "frames": options.frames,
            "uram": options.uram,
        },
        "pipeline": print_pipeline(passes_of(stages)),
        "inputs": [each.as_json() for each in interface.inputs],
        "outputs": [each.as_json() for each in interface.outputs],
        "checkpoints": [each.as_json() for each in interface.traced],
    }


def _file_entry(path: str | None) -> Json:
    """A file in the manifest: its path as it was given, and what was in it."""
    if path is None:
        return None
    return {"file": path, "sha256": sha256(Path(path).read_bytes()).hexdigest()}
