"""Makes quant-goldens.safetensors: what ggml's own Python package packs and unpacks.

Needs the packages gguf and numpy. Run: python quant_goldens.py OUT.safetensors
"""

import json
import struct
import sys

import numpy as np
from gguf import GGMLQuantizationType as T
from gguf.quants import dequantize, quantize

rng = np.random.default_rng(20240607)
tensors = {}

# Values at several scales; blocks of zeros, of one sign, with one outlier, and subnormal ones.
values = (rng.standard_normal((16, 256)) * np.exp(rng.standard_normal((16, 1)) * 3)).astype(np.float32)
values[1] = 0
values[2] = np.abs(values[2])
values[3] = -np.abs(values[3])
values[4, 7] = 1000
values[5] *= 1e-7
values[6] = 0.25
tensors["input"] = values

for t in (T.F16, T.BF16, T.Q8_0, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1):
    packed = quantize(values, t)
    tensors[f"{t.name}.packed"] = np.ascontiguousarray(packed).view(np.uint8)
    tensors[f"{t.name}.unpacked"] = dequantize(packed, t)

# The package only unpacks the super-blocks: random bytes with scales that are plain numbers.
for t, size, scales in ((T.Q4_K, 144, (0, 2)), (T.Q5_K, 176, (0, 2)), (T.Q6_K, 210, (208,))):
    packed = rng.integers(0, 256, (16, size), dtype=np.uint8)
    for at in scales:
        d = (rng.random(16) * 2 - 0.5).astype(np.float16)
        packed[:, at : at + 2] = d.view(np.uint8).reshape(16, 2)
    tensors[f"{t.name}.packed"] = packed
    tensors[f"{t.name}.unpacked"] = dequantize(packed, t)

header, data = {}, b""
for name, array in tensors.items():
    raw = array.tobytes()
    dtype = {"float32": "F32", "uint8": "U8"}[array.dtype.name]
    header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<Q", len(text)) + text + data)
