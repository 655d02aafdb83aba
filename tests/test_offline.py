"""With the bundled model, nothing looks at the network."""

import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import ipaddress, json, socket

attempts = []

def is_outside(host):
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host not in (None, "", "localhost")

def guard(owner, name, host_of):
    real = getattr(owner, name)

    def guarded(*arguments, **options):
        host = host_of(*arguments)
        if is_outside(host):
            attempts.append(f"{name} {host}")
            raise OSError(101, "network is unreachable")
        return real(*arguments, **options)

    setattr(owner, name, guarded)

def host_of_address(_, address, *rest):
    return address[0] if isinstance(address, tuple) else None

guard(socket, "getaddrinfo", lambda host, *rest: host)
guard(socket, "gethostbyname", lambda host, *rest: host)
guard(socket.socket, "connect", host_of_address)
guard(socket.socket, "connect_ex", host_of_address)

def refused():
    for attempt in (
        lambda: socket.getaddrinfo("example.com", 443),
        lambda: socket.socket().connect(("192.0.2.1", 443)),
    ):
        try:
            attempt()
        except OSError:
            pass
    found = len(attempts)
    attempts.clear()
    return found

guarded = refused()
import qa

answer = qa.ask("微乐贷的平均额度是多少?")
built = qa.Chatbot.from_texts({"甲": "黄山的温泉水温常年保持在42度。"}).ask("温泉的水温?")
print(json.dumps([guarded, attempts, answer.passages[0].text, built.passages[0].text]))
"""


def test_the_bundled_model_makes_no_connection(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if "OFFLINE" not in name}
    environment |= {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "HF_HOME": str(tmp_path / "hub"),
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    guarded, attempts, answer, built = json.loads(run.stdout)
    assert guarded == 2
    assert attempts == []
    assert "平均额度达到6万以上" in answer
    assert built == "黄山的温泉水温常年保持在42度。"
    assert list((tmp_path / "cache" / "article-qa").rglob("manifest.json"))
