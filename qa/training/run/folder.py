"""The folder of a training run: settings, log, checkpoint to resume from, snapshots."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from qa.errors import ModelError
from qa.training.run.settings import ReaderSettings, RetrieverSettings, Settings

if TYPE_CHECKING:
    import torch

__all__ = ["Checkpoint", "Run", "Step"]

Kind = TypeVar("Kind", bound=Settings)


@dataclass(frozen=True, slots=True)
class Step:
    """One optimiser step: ``first`` is the share of ``questions`` whose own paragraph led."""

    step: int
    epoch: int
    loss: float
    first: float
    learning_rate: float
    seconds: float
    questions: int


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All that a run needs to go on: steps done, seconds computed, the states and mean weights."""

    step: int
    seconds: float
    weights: Mapping[str, "torch.Tensor"]
    optimizer: Mapping[str, Any]
    average: Mapping[str, "torch.Tensor"]


@dataclass(frozen=True, slots=True)
class Run:
    """The files of a training run in ``folder``."""

    folder: Path

    def begin(self, settings: Settings) -> None:
        """Make the folder, or make sure that it was begun with the same settings.

        Raises:
            ModelError: if it was begun with others.

        """
        now = {"trains": _NAMES[type(settings)], **asdict(settings)}
        if (self.folder / "settings.json").exists():
            begun = self._stored()
            changed = [
                f"{name} {begun.get(name)!r} then and {now.get(name)!r} now"
                for name in dict.fromkeys([*begun, *now])
                if begun.get(name) != now.get(name)
            ]
            if changed:
                raise ModelError(
                    f"{self.folder} holds a run with other settings: {', '.join(changed)}; "
                    "repeat them to resume it, or name another folder"
                )
            return
        self.snapshot_folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(now, ensure_ascii=False, indent=2)
        _replace(self.folder / "settings.json", (text + "\n").encode())

    def settings(self, kind: type[Kind]) -> Kind:
        """Return what the training was begun with.

        Raises:
            ModelError: if the folder holds no run of this kind of model.

        """
        stored = self._stored()
        if stored.pop("trains", None) != _NAMES[kind]:
            raise ModelError(f"{self.folder} holds the training of another kind of model")
        return kind(**{f.name: stored[f.name] for f in fields(kind) if f.name in stored})

    def trains_reader(self) -> bool:
        """Tell whether the run is of a reader.

        Raises:
            ModelError: if the folder holds no training run.

        """
        return bool(self._stored().get("trains") == _NAMES[ReaderSettings])

    def _stored(self) -> dict[str, Any]:
        path = self.folder / "settings.json"
        if not path.is_file():
            raise ModelError(
                f"{self.folder} holds no training run; expected one made by "
                "`python -m qa.training train`"
            )
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return stored

    @property
    def snapshot_folder(self) -> Path:
        """Where the sets of weights are kept."""
        return self.folder / "snapshots"

    def snapshots(self) -> tuple[Path, ...]:
        """Return the sets of weights, the earliest first."""
        return tuple(sorted(self.snapshot_folder.glob("step-*.safetensors")))

    def save_snapshot(self, step: int, weights: Mapping[str, "torch.Tensor"]) -> None:
        """Keep the weights after ``step`` in 16 bits, for comparison and export."""
        from safetensors.torch import save

        halves = {name: weight.detach().half().cpu() for name, weight in weights.items()}
        _replace(self.snapshot_folder / f"step-{step:06d}.safetensors", save(halves))

    def save_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep the state to resume from, instead of the one before."""
        import torch

        path = self.folder / "checkpoint.pt"
        aside = path.with_suffix(".writing")
        state = {f.name: getattr(checkpoint, f.name) for f in fields(Checkpoint)}
        torch.save(state, aside)
        aside.replace(path)

    def load_checkpoint(self) -> Checkpoint | None:
        """Return the state to resume from, if there is one."""
        import torch

        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return None
        return Checkpoint(**torch.load(path, weights_only=True, map_location="cpu"))

    @property
    def log(self) -> Path:
        """One JSON object a line for each step."""
        return self.folder / "steps.jsonl"

    def steps(self) -> list[Step]:
        """Return the steps done."""
        if not self.log.exists():
            return []
        return [Step(**json.loads(line)) for line in self.log.read_text().splitlines()]

    def append(self, step: Step) -> None:
        """Add a step to the log."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(asdict(step)) + "\n")

    def forget_after(self, step: int) -> None:
        """Drop from the log what was done after the checkpoint and is done again."""
        if self.log.exists():
            self._rewrite(kept for kept in self.steps() if kept.step <= step)

    def _rewrite(self, steps: Iterable[Step]) -> None:
        text = "".join(json.dumps(asdict(step)) + "\n" for step in steps)
        _replace(self.log, text.encode())


_NAMES: dict[type[Settings], str] = {RetrieverSettings: "retriever", ReaderSettings: "reader"}


def _replace(path: Path, data: bytes) -> None:
    """Write aside and rename, so that a file is never half-written."""
    aside = path.with_name(path.name + ".writing")
    aside.write_bytes(data)
    aside.replace(path)
