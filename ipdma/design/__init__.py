"""Consortium and estimand to the arrays a model reads."""
