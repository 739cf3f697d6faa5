"""The directory of an OLE file, read only to tell an old workbook from a protected one.

Both start with the same eight bytes. The streams' names tell: ``EncryptedPackage`` is a workbook under a
password, ``Workbook`` or ``Book`` is the format of Excel 97 to 2003. Layout: [MS-CFB] version 3 and 4,
Microsoft, 2008.
"""

from __future__ import annotations

import struct

__all__ = ["OLE_MAGIC", "stream_names"]

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER = 512
_ENTRY = 128
_LAST_SECTOR = 0xFFFFFFFA
_MOST_SECTORS = 4096


def stream_names(data: bytes) -> frozenset[str]:
    """Return the names in an OLE file's directory; none when there is no readable directory.

    Examples
    --------
    >>> stream_names(OLE_MAGIC + bytes(504))
    frozenset()
    """
    if len(data) < _HEADER or not data.startswith(OLE_MAGIC):
        return frozenset()
    size = 1 << min(struct.unpack_from("<H", data, 30)[0], 12)
    if size not in (512, 4096):
        return frozenset()
    names = set()
    for sector in _chain(data, size, struct.unpack_from("<I", data, 48)[0]):
        block = data[(sector + 1) * size : (sector + 2) * size]
        for start in range(0, len(block) - _ENTRY + 1, _ENTRY):
            length = struct.unpack_from("<H", block, start + 64)[0]
            if 2 < length <= 64:
                names.add(block[start : start + length - 2].decode("utf-16-le", "replace").strip())
    return frozenset(names)


def _chain(data: bytes, size: int, first: int) -> list[int]:
    """Return the directory's sectors in order, followed through the allocation table; a ring ends it."""
    table_sectors = [s for s in struct.unpack_from("<109I", data, 76) if s < _LAST_SECTOR]
    chain: list[int] = []
    sector, per_table = first, size // 4
    while sector < _LAST_SECTOR and sector not in chain and len(chain) < _MOST_SECTORS:
        chain.append(sector)
        table, offset = divmod(sector, per_table)
        if table >= len(table_sectors):
            break
        at = (table_sectors[table] + 1) * size + offset * 4
        if at + 4 > len(data):
            break
        sector = struct.unpack_from("<I", data, at)[0]
    return chain
