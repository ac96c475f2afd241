"""The analysis file (analysis.yaml): what is estimated, as a user writes it."""
