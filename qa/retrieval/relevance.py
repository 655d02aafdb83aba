"""How strongly each paragraph of a document bears on a question, for a look at all of it."""

import numpy as np

from qa.index import Candidates, Index
from qa.retrieval.fusion import fuse
from qa.types import Floats

__all__ = ["bearing"]


def bearing(
    found: Candidates, index: Index, dense_scale: float | None, document_id: str, count: int
) -> Floats:
    """Return ``(count,)`` float32 in [0, 1], for each paragraph of the document in its order.

    It is the fused score of each relative to the best of the document; 0 for a paragraph that
    bears on the question no more than any other text would, or was not found.
    """
    bearings = np.zeros(count, np.float32)
    for number, score in zip(found.numbers, fuse(found, dense_scale), strict=True):
        paragraph = index.paragraph(int(number))
        if paragraph.document_id == document_id:
            bearings[paragraph.position] = max(float(score), 0.0)
    best = float(bearings.max(initial=0.0))
    return bearings / best if best > 0 else bearings
