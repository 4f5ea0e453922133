"""The program of one browser tab: `tui.web_server` starts it and talks with it through pipes."""

from __future__ import annotations

import sys
from pathlib import Path

from tui.app import run

if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))
