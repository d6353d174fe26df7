"""The page of an estimate."""

from vaqf.compiler.estimate_table import estimate_page
from vaqf.compiler.project import Json

ESTIMATE: dict[str, Json] = {
    "board": "zcu102",
    "clock_mhz": 200,
    "frames": 1,
    "cycles": 4000,
    "frames_per_second": 50_000.0,
    "milliseconds": 0.02,
    "not_counted": "dust",
    "memory": {
        "ports": 5,
        "port_bits": 128,
        "bytes": 1_236_560,
        "gigabytes_per_second": 12.21,
        "board": {"ports": 4, "port_bits": 128, "gigabytes_per_second": 12.8},
    },
    "resources": {"lut": 1500, "dsp": 10, "uram": 0},
    "device": {"lut": 3000, "dsp": 100, "uram": 0},
    "engines": {
        "attention": {"calls": 2, "cycles": 3000, "resources": {"lut": 1000, "dsp": 10, "uram": 0}}
    },
    "layers": [
        {
            "layers": ["Add"],
            "engine": "load_matrix",
            "calls": 1,
            "cycles": 1000,
            "share": 0.25,
            "bytes": 2_000,
            "binds": "memory",
        },
        {
            "layers": ["blocks.{0-1}.attn", "x"],
            "engine": "attention",
            "calls": 2,
            "cycles": 3000,
            "share": 0.75,
            "bytes": 1_234_560,
            "binds": "compute",
        },
    ],
}


def test_page() -> None:
    lines = estimate_page(ESTIMATE).splitlines()
    assert lines[2] == (
        "50,000.0 frames a second on zcu102 at 200 MHz: 4,000 cycles, 0.02 ms, for a frame."
    )
    assert lines[3] == (
        "It moves 1.2 MB from and to the memory outside of the device, 12.2 GB/s of the 12.8 that "
        "the board sustains; what runs at the same time waits when it needs more."
    )
    assert lines[4].startswith("Of its 5 memory ports some share one of the 4 that the board has")
    assert lines[5] == "Not counted: dust."
    time = lines.index("| layers | engine | calls | cycles | % | KB | binds |")
    assert lines[time + 2 : time + 4] == [
        "| blocks.{0-1}.attn, x | attention | 2 | 3,000 | 75.0 | 1,234.6 | compute |",
        "| Add | load_matrix | 1 | 1,000 | 25.0 | 2.0 | memory |",
    ]
    area = lines.index("| engine | lut | dsp |")
    assert lines[area + 2 :] == [
        "| attention | 1,000 | 10 |",
        "| activations, ports, top | 500 | 0 |",
        "| all | 1,500 | 10 |",
        "| of the device | 50.0 % | 10.0 % |",
    ]


def test_page_of_two_frames() -> None:
    page = estimate_page({**ESTIMATE, "frames": 2, "frames_per_second": 100_000.0})
    assert "100,000.0 frames a second" in page and "0.02 ms, for 2 frames." in page
    assert "Layers of two frames run at the same time" in page
    assert "Layers of two frames" not in estimate_page(ESTIMATE)
