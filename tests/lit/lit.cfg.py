"""How `lit` finds and runs the tests of dialects, passes and emitters."""

import os
import sys
from pathlib import Path
from typing import cast

import lit.formats
from lit.TestingConfig import TestingConfig

from vaqf.compiler.pipeline import Level, Options, stages

# lit runs this file with the configuration to fill in as a global.
config = cast(TestingConfig, globals()["config"])
config.name = "VAQF"
config.test_source_root = str(Path(__file__).parent)
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir"]

# The tools of the environment that runs lit come first, whether it is activated or not.
config.environment["PATH"] = os.pathsep.join(
    [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
)
config.substitutions.append(("%models", str(Path(__file__).parents[1] / "models")))

# The passes from the imported graph to the vit level, as `vaqf compile` runs them.
to_vit = next(stage for stage in stages(Options()) if stage.level == Level.VIT)
config.substitutions.append(("%to_vit", ",".join(each.name for each in to_vit.passes)))
