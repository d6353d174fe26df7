"""The choice of an accelerator as a JSON file: what a search found, to edit and to compile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import NoReturn

from xdsl.utils.hints import isa

from vaqf.compiler.hints import did_you_mean
from vaqf.compiler.pipeline import Options
from vaqf.compiler.project import Json
from vaqf.compiler.recipe import Recipe, parse_recipe, print_recipe
from vaqf.dialects.diagnostics import UserError
from vaqf.passes.tile_engines import TileEnginesPass

VECTOR_LANES, URAM = "vector_lanes", "uram"
"""Parameters of other passes than `tile-engines`."""

CHOSEN = (
    *("board", "clock_mhz", "weight_bits", "activation_bits", "recipe", "frames", "parameters"),
)
"""Fields that choose something; all may be left out."""

FOUND = (
    "model",
    "wanted_fps",
    "reached",
    "fps",
    "milliseconds",
    "cycles",
    "resources",
    "binds",
    "would_do",
)
"""Fields that tell what comes of the choice; they are not read."""

FRONTIER = ("frontier", "engines", "layers", "limit", "attention_bits", "noise")
"""As well."""


@dataclass(frozen=True)
class Configuration:
    """What is chosen; None where nothing is."""

    board: str | None = None
    clock_mhz: int | None = None
    weight_bits: int | None = None
    activation_bits: int | None = None
    recipe: Recipe | None = None
    frames: int | None = None
    tiling: TileEnginesPass | None = None
    vector_lanes: int | None = None
    uram: int | None = None


def parameters_of(tiling: TileEnginesPass, vector_lanes: int, uram: int) -> dict[str, Json]:
    """The parameters of all engines, by the names of the options of the passes."""
    named: dict[str, Json] = {}
    for each in fields(TileEnginesPass):
        value: int | bool | str | tuple[int, ...] = getattr(tiling, each.name)
        named[each.name] = list(value) if isinstance(value, tuple) else value
    return {**named, VECTOR_LANES: vector_lanes, URAM: uram}


def choices_of(board: str, clock_mhz: int, options: Options) -> dict[str, Json]:
    """The fields that `read_configuration` reads."""
    chosen: dict[str, Json] = {
        "board": board,
        "clock_mhz": clock_mhz,
        "weight_bits": options.weight_bits,
        "activation_bits": options.activation_bits,
        "frames": options.frames,
        "parameters": parameters_of(options.tiling, options.pipelining.vector_lanes, options.uram),
    }
    if options.rules:
        chosen["recipe"] = print_recipe(Recipe(options.rules))
    return chosen


def read_configuration(path: Path) -> Configuration:
    """
    What a file chooses.

    Raises:
        UserError: when it cannot be read, or naming the field that is unknown or of another type.
    """
    try:
        content: object = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: cannot be read: it is not text in UTF-8") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise UserError(f"{path}:{error.lineno}:{error.colno}: is not JSON: {error.msg}") from None
    if not isa(content, dict[str, object]):
        raise UserError(f"{path}: is no JSON object")
    return _Fields(path, "", content).configuration()


@dataclass(frozen=True)
class _Fields:
    """An object in a file, whose fields are checked as they are read."""

    path: Path
    prefix: str
    values: Mapping[str, object]

    def configuration(self) -> Configuration:
        self.expect((*CHOSEN, *FOUND, *FRONTIER))
        recipe = self.text("recipe")
        parameters = self.values.get("parameters")
        if parameters is None and FRONTIER[0] in self.values:
            what = "is what a search told that found no accelerator, expected 'parameters'"
            raise UserError(f"{self.path}: {what}")
        tiling, vector_lanes, uram = None, None, None
        if parameters is not None:
            if not isa(parameters, dict[str, object]):
                self.refuse("parameters", "an object")
            tiling, vector_lanes, uram = _Fields(self.path, "parameters.", parameters).engines()
        return Configuration(
            self.text("board"),
            self.integer("clock_mhz"),
            self.integer("weight_bits"),
            self.integer("activation_bits"),
            None if recipe is None else parse_recipe(recipe, str(self.path)),
            self.integer("frames"),
            tiling,
            vector_lanes,
            uram,
        )

    def engines(self) -> tuple[TileEnginesPass, int | None, int | None]:
        """The parameters of engines; those that are left out are as they are by default."""
        default = TileEnginesPass()
        self.expect((*(each.name for each in fields(TileEnginesPass)), VECTOR_LANES, URAM))
        given: dict[str, int | bool | str | tuple[int, ...]] = {}
        for name, value in self.values.items():
            match getattr(default, name, 0):
                case bool():
                    if not isinstance(value, bool):
                        self.refuse(name, "true or false")
                    given[name] = value
                case tuple():
                    if not isa(value, list[int]):
                        self.refuse(name, "a list of integers")
                    given[name] = tuple(value)
                case str():
                    if not isinstance(value, str):
                        self.refuse(name, "text")
                    given[name] = value
                case _:
                    number = self.integer(name)
                    if number is not None and name not in (VECTOR_LANES, URAM):
                        given[name] = number
        return replace(default, **given), self.integer(VECTOR_LANES), self.integer(URAM)

    def expect(self, known: tuple[str, ...]) -> None:
        """Refuse fields that are not `known`."""
        for name in self.values:
            if name not in known:
                hint = did_you_mean(name, known) or f", fields are {', '.join(known)}"
                raise UserError(f"{self.path}: unknown field '{self.prefix}{name}'{hint}")

    def integer(self, name: str) -> int | None:
        """An integer, if it is there."""
        value = self.values.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            self.refuse(name, "an integer")
        return value

    def text(self, name: str) -> str | None:
        """A text, if it is there."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            self.refuse(name, "text")
        return value

    def refuse(self, name: str, wanted: str) -> NoReturn:
        """Say what a field should be."""
        value = json.dumps(self.values[name])
        raise UserError(f"{self.path}: field '{self.prefix}{name}' is {value}, expected {wanted}")
