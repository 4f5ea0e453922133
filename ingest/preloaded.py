"""The last that the fork server loads: what is there now is not looked through again by children.

The first collection of garbage in a child would touch every object that the server made and so
copy its memory; frozen ones are left alone.
"""

from __future__ import annotations

import gc

gc.collect()
gc.freeze()
