"""The rows of a term as Whoosh wrote them, whole blocks at a time: its own reader goes posting by posting."""

import io
import pickle
import struct
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3TermsReader

Postings = tuple[np.ndarray, np.ndarray]  # row numbers, in order, and frequencies
NOTHING: Postings = (np.zeros(0, np.int64), np.zeros(0, np.float32))
_PLACE = struct.Struct("!qi")  # the end of what is known of a term: where its postings start, and their bytes
_LENGTH = struct.Struct("!i")  # of a block in bytes, negative for the last


def read(terms: W3TermsReader, field: str, term: str) -> Postings:
    """Return the rows of a term and its frequency in each; not for two threads at once."""
    known = terms._tindex.get(terms._keycoder(field, term.encode()))
    if known is None:
        return NOTHING
    return _decoded(terms._postfile.get(*_PLACE.unpack(known[-_PLACE.size :])))


def _decoded(data: bytes) -> Postings:
    if not data.startswith(WHOOSH3_HEADER_MAGIC):
        raise ValueError("no postings where a term has them")
    rows, weights = [], []
    at, length = len(WHOOSH3_HEADER_MAGIC), 1
    while length > 0:
        (length,) = _LENGTH.unpack_from(data, at)
        block = io.BytesIO(data[at + _LENGTH.size : at + _LENGTH.size + abs(length)])
        pickle.load(block)  # noqa: S301 -- a file of ours; what Whoosh needs to skip a block
        deltas, weight, _ = pickle.load(block)  # noqa: S301
        rows.append(np.cumsum(np.asarray(deltas), dtype=np.int64))
        weights.append(_weights(weight, len(deltas)))
        at += _LENGTH.size + abs(length)
    return (rows[0], weights[0]) if len(rows) == 1 else (np.concatenate(rows), np.concatenate(weights))


def _weights(weight: Any, count: int) -> np.ndarray:
    if weight is None or isinstance(weight, float):  # the same for all
        return np.full(count, weight or 1.0, np.float32)
    return np.array(weight, np.float32)
