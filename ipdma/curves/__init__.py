"""Curves over number of doses, dose and timing; they know nothing of trials."""
