"""Writes a GGUF file's tensor directory as ggml's own Python package reads it.

Needs the package gguf. Run: python gguf_directory.py FILE.gguf OUT.tsv
Columns: name, type, extents in ggml's order (contiguous first), offset in the file, bytes.
"""

import sys

from gguf import GGUFReader

with open(sys.argv[2], "w") as out:
    for t in GGUFReader(sys.argv[1]).tensors:
        shape = ",".join(str(int(d)) for d in t.shape)
        print(t.name, t.tensor_type.name, shape, int(t.data_offset), int(t.n_bytes), sep="\t", file=out)
