"""Kills a process that opens a file of this name, as the system does with one that takes too much memory.

Workers load it before they begin.
"""

import os
import signal
import sys


def _kill(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and str(arguments[0]).endswith("deadly.json"):
        os.kill(os.getpid(), signal.SIGKILL)


sys.addaudithook(_kill)
