"""Design, curves and priors to a model."""
