"""PyMC and PyTensor, set up once: import them from here.

PyTensor warns when it finds no C++ compiler, and with one about its BLAS. Neither is used: models run through numba.
The flags only take effect before PyTensor's first import and leave a user's own flags alone.
"""

import os

os.environ.setdefault("PYTENSOR_FLAGS", "cxx=,blas__ldflags=")

import pymc as pm
import pytensor
import pytensor.tensor as pt

__all__ = ["pm", "pt", "pytensor"]
