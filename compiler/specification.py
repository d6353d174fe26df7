"""Passes and targets as text, `name{option=value option=value,value}`: reading and printing it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import TypeVar, get_type_hints

from xdsl.passes import ModulePass
from xdsl.utils.arg_spec import (
    ArgSpec,
    ArgSpecConvertible,
    ParameterListType,
    ParameterType,
    parse_pipeline,
)
from xdsl.utils.exceptions import ArgSpecParseError
from xdsl.utils.hints import isa, type_repr
from xdsl.utils.target import Target

from vaqf.compiler.errors import in_one_line
from vaqf.compiler.hints import did_you_mean
from vaqf.dialects.diagnostics import UserError

LISTS = {
    "pass": "--list-passes; passes of your own need --load-pass-plugin",
    "target": "--list-targets",
}
"""What is written in this way, and the flag of `vaqf-opt` that lists all there are."""

Described = TypeVar("Described", bound=ArgSpecConvertible)
PassType = TypeVar("PassType", bound=ModulePass)

_BARE_VALUE = re.compile(
    r'(?P<kept>"(?:\\.|[^"\\])*"|\[[^\]]*\])|(?<=[=,])(?P<bare>[^\s,{}"\[\]]+)'
)
_READABLE_BARE = re.compile(r"[A-Za-z0-9_-]+|[-+]?[0-9]+(\.[0-9]*([eE][-+]?[0-9]+)?)?")


def quote(text: str) -> str:
    """
    A string as a value of an option.

    Raises:
        UserError: for a control character that the syntax has no escape for.
    """
    if re.search(r"[\f\v\r]", text):
        raise UserError(f"option value {text!r} has a control character, which cannot be written")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _print_value(value: ParameterType) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            bare = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", value) and value not in (
                "true",
                "false",
            )
            return value if bare else quote(value)
        case int():
            return str(value)
        case float():
            # Without a point before the exponent, 1e-05 would be read as a name.
            return re.sub(r"^(-?\d+)e", r"\1.0e", repr(value))


def print_specification(described: ArgSpecConvertible) -> str:
    """A pass or target with those of its options that are not at their default."""

    def option(name: str, values: ParameterListType) -> str:
        text = ",".join(_print_value(value) for value in values)
        name = name.replace("_", "-")
        return f"{name}={text}" if values else name

    spec = described.spec()
    options = " ".join(option(name, values) for name, values in spec.parameters.items())
    return f"{spec.name}{{{options}}}" if options else spec.name


def print_pipeline(passes: Sequence[ModulePass]) -> str:
    """Passes as the text that `-p` takes."""
    return ",".join(print_specification(each) for each in passes)


def _quote_bare_values(text: str) -> str:
    """Quote values such as `src/top.cpp`, which the syntax of xDSL knows only in quotes."""

    def replace(match: re.Match[str]) -> str:
        bare = match["bare"]
        if bare is None or _READABLE_BARE.fullmatch(bare):
            return match[0]
        return quote(bare)

    return _BARE_VALUE.sub(replace, text)


def _expect_options(kind: str, described: type[ArgSpecConvertible], spec: ArgSpec) -> None:
    """
    Check names and types of options.

    Raises:
        UserError: naming the first option that is unknown, missing or of the wrong type.
    """
    types = get_type_hints(described)
    options = [field.name for field in fields(described) if field.init and field.name != "name"]
    readable = [name.replace("_", "-") for name in options]
    known = f"options are {', '.join(readable)}" if options else "it has no options"
    where = f"{kind} '{spec.name}'"
    for name, values in spec.normalize_parameter_names().parameters.items():
        shown = name.replace("_", "-")
        if name not in options:
            hint = did_you_mean(shown, readable)
            raise UserError(f"{where} has no option '{shown}'{hint or f', {known}'}")
        # As from_spec does: a single value may be a tuple of one, and no value may be None.
        alone = values[0] if len(values) == 1 else values or None
        if not (isa(alone, types[name]) or isa(values, types[name])):
            given = ",".join(_print_value(value) for value in values) or "nothing"
            expected = type_repr(types[name])
            raise UserError(f"{where}: option '{shown}' is {given}, expected {expected}")
    missing = described.required_fields() - set(spec.normalize_parameter_names().parameters)
    for name in options:
        if name in missing:
            raise UserError(f"{where} needs the option '{name.replace('_', '-')}'")


def _instantiate(
    kind: str, available: Mapping[str, Callable[[], type[Described]]], spec: ArgSpec
) -> Described:
    if spec.name not in available:
        hint = did_you_mean(spec.name, available) or f", see vaqf-opt {LISTS[kind]}"
        raise UserError(f"unknown {kind} '{spec.name}'{hint}")
    described = available[spec.name]()
    _expect_options(kind, described, spec)
    try:
        return described.from_spec(spec)
    except ValueError as error:
        raise UserError(f"{kind} '{spec.name}': {in_one_line(str(error))}") from error


def _read(kind: str, text: str) -> tuple[ArgSpec, ...]:
    try:
        return tuple(parse_pipeline(_quote_bare_values(text)))
    except ArgSpecParseError as error:
        raise UserError(f"{kind} '{text}' is malformed: {_where(error)}") from error


def _where(error: ArgSpecParseError) -> str:
    """The reason and the column, of a message that shows the text with a caret in six lines."""
    _, place, *_, reason = str(error).strip().split("\n")
    return f"{reason.strip().lower()} (column {place.rpartition(':')[2]})"


def parse_passes(
    available: Mapping[str, Callable[[], type[ModulePass]]], text: str
) -> tuple[ModulePass, ...]:
    """
    Read a pipeline of passes.

    Raises:
        UserError: for malformed text, an unknown pass, or options that do not fit.
    """
    return tuple(_instantiate("pass", available, spec) for spec in _read("pipeline", text))


def parse_options(pass_type: type[PassType], text: str) -> PassType:
    """
    Read the options of one pass: the text between its braces.

    Raises:
        UserError: for malformed text, or options that do not fit.
    """
    specs = _read("options", f"{pass_type.name}{{{text}}}")
    return _instantiate("pass", {pass_type.name: lambda: pass_type}, specs[0])


def parse_target(available: Mapping[str, Callable[[], type[Target]]], text: str) -> Target:
    """
    Read a target.

    Raises:
        UserError: for malformed text, an unknown target, or options that do not fit.
    """
    specs = _read("target", text)
    if len(specs) != 1:
        raise UserError(f"target is '{text}', expected one target")
    return _instantiate("target", available, specs[0])
