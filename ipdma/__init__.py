"""Individual participant data (IPD) meta-analysis, from raw trial files to a citable report."""

__version__ = "0.1.0"
