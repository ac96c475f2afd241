"""A project folder: which files are read, which results are written, all or nothing."""
