"""PyMC and PyTensor, set up once: import them from here.

PyTensor warns when it finds no C++ compiler, and with one about its BLAS. Neither is used: models run through numba.
The flags only take effect before PyTensor's first import and leave a user's own flags alone.
"""

import os

from ipdma._quiet import quiet_import

os.environ.setdefault("PYTENSOR_FLAGS", "cxx=,blas__ldflags=")

with quiet_import():
    import pymc as pm
import pytensor
import pytensor.tensor as pt
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op
from pytensor.graph.replace import clone_replace
from pytensor.link.numba.dispatch.basic import numba_njit, register_funcify_default_op_cache_key

__all__ = [
    "Apply",
    "Op",
    "clone_replace",
    "numba_njit",
    "pm",
    "pt",
    "pytensor",
    "register_funcify_default_op_cache_key",
]
