"""What runs as a process of its own: `python dev/environment keep_server` and `python dev/environment forget`."""
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # it was this folder, which holds modules and no packages

from environment import postgres  # noqa: E402 (found by the line above)

{'keep_server': postgres.keep_server, 'forget': postgres.forget}[sys.argv[1]]()
