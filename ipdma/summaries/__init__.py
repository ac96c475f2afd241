"""A fit to tidy tables, one quantity a file."""
