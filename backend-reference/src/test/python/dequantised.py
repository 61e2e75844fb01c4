"""Records what the `gguf` package (0.17.1, numpy 2.4.6) makes of random blocks of every layout.

Usage: python dequantised.py ../resources/io/tutti/backend/reference/dequantised
Writes TYPE.blocks (raw bytes) and TYPE.f32 (1024 little-endian floats) for each type.
"""

import pathlib
import sys

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize

# Where the f16 fields of a block are; all other bytes are any bytes.
HALVES = {
    "Q8_0": [0],
    "Q4_0": [0],
    "Q4_1": [0, 2],
    "Q5_0": [0],
    "Q5_1": [0, 2],
    "Q4_K": [0, 2],
    "Q5_K": [0, 2],
    "Q6_K": [208],
}
ELEMENTS = 1024

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
rng = np.random.default_rng(20261124)
for name, halves in HALVES.items():
    kind = GGMLQuantizationType[name]
    elements, size = GGML_QUANT_SIZES[kind]
    blocks = rng.integers(0, 256, (ELEMENTS // elements, size), dtype=np.uint8)
    for at in halves:
        d = rng.normal(0, 0.05, len(blocks)).astype("<f2")
        blocks[:, at : at + 2] = d.view(np.uint8).reshape(-1, 2)
    values = dequantize(blocks.reshape(1, -1), kind).astype("<f4")
    assert values.size == ELEMENTS and np.isfinite(values).all()
    (out / f"{name}.blocks").write_bytes(blocks.tobytes())
    (out / f"{name}.f32").write_bytes(values.tobytes())
