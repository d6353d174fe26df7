"""What the parser and the passes know."""

from xdsl.context import Context
from xdsl.universe import Universe


def full_context() -> Context:
    """A context with all dialects of VAQF and xDSL; each is imported when it is first used."""
    context = Context()
    for name, dialect in Universe.get_multiverse().all_dialects.items():
        context.register_dialect(name, dialect)
    return context
