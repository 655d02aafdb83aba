"""Start the web chat on the article in corpus/; the browser opens if there is a display.

``QA_MODEL`` chooses another embedding model (bundled name, folder or hub name), ``QA_READER``
another reader (``none`` goes without), ``PORT`` another port.
"""

import argparse
import os
import sys
from functools import partial

from qa.chatbot.cached import default_chatbot
from qa.config import Config, chosen_reader
from qa.errors import QAError
from qa.web import serve


def main() -> int:
    """Serve until interrupted; return the exit code."""
    argparse.ArgumentParser(
        description=__doc__,
        epilog="There are no other options; qa serve has them: qa serve --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    config = Config(
        model=os.environ.get("QA_MODEL") or Config().model,
        reader=chosen_reader(os.environ.get("QA_READER")),
    )
    port = os.environ.get("PORT") or "7860"
    try:
        if not port.isdecimal() or int(port) > 65535:
            raise QAError(f"PORT is {port!r}; expected a number from 0 to 65535")
        serve(partial(default_chatbot, config), port=int(port), inbrowser=has_display())
    except QAError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def has_display() -> bool:
    """Tell whether a browser window can appear on this machine."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    sys.exit(main())
