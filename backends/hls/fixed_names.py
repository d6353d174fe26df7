"""Names in the files that are the same in every project, which names of a model keep away from."""

import re
from functools import cache
from importlib.resources import files

from vaqf.backends.hls.identifiers import extended

INCLUDED_BY_TOP = ("arithmetic.hpp", "checkpoint.hpp")
"""Headers that the top function sees, whose parameters are the ports."""


@cache
def _code(names: tuple[str, ...]) -> str:
    """The code in some files; comments and strings name nothing."""
    folder = files("vaqf.backends.hls").joinpath("resources")
    text = "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in names)
    return re.sub(r'//.*|"[^"\n]*"', " ", text)


def port_name(wanted: str) -> str:
    """
    A name for a port: `wanted`, or that with `model_` in front where the top function's headers
    have a function of that name.
    """
    called = re.search(rf"\b{wanted}\(", _code(INCLUDED_BY_TOP))
    return extended("model", wanted) if called else wanted
