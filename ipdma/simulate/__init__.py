"""Consortia with known truth."""
