"""Raw files and recipes to a Consortium of common tables."""
