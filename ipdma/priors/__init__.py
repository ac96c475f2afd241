"""Frozen prior distributions and the default scales with their sources."""
