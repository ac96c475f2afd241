"""Tables and figures to a self-contained report."""
