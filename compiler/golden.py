"""Golden frames: what the testbench of a project compares the C++ with."""

from pathlib import Path

import numpy as np
from xdsl.dialects.builtin import ModuleOp

from vaqf.backends.hls.project import Frame
from vaqf.interpreters.accelerator import Accelerator
from vaqf.interpreters.execute import interpreter_of
from vaqf.interpreters.parameters import ParameterSource
from vaqf.interpreters.samples import Input, Samples
from vaqf.passes.calibration_data import read_samples, synthetic_samples

FRAMES = 2
"""How many: the second one shows whether something of the first is left in the accelerator."""


def golden_frames(
    module: ModuleOp, parameters: ParameterSource, calibration: str | None
) -> list[Frame]:
    """
    Execute an accelerator on the first samples of the calibration data.

    Args:
        module: the `accel` level. Its passes change no bit, so whole layers, which are executed
            fastest, will do.
        parameters: the weights.
        calibration: path of an `.npz` file with samples; None for synthetic ones.

    Raises:
        UserError: when the data cannot be read.
    """
    accelerator = Accelerator.of(module)
    shapes = {each.name: each.shape for each in accelerator.inputs}
    if calibration is None:
        arrays = synthetic_samples(shapes, FRAMES)
    else:
        every = read_samples(Path(calibration), shapes, 0)
        arrays = {name: array[:FRAMES] for name, array in every.items()}
    inputs = [Input(each.name, each.shape, each.format) for each in accelerator.inputs]
    interpreter = interpreter_of(module, parameters)
    prepared = accelerator.prepare(interpreter)
    frames: list[Frame] = []
    for images in Samples.of(inputs, arrays):
        frame = accelerator.run(interpreter, prepared, images)
        checkpoints = {(each.label, each.index): each.values for each in frame.checkpoints}
        image = images[0].astype(np.int64, casting="safe", copy=False)
        frames.append(Frame(image, frame.outputs, checkpoints))
    return frames
