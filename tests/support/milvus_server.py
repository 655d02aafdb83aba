"""A real Milvus server for the tests, with one query node or two, on 127.0.0.1 only.

The package ``milvus`` carries the server of 2.3.5. One process has every role; the second
query node is a process of its own that finds the first one through its registry (etcd).
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from support.waiting import PATIENCE

_ROLES = ("rootCoord", "queryCoord", "queryNode", "indexNode", "dataCoord", "dataNode")


class Server:
    """A server in ``folder``; ``start`` it, and ``stop`` it whatever happens."""

    def __init__(self, folder: Path) -> None:
        import milvus
        import yaml

        self._yaml = yaml
        self._folder = folder
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        made = milvus.MilvusServer()
        made.config.update(data_dir=str(folder))
        made.config.resolve()
        made.config.cleanup_listen_ports()
        milvus._initialize_data_files(str(folder))
        self._ports = _free_ports(len(_ROLES) + 7)
        self.port = self._ports[-1]
        self.uri = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the process with every role and wait until it answers."""
        self._spawn("standalone", self._settings(), "STANDALONE", self._ports[-4])
        self._wait()

    def start_second_node(self) -> None:
        """Start one more query node, which then takes over part of what is loaded."""
        settings = self._settings()
        settings["etcd"]["use"]["embed"] = False
        # Its own queue would be at the same place; it is never asked for this one.
        settings["mq"]["type"] = "pulsar"
        settings["queryNode"]["port"] = self._ports[-6]
        self._spawn("querynode", settings, "CLUSTER", self._ports[-5])

    def kill(self, role: str) -> None:
        """End a process at once, as a machine that fails does."""
        process = self._processes.pop(role)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End all processes. They do not obey a polite signal in reasonable time."""
        for role in list(self._processes):
            self.kill(role)

    def _settings(self) -> dict[str, Any]:
        path = self._folder / "configs" / "milvus.yaml"
        settings: dict[str, Any] = self._yaml.safe_load(path.read_text(encoding="utf-8"))
        registry = f"http://127.0.0.1:{self._ports[-2]}"
        peers = f"http://127.0.0.1:{self._ports[-3]}"
        etcd = {
            "listen-client-urls": registry,
            "advertise-client-urls": registry,
            "listen-peer-urls": peers,
            "initial-advertise-peer-urls": peers,
            "initial-cluster": f"default={peers}",
        }
        (self._folder / "etcd.yaml").write_text(self._yaml.safe_dump(etcd), encoding="utf-8")
        settings["etcd"]["endpoints"] = f"127.0.0.1:{self._ports[-2]}"
        settings["etcd"]["config"] = {"path": str(self._folder / "etcd.yaml")}
        for role, port in zip(_ROLES, self._ports, strict=False):
            settings[role] |= {"ip": "127.0.0.1", "port": port}
        settings["proxy"] |= {
            "ip": "127.0.0.1",
            "port": self.port,
            "internalPort": self._ports[-7],
        }
        settings["queryCoord"] |= {"autoBalance": True, "balanceIntervalSeconds": 3}
        # Small parts, so that there is something to spread over the nodes.
        settings["dataCoord"]["segment"]["maxSize"] = 16
        settings["log"]["level"] = "warn"
        return settings

    def _spawn(self, role: str, settings: Mapping[str, Any], mode: str, metrics_port: int) -> None:
        place = self._folder / role
        place.mkdir(exist_ok=True)
        (place / "milvus.yaml").write_text(self._yaml.safe_dump(settings), encoding="utf-8")
        shutil.copy(self._folder / "configs" / "glog.conf", place)
        environment = {
            "LD_LIBRARY_PATH": str(self._folder / "bin"),
            "MILVUSCONF": str(place),
            "DEPLOY_MODE": mode,
            "METRICS_PORT": str(metrics_port),
            "MILVUS_RUN_DIR": str(place),
        }
        with (self._folder / f"{role}.log").open("ab") as log:
            self._processes[role] = subprocess.Popen(
                [str(self._folder / "bin" / "milvus"), "run", role],
                cwd=self._folder,
                env=os.environ | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _wait(self) -> None:
        from pymilvus import MilvusClient
        from pymilvus.exceptions import MilvusException

        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                MilvusClient(self.uri, timeout=5).list_collections()
            except MilvusException as error:
                if time.monotonic() > deadline:
                    self.stop()
                    log = (self._folder / "standalone.log").read_text(errors="replace")
                    raise RuntimeError(f"Milvus did not start:\n{log[-3000:]}") from error
                time.sleep(1)
            else:
                return


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Start a server and stop it at the end."""
    server = Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _free_ports(count: int) -> list[int]:
    """Return ports that nothing listens on; held together, so that they differ."""
    with contextlib.ExitStack() as held:
        ports = []
        for _ in range(count):
            probe = held.enter_context(socket.socket())
            probe.bind(("127.0.0.1", 0))
            ports.append(probe.getsockname()[1])
    return ports
