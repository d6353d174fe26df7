"""The `ap_int.h` that generated projects carry, against Xilinx's own headers."""

import importlib.util
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import pytest

SOURCES = Path(__file__).parent / "ap_int"
OUR_HEADERS = Path(str(files("vaqf.backends.hls"))) / "include"

GXX = shutil.which("g++")
pytestmark = pytest.mark.skipif(GXX is None, reason="g++ is not installed")

STRICT = ["-Wall", "-Wextra", "-pedantic", "-Werror", f"-I{OUR_HEADERS}"]


def xilinx_headers() -> Path:
    """The folder of Xilinx's headers in hls4ml, which is not imported: it would load much else."""
    spec = importlib.util.find_spec("hls4ml")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("Xilinx's ap_types come with hls4ml, which is not installed")
    folder = Path(spec.submodule_search_locations[0]) / "templates" / "vivado" / "ap_types"
    if not (folder / "ap_int.h").is_file():
        pytest.skip(f"this hls4ml has no Xilinx headers in {folder}")
    return folder


def gxx(arguments: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(GXX), "-std=c++14", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def output_of(source: Path, program: Path, options: Sequence[str]) -> str:
    """What a C++ program prints."""
    built = gxx([*options, source, "-o", program])
    assert built.returncode == 0, built.stderr[:4000]
    return subprocess.run([program], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", ["numbers", "words"])
def test_same_bits_as_xilinx(name: str, tmp_path: Path) -> None:
    # Without NDEBUG, Xilinx's headers warn at run time about operands of different widths. They
    # compile twice as fast without optimisation, and little is computed here.
    theirs = ["-O0", "-DNDEBUG", f"-isystem{xilinx_headers()}"]
    source = SOURCES / f"{name}.cpp"
    with ThreadPoolExecutor(max_workers=2) as pool:
        ours_printed = pool.submit(output_of, source, tmp_path / "ours", ["-O1", *STRICT])
        theirs_printed = pool.submit(output_of, source, tmp_path / "theirs", theirs)
    expected = theirs_printed.result().splitlines()
    assert len(expected) > 1000
    assert ours_printed.result().splitlines() == expected


def test_trivial_constant_and_free_of_warnings() -> None:
    compiled = gxx(["-fsyntax-only", *STRICT, "-Wno-unused-function", SOURCES / "properties.cpp"])
    assert compiled.returncode == 0, compiled.stderr


def test_sums_vectorise(tmp_path: Path) -> None:
    """A sum of products is the inner loop of simulation: it must not take one lane at a time."""
    if "Free Software Foundation" not in gxx(["--version"]).stdout:
        pytest.skip("-fopt-info-vec is an option of GCC")
    report = gxx(
        ["-O3", "-fopt-info-vec", *STRICT, "-c", SOURCES / "properties.cpp", "-o", tmp_path / "o"]
    )
    assert "loop vectorized" in report.stderr


DECLARATIONS = """\
#include <ap_int.h>
enum colour { red };
extern ap_int<8> a;
extern ap_int<9> b;
extern ap_uint<8> u;
extern ap_int<64> long_a;
extern ap_uint<64> long_u;
extern ap_uint<128> word;
extern const ap_uint<8> constant;
extern const ap_uint<128> constant_word;
"""

TOO_WIDE = "an exact result needs more than 64 bits: cast the operands to fewer"
NOT_COMPARED = "a signed integer is compared with a wide unsigned one: cast one of them"
NOT_DIVIDED = "a signed and an unsigned integer are divided: cast one of them"
NO_NUMBER = "make an ap_(u)int of floating point, enums and range() first"
BAD_AMOUNT = "a shift amount fits an int"

REJECTED = [
    # Exact results that do not fit.
    ("long_u + long_u", TOO_WIDE),
    ("long_u + 1", TOO_WIDE),
    ("long_a - 1", TOO_WIDE),
    ("-long_a", TOO_WIDE),
    ("long_u & 1", TOO_WIDE),
    ("ap_int<33>(1) * ap_int<32>(1)", TOO_WIDE),
    ("long_a / long_a", TOO_WIDE),
    # What Xilinx's headers compute otherwise than the numbers say.
    ("long_u == 0", NOT_COMPARED),
    ("a != long_u", NOT_COMPARED),
    ("ap_uint<32>(1) < a", NOT_COMPARED),
    ("ap_int<40>(1) >= ap_uint<40>(1)", NOT_COMPARED),
    ("a / u", NOT_DIVIDED),
    ("u % 3", NOT_DIVIDED),
    ("100 / a", "a built-in integer is divided by an ap_(u)int"),
    ("100 % a", "a built-in integer is divided by an ap_(u)int"),
    # What would fall back to arithmetic on built-in integers.
    ("a * 0.5", NO_NUMBER),
    ("0.5f < a", NO_NUMBER),
    ("a += 0.5", NO_NUMBER),
    ("a = 1.5", NO_NUMBER),
    ("a + red", NO_NUMBER),
    ("u.range(3, 0) + 1", NO_NUMBER),
    ("a * u.range(3, 0)", NO_NUMBER),
    ("u.range(3, 0) == 5", NO_NUMBER),
    ("u.range(3, 0) == u.range(7, 4)", NO_NUMBER),
    ("u.range(3, 0) << 2", NO_NUMBER),
    ("a << u.range(3, 0)", NO_NUMBER),
    ("a += u.range(3, 0)", NO_NUMBER),
    ("1 << u.range(3, 0)", "no match for 'operator<<'"),
    ("~u.range(3, 0)", "no match for 'operator~'"),
    ("-u.range(3, 0)", "no match for 'operator-'"),
    ("~u[0]", "use of deleted function"),
    ("(u, a)", "use of deleted function"),
    ("(u[0], u[1])", "use of deleted function"),
    ("(word, word)", "use of deleted function"),
    ("a << 3u", BAD_AMOUNT),
    ("a >> 3LL", BAD_AMOUNT),
    ("true ? a : b", "operands to '?:' have different types"),
    ("true ? a : 1", "operands to '?:' have different types"),
    # Widths.
    ("ap_int<0>(1)", "an integer has at least one bit"),
    ("ap_uint<0>(1)", "an integer has at least one bit"),
    ("ap_int<65>(1)", "a signed integer has at most 64 bits"),
    # Wide words do not compute.
    ("word + 1", "no match for 'operator+'"),
    ("word & word", "no match for 'operator&'"),
    ("word << 3", "no match for 'operator<<'"),
    ("word < word", "no match for 'operator<'"),
    ("word += 1", "no match for 'operator+='"),
    ("word == ap_uint<256>(0)", "no match for 'operator=='"),
    ("~word", TOO_WIDE),
    ("int(word)", "invalid cast"),
    ("u = word", "no match for 'operator='"),
    ("ap_uint<256>(word)", "no matching function"),
    # Constants stay constant.
    ("constant[0] = true", "lvalue required"),
    ("constant.range(3, 0) = 1", "discards qualifiers"),
    ("constant_word[0] = true", "lvalue required"),
    ("constant_word.range(3, 0) = 1", "discards qualifiers"),
    # The rest of Xilinx's interface.
    ('u = "12"', "no match for 'operator='"),
    ("u(3, 0)", "no match for call"),
    ("u.range()", "no matching function"),
    ("u.reverse()", "no member named 'reverse'"),
    ("u.to_double()", "no member named 'to_double'"),
]


ACCEPTED = ["a + b", "a * u[0]", "long_u == 0u", "true ? ap_int<9>(a) : b", "word == 0", "1 << u"]


@pytest.mark.parametrize("expression", ACCEPTED)
def test_accepts_what_is_inside_of_the_subset(expression: str, tmp_path: Path) -> None:
    source = tmp_path / "accepted.cpp"
    source.write_text(DECLARATIONS + f"void use() {{ static_cast<void>({expression}); }}\n")
    compiled = gxx(["-fsyntax-only", *STRICT, source])
    assert compiled.returncode == 0, compiled.stderr


@pytest.mark.parametrize(("expression", "message"), REJECTED)
def test_rejects_what_is_outside_of_the_subset(
    expression: str, message: str, tmp_path: Path
) -> None:
    source = tmp_path / "rejected.cpp"
    source.write_text(DECLARATIONS + f"void use() {{ static_cast<void>({expression}); }}\n")
    compiled = gxx(["-fsyntax-only", f"-I{OUR_HEADERS}", source])
    assert compiled.returncode != 0, f"{expression} compiles"
    errors = [line for line in compiled.stderr.splitlines() if "error:" in line]
    assert message in errors[0].replace("‘", "'").replace("’", "'")


@pytest.mark.parametrize(
    ("statement", "aborts"),
    [
        ("number[position] = true;", {-1, 24, 80}),
        ("number.range(position + 3, position) = 5;", {-1, 21, 80}),
        ("word[position] = true;", {-1, 80}),
        ("word.range(position + 3, position) = 5;", {-1, 77}),
        ("word.range(70, position) = 5;", {-1, 0, 6, 71}),
    ],
)
def test_positions_of_bits_are_checked(statement: str, aborts: set[int], tmp_path: Path) -> None:
    """As Xilinx's headers do, which abort."""
    source = tmp_path / "positions.cpp"
    source.write_text(
        "#include <ap_int.h>\n#include <cstdlib>\nint main(int, char** arguments) {\n"
        "    const int position = std::atoi(arguments[1]);\n"
        f"    ap_uint<24> number = 0;\n    ap_uint<80> word = 0;\n    {statement}\n"
        "    return number[0] && word[0];\n}\n"
    )
    program = tmp_path / "positions"
    built = gxx([*STRICT, source, "-o", program])
    assert built.returncode == 0, built.stderr
    for position in sorted(aborts | {7, 20}):
        ran = subprocess.run([program, str(position)], capture_output=True, text=True, check=False)
        assert (ran.returncode != 0) == (position in aborts), f"position {position}: {ran.stderr}"
        assert ("Assertion" in ran.stderr) == (position in aborts)
