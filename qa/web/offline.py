"""The environment in which gradio talks to nobody but the browser."""

import os

__all__ = ["keep_offline"]

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def keep_offline() -> None:
    """Turn gradio's outside look-ups off, and any proxy for its calls to itself."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    # The two spellings are read by different libraries.
    for name in ("NO_PROXY", "no_proxy"):
        hosts = [host.strip() for host in os.environ.get(name, "").split(",") if host.strip()]
        if "*" not in hosts:
            os.environ[name] = ",".join([*hosts, *(host for host in LOOPBACK if host not in hosts)])
