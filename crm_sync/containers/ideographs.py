"""Which of the East Asian encodings a text was written in, told by how common its characters would be.

Every one of them keeps its common characters in blocks of its own. A text read in the wrong encoding strays
into the rare ones, or spreads over a larger block than its own.
"""

from __future__ import annotations

from math import log

_SAMPLE = 6000
_ASCII = log(1 / 40)
_RARE = log(0.01 / 10_000)

# Blocks of lead bytes, with the share of a text that lies in each, and how many characters a block holds.
_Block = tuple[int, int, float, int]
_BLOCKS: dict[str, tuple[_Block, ...]] = {
    "gb18030": ((0xB0, 0xD7, 0.9, 3760), (0xA1, 0xA3, 0.08, 280)),
    "big5": ((0xA4, 0xC6, 0.9, 5400), (0xA1, 0xA3, 0.08, 400)),
    "cp932": ((0x82, 0x83, 0.5, 170), (0x88, 0x97, 0.4, 2965), (0x81, 0x81, 0.08, 150)),
    "euc_jp": ((0xA4, 0xA5, 0.5, 170), (0xB0, 0xCF, 0.4, 2965), (0xA1, 0xA3, 0.08, 280)),
    "cp949": ((0xB0, 0xC8, 0.9, 2350), (0xA1, 0xA3, 0.08, 280)),
}


def most_common_reading(sample: bytes) -> str | None:
    """Return the encoding in which most characters are common ones, None where they are in none."""
    likely = {encoding: _likelihood(sample[:_SAMPLE], encoding) for encoding in _BLOCKS}
    best = max(likely, key=lambda encoding: likely[encoding])
    return best if likely[best] > float("-inf") else None


def _likelihood(sample: bytes, encoding: str) -> float:
    """Return the logarithm of how likely this text is, minus infinity where a third of it would be rare."""
    characters = [char.encode(encoding) for char in _decoded(sample, encoding) if not char.isascii()]
    weights = [_weight(char, encoding) for char in characters]
    if not weights or weights.count(_RARE) * 3 > len(weights):
        return float("-inf")
    plain = len(sample) - sum(map(len, characters))
    return sum(weights) + plain * _ASCII


def _weight(char: bytes, encoding: str) -> float:
    for first, last, share, size in _BLOCKS[encoding]:
        if first <= char[0] <= last and len(char) == 2:
            return log(share / size)
    return _RARE


def _decoded(sample: bytes, encoding: str) -> str:
    for cut in range(4):  # the sample may end inside a character
        try:
            return sample[: len(sample) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""
