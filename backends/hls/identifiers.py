"""Names from the model and from IR, made safe for the languages of a project."""

import re
from collections.abc import Iterable

_KEYWORDS = """
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t
    char8_t class compl concept const const_cast consteval constexpr constinit continue co_await
    co_return co_yield decltype default delete do double dynamic_cast else enum explicit export
    extern false float for friend goto if inline int long mutable namespace new noexcept not not_eq
    nullptr operator or or_eq private protected public register reinterpret_cast requires return
    short signed sizeof static static_assert static_cast struct switch template this thread_local
    throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t while
    xor xor_eq
"""

KEYWORDS = frozenset(_KEYWORDS.split())
"""The keywords of C++14, and those of later standards: tools know them already."""

_CLAIMED = """
    abs ap_int ap_uint assert control errno exit fabs index linux main offsetof printf setjmp signal
    stderr stdin stdout std time unix va_arg va_end va_start
"""

CLAIMED = frozenset(_CLAIMED.split())
"""Names that the C library, its macros, compilers, or HLS tools use."""


def identifier(text: str, otherwise: str = "value") -> str:
    """
    A name as a C++ identifier in lower case, so that it is no macro and no constant.

    Args:
        text: Any text.
        otherwise: What to return when nothing of it is left.
    """
    parts = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    name = re.sub(r"[^A-Za-z0-9]+", "_", parts).strip("_").lower() or otherwise
    if name[0].isdigit():
        name = f"{otherwise}_{name}"
    is_type = name.endswith("_t")
    return f"{name}_" if name in KEYWORDS or name in CLAIMED or is_type else name


def extended(name: str, suffix: str) -> str:
    """An identifier with a suffix, without the double underscore that C++ reserves."""
    return f"{name.rstrip('_')}_{suffix}"


def camel_case(name: str) -> str:
    """An identifier in the spelling of labels and constants: `FirstToken` for `first_token`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def constant_name(name: str) -> str:
    """An identifier in the spelling of constants: `kFirstToken` for `first_token`."""
    return f"k{camel_case(name)}"


def port_constant(name: str) -> str:
    """The beginning of the constants of a port, unlike that of any parameter or engine."""
    return constant_name(f"port_{name}")


def counted(number: int, noun: str) -> str:
    """A number of things: `1 bit`, `2 bits`."""
    return f"{number} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """`noun`, several of them: `queries` for `query`."""
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if re.search(r"(s|x|ch|sh)$", noun) else f"{noun}s"


def singular(noun: str) -> str:
    """One of `noun`: `query` for `queries`."""
    for ending, replacement in (("ies", "y"), ("xes", "x"), ("ches", "ch"), ("ss", "ss")):
        if noun.endswith(ending):
            return noun[: -len(ending)] + replacement
    return noun[:-1] if noun.endswith("s") and len(noun) > 1 else noun


class Names:
    """
    Identifiers of one scope, each used once.

    A name is not used again in scopes inside, so that nothing is hidden; scopes beside each other
    may use the same names.
    """

    def __init__(self, taken: Iterable[str] = (), outer: "Names | None" = None):
        self._taken = set(taken)
        self._taken_inside = set[str]()
        self._outer = outer

    def inside(self) -> "Names":
        """The names of a scope inside."""
        return Names(outer=self)

    def _is_free(self, name: str) -> bool:
        if name in self._taken or name in self._taken_inside:
            return False
        outer = self._outer
        while outer is not None:
            if name in outer._taken:
                return False
            outer = outer._outer
        return True

    def fresh(self, name: str, otherwise: str | None = None) -> str:
        """
        A name that is not taken.

        Args:
            name: The wanted one.
            otherwise: What to try when that is taken; after it, `name` with numbers behind it. A
                type keeps its `_t` at the end.
        """
        stem, ending = (name[:-2], "_t") if name.endswith("_t") else (name, "")
        candidate, number = name, 1
        if otherwise is not None and not self._is_free(name):
            candidate = otherwise
        while not self._is_free(candidate):
            number += 1
            candidate = extended(stem, f"{number}{ending}")
        self._taken.add(candidate)
        outer = self._outer
        while outer is not None:
            outer._taken_inside.add(candidate)
            outer = outer._outer
        return candidate


def comment_text(text: str) -> str:
    """Text within a comment: one line of printable ASCII that neither ends nor continues it."""
    safe = re.sub(r"[^ -~]+", " ", text).replace("\\", "/").replace("`", "'")
    for mark in ("*/", "/*", "??"):
        safe = safe.replace(mark, f"{mark[0]} {mark[1]}")
    return safe.strip()


def string_literal(text: str) -> str:
    """Text as a string literal of C++, in ASCII, without trigraphs."""

    def escape(byte: int) -> str:
        character = chr(byte)
        if character in '"\\?':
            return f"\\{character}"
        return character if " " <= character <= "~" else f"\\{byte:03o}"

    return '"' + "".join(escape(byte) for byte in text.encode()) + '"'
