"""An independent reader of safetensors files: prints a JSON list of what the files hold.

Only `struct` and `json` are used. Elements come as numbers; F16, F32, F64, BOOL and the integers by
`struct`, BF16 as upper half of an F32, all others as raw bytes. What JSON or a double cannot hold
comes as text: NaN, infinities, integers beyond 2^53.
"""

import json
import math
import struct
import sys

FORMATS = {"I8": "b", "U8": "B", "I16": "h", "U16": "H", "I32": "i", "U32": "I"}
FORMATS |= {"I64": "q", "U64": "Q", "F16": "e", "F32": "f", "F64": "d", "BOOL": "?"}
SIZES = {"BF16": 2, "C64": 8}


def plain(value):
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return int(value) if abs(value) <= 2**53 else str(value)


def elements(dtype, data):
    if dtype in FORMATS:
        return [plain(v) for (v,) in struct.iter_unpack("<" + FORMATS[dtype], data)]
    if dtype == "BF16":
        pairs = (data[i : i + 2] for i in range(0, len(data), 2))
        return [plain(struct.unpack("<f", b"\0\0" + pair)[0]) for pair in pairs]
    return list(data)


def unique(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), keys
    return dict(pairs)


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack_from("<Q", content)
    assert length % 8 == 0, length
    header = json.loads(content[8 : 8 + length].decode("utf-8"), object_pairs_hook=unique)
    body = content[8 + length :]
    metadata = header.pop("__metadata__", {})
    tensors, covered = {}, 0
    for name, info in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = info["data_offsets"]
        assert begin == covered, (name, begin, covered)
        count = 1
        for size in info["shape"]:
            count *= size
        dtype = info["dtype"]
        size = SIZES.get(dtype) or struct.calcsize("<" + FORMATS.get(dtype, "B"))
        assert end - begin == count * size, (name, begin, end)
        assert begin % size == 0, (name, begin)
        covered = end
        values = elements(dtype, body[begin:end])
        tensors[name] = {"dtype": dtype, "shape": info["shape"], "values": values}
    assert covered == len(body), (covered, len(body))
    return {"tensors": tensors, "metadata": metadata}


print(json.dumps([read(path) for path in sys.argv[1:]]))
