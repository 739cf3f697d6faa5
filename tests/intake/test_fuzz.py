"""Workbooks broken at random: never a crash, never a hang, and every refusal says where."""

from __future__ import annotations

import io
import random
import time
import zipfile

import pytest
from hostile import changed

from partnership.intake.workbook import read_workbook, write_template

PIECES = [
    b"<", b">", b"/", b'"', b"&", b"\0", b"\xff", b"<c", b"</c>", b"<row>", b"</sheetData>", b'r="A1"', b't="s"', b't="e"', b"<v>",
    b"<v>1e999</v>", b"<v>-1</v>", b"<f>", b"<is>", b"<!--", b"<![CDATA[", b"<!DOCTYPE x>", b"&#0;", b"&x;", b"_x0000_", b"99999999999",
    b'<c r="A1"><v>1</v></c>', b'<mergeCell ref="A1:B2"/>', b'hidden="1"', b"\xc3", "\u202e".encode(),
]  # fmt: skip


def template() -> bytes:
    buffer = io.BytesIO()
    write_template(buffer)
    return buffer.getvalue()


def mutated(data: bytes, rng: random.Random) -> bytes:
    """One to three changes: to the bytes of the file, or inside the XML of one part."""
    if rng.random() < 0.3:
        return scrambled(data, rng)
    members = [n for n in zipfile.ZipFile(io.BytesIO(data)).namelist() if n.endswith((".xml", ".rels"))]
    member = rng.choice(members)
    before = zipfile.ZipFile(io.BytesIO(data)).read(member)
    after = scrambled(before, rng)
    return changed(data, {member: lambda _: after}) if after != before else data


def scrambled(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(out) + 1)
        match rng.randrange(4):
            case 0:
                out[at : at + rng.randint(1, 30)] = b""
            case 1:
                out[at:at] = rng.choice(PIECES)
            case 2 if at < len(out):
                out[at] = rng.randrange(256)
            case _:
                other = rng.randrange(len(out) + 1)
                out[at:at] = out[other : other + rng.randint(1, 200)]
    return bytes(out)


@pytest.mark.parametrize(
    ("seed", "count"),
    [
        pytest.param(1, 20, id="R3-some", marks=pytest.mark.slow),
        pytest.param(2, 10_000, id="R3-ten-thousand", marks=[pytest.mark.long, pytest.mark.timeout(7200)]),
    ],
)
def test_read_workbook_given_a_file_broken_at_random_never_crashes(seed: int, count: int) -> None:
    rng = random.Random(seed)
    good = template()
    accepted = 0
    for _ in range(count):
        data = mutated(good, rng)
        started = time.process_time()
        batch, findings = read_workbook(data, "plan.xlsx")
        assert time.process_time() - started < 10
        assert batch is not None or findings
        accepted += batch is not None
        for finding in findings:
            assert finding.place
            assert finding.do
            assert str(finding).isprintable()
    assert 0 < accepted < count
