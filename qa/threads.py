"""How many threads the models compute with."""

import contextlib
from collections.abc import Iterator

__all__ = ["one_thread"]


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Compute in this thread alone.

    Threads that wait for each other spin: with other busy processes a question took several
    times as long on two threads as on one; on an idle machine one thread is hardly slower.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
