"""Sets of weights on disk: reading, averaging, and the candidates to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.reader.files import READER_FILE
from qa.training.run.encoder import reader_base
from qa.training.run.folder import Run
from qa.training.run.settings import ReaderSettings

if TYPE_CHECKING:
    import torch

    from qa.reader.network import Network

__all__ = [
    "WEIGHTS_NAME",
    "Candidate",
    "candidates",
    "merged",
    "reader_candidates",
    "trained_network",
]

WEIGHTS_NAME = "model.safetensors"

SHARES = (1.0, 0.85, 0.7)
"""Of the last snapshot in its mixtures with the base."""

HALF = 0.5
"""The same for a reader that goes on from another one."""

LAST = 3
"""So many last snapshots are averaged in one of the candidates."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mean of snapshots, mixed with the base: ``share`` 1 is all snapshot, 0 all base."""

    name: str
    snapshots: tuple[Path, ...]
    share: float


def candidates(run: Run) -> tuple[Candidate, ...]:
    """Return the base, the last snapshot alone and mixed with the base, and a mean of the last.

    Averaging with the base keeps more of what it could do before (Wortsman et al. 2022).
    """
    snapshots = run.snapshots()
    found = [Candidate("base", (), 0.0)]
    if snapshots:
        last = snapshots[-1]
        found += [_candidate(last.stem, (last,), share) for share in SHARES]
    if len(snapshots) >= LAST:
        mean = snapshots[-LAST:]
        found.append(_candidate(f"mean of the last {LAST}", mean, 1.0))
    return tuple(found)


def reader_candidates(run: Run) -> list[Candidate]:
    """Return the last snapshot, the mean of the last ones, and a mixture with the base.

    The last only if the base is a reader: any other has no heads to mix with.
    """
    found = [one for one in candidates(run) if one.snapshots and one.share == 1]
    snapshots = run.snapshots()
    if snapshots and (reader_base(run.settings(ReaderSettings).base) / READER_FILE).is_file():
        last = snapshots[-1]
        found.append(_candidate(last.stem, (last,), HALF))
    return found


def _candidate(name: str, snapshots: tuple[Path, ...], share: float) -> Candidate:
    mixed = f"{share:g} {name} + {1 - share:.2g} base"
    return Candidate(name if share == 1 else mixed, snapshots, share)


def merged(base: Path, candidate: Candidate) -> dict[str, "torch.Tensor"]:
    """Return all weights of the candidate in 32 bits, under the names of the base's file."""
    from safetensors.torch import load_file

    weights = {name: weight.float() for name, weight in load_file(base / WEIGHTS_NAME).items()}
    if not candidate.snapshots:
        return weights
    mean = _mean_of(candidate.snapshots)
    # A part that the base's file leaves out (an unused pooling layer) is no part of the model.
    for name in mean.keys() & weights.keys():
        weights[name] += candidate.share * (mean[name] - weights[name])
    return weights


def trained_network(base: Path, candidate: Candidate) -> "Network":
    """Return the network of a reader that was trained from the folder ``base``."""
    from qa.reader.network import Network

    network = Network.of(base)
    mean = _mean_of(candidate.snapshots)
    own = network.state_dict()
    mixed = {name: own[name] + candidate.share * (mean[name] - own[name]) for name in mean}
    network.load_state_dict(mixed, strict=False)
    return network


def _mean_of(snapshots: Sequence[Path]) -> dict[str, "torch.Tensor"]:
    """Return the mean of sets of weights in 32 bits."""
    import torch
    from safetensors.torch import load_file

    sets = [load_file(path) for path in snapshots]
    return {name: torch.stack([one[name].float() for one in sets]).mean(dim=0) for name in sets[0]}
