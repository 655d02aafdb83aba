"""The memory of a server: what requests have freed goes back to the system."""

import threading

from qa.memory import give_memory_back

__all__ = ["Trimming"]

_SECONDS = 1.0


class Trimming:
    """Hands freed memory back every second, until it is stopped.

    Left alone a crowd's memory adds up to what each of them needed at most.
    """

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory-trimming", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it, and wait for that; to stop it again does nothing more."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(_SECONDS):
            give_memory_back()
