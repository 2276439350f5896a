"""The 64-bit xxh3 of bytes where they lie, compiled: what `xxhash` says of them, seed 0.

Apart because the algorithm is somebody else's (Yann Collet's XXH3, as its specification has it):
nothing here is Shoal's to change. Each length has a way of its own. Bytes are bare (see
`stream.compiled.bare`), and none outside of the span is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stream.compiled import bare, compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stream.log.batch import Bytes

    Hashes = NDArray[np.uint64]

SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f"
    "cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c"
    "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364"
    "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e"
    "2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e"
)
KEYS = np.array(
    [int.from_bytes(SECRET[at : at + 8], "little") for at in range(len(SECRET) - 7)], np.uint64
)
"""The secret's eight bytes from each of its bytes on."""

ZERO, BYTE, HALF = np.uint64(0), np.uint64(8), np.uint64(32)
LOW = np.uint64(0xFFFF_FFFF)
SHORT_1, SHORT_2 = np.uint64(0x9E3779B1), np.uint64(0x85EBCA77)
SHORT_3 = np.uint64(0xC2B2AE3D)
PRIME_1, PRIME_2 = np.uint64(0x9E3779B185EBCA87), np.uint64(0xC2B2AE3D27D4EB4F)
PRIME_3, PRIME_4 = np.uint64(0x165667B19E3779F9), np.uint64(0x85EBCA77C2B2AE63)
PRIME_5 = np.uint64(0x27D4EB2F165667C5)
MIXER_1, MIXER_2 = np.uint64(0x165667919E3779F9), np.uint64(0x9FB21C651E98DF25)

OF_1_TO_3 = np.uint64(int(KEYS[0] & LOW) ^ int(KEYS[4] & LOW))
OF_4_TO_8 = KEYS[8] ^ KEYS[16]
LOW_OF_9_TO_16, HIGH_OF_9_TO_16 = KEYS[24] ^ KEYS[32], KEYS[40] ^ KEYS[48]
OF_NOTHING = KEYS[56] ^ KEYS[64]

STRIPE, LANES = 64, 8
STRIPES_A_BLOCK = (len(SECRET) - STRIPE) // 8
BLOCK = STRIPES_A_BLOCK * STRIPE
LAST_KEYS = len(SECRET) - STRIPE
BEGINNINGS = np.array(
    [SHORT_3, PRIME_1, PRIME_2, PRIME_3, PRIME_4, SHORT_2, PRIME_5, SHORT_1], np.uint64
)


@compiled
def xxh3(data: Bytes, start: int, length: int) -> np.uint64:
    """The hash of these bytes."""
    if length <= 16:
        return _short(data, start, length)
    if length <= 128:
        return _of_17_to_128(data, start, length)
    if length <= 240:
        return _of_129_to_240(data, start, length)
    return _long(data, start, length)


@compiled
def _short(data: Bytes, start: int, length: int) -> np.uint64:
    size = np.uint64(length)
    if length > 8:
        low = _word(data, start) ^ LOW_OF_9_TO_16
        high = _word(data, start + length - 8) ^ HIGH_OF_9_TO_16
        return _mixed(size + _swapped(low) + high + _folded_product(low, high))
    if length >= 4:
        ends = _half_word(data, start + length - 4) + (_half_word(data, start) << HALF)
        return _mixed_twice(ends ^ OF_4_TO_8, size)
    if length == 0:
        return _avalanche(OF_NOTHING)
    first, middle = np.uint64(data[start]), np.uint64(data[start + (length >> 1)])
    last = np.uint64(data[start + length - 1])
    joined = first << np.uint64(16) | middle << np.uint64(24) | last | size << BYTE
    return _avalanche(joined ^ OF_1_TO_3)


@compiled
def _of_17_to_128(data: Bytes, start: int, length: int) -> np.uint64:
    """Pieces of sixteen from both ends, towards the middle."""
    total = np.uint64(length) * PRIME_1
    for pair in range((length - 1) // 32, -1, -1):
        total += _piece(data, start + 16 * pair, 32 * pair)
        total += _piece(data, start + length - 16 * (pair + 1), 32 * pair + 16)
    return _mixed(total)


@compiled
def _of_129_to_240(data: Bytes, start: int, length: int) -> np.uint64:
    total = np.uint64(length) * PRIME_1
    for piece in range(8):
        total += _piece(data, start + 16 * piece, 16 * piece)
    total = _mixed(total)
    for piece in range(8, length // 16):
        total += _piece(data, start + 16 * piece, 16 * (piece - 8) + 3)
    return _mixed(total + _piece(data, start + length - 16, 136 - 17))


@compiled
def _long(data: Bytes, start: int, length: int) -> np.uint64:
    """Stripes of 64 bytes into eight sums, which are scrambled after each block."""
    sums = BEGINNINGS.copy()
    for stripe in range((length - 1) // STRIPE):
        key = stripe % STRIPES_A_BLOCK
        _add_stripe(bare(sums), data, start + stripe * STRIPE, key * 8)
        if key == STRIPES_A_BLOCK - 1:
            _scramble(bare(sums))
    _add_stripe(bare(sums), data, start + length - STRIPE, LAST_KEYS - 7)
    merged = np.uint64(length) * PRIME_1
    for lane in range(0, LANES, 2):
        key = 11 + 8 * lane
        merged += _folded_product(sums[lane] ^ KEYS[key], sums[lane + 1] ^ KEYS[key + 8])
    return _mixed(merged)


@compiled
def _add_stripe(sums: Hashes, data: Bytes, start: int, key: int) -> None:
    for lane in range(LANES):
        word = _word(data, start + 8 * lane)
        keyed = word ^ KEYS[key + 8 * lane]
        sums[lane ^ 1] += word
        sums[lane] += (keyed & LOW) * (keyed >> HALF)


@compiled
def _scramble(sums: Hashes) -> None:
    for lane in range(LANES):
        stirred = sums[lane] ^ sums[lane] >> np.uint64(47) ^ KEYS[LAST_KEYS + 8 * lane]
        sums[lane] = stirred * SHORT_1


@compiled
def _piece(data: Bytes, start: int, key: int) -> np.uint64:
    """Sixteen bytes, mixed with the secret's."""
    low, high = _word(data, start), _word(data, start + 8)
    return _folded_product(low ^ KEYS[key], high ^ KEYS[key + 8])


@compiled
def _folded_product(a: np.uint64, b: np.uint64) -> np.uint64:
    """Both halves of the 128-bit product, one upon the other."""
    low, cross = (a & LOW) * (b & LOW), (a >> HALF) * (b & LOW)
    middle = (low >> HALF) + (cross & LOW) + (a & LOW) * (b >> HALF)
    return a * b ^ (cross >> HALF) + (middle >> HALF) + (a >> HALF) * (b >> HALF)


@compiled
def _mixed(hash_: np.uint64) -> np.uint64:
    hash_ = (hash_ ^ hash_ >> np.uint64(37)) * MIXER_1
    return hash_ ^ hash_ >> HALF


@compiled
def _mixed_twice(hash_: np.uint64, size: np.uint64) -> np.uint64:
    hash_ ^= _turned(hash_, 49) ^ _turned(hash_, 24)
    hash_ *= MIXER_2
    hash_ = (hash_ ^ (hash_ >> np.uint64(35)) + size) * MIXER_2
    return hash_ ^ hash_ >> np.uint64(28)


@compiled
def _avalanche(hash_: np.uint64) -> np.uint64:
    hash_ = (hash_ ^ hash_ >> np.uint64(33)) * PRIME_2
    hash_ = (hash_ ^ hash_ >> np.uint64(29)) * PRIME_3
    return hash_ ^ hash_ >> HALF


@compiled
def _turned(word: np.uint64, bits: int) -> np.uint64:
    return word << np.uint64(bits) | word >> np.uint64(64 - bits)


@compiled
def _swapped(word: np.uint64) -> np.uint64:
    """The bytes in the other order."""
    swapped = ZERO
    for _ in range(8):
        swapped = swapped << BYTE | word & np.uint64(0xFF)
        word >>= BYTE
    return swapped


@compiled
def _half_word(data: Bytes, at: int) -> np.uint64:
    word = ZERO
    for byte in range(4):
        word |= np.uint64(data[at + byte]) << np.uint64(8 * byte)
    return word


@compiled
def _word(data: Bytes, at: int) -> np.uint64:
    """Eight bytes, the lowest first (the compiler makes one instruction of it)."""
    word = ZERO
    for byte in range(8):
        word |= np.uint64(data[at + byte]) << np.uint64(8 * byte)
    return word
