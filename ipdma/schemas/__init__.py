"""What a common table, a recipe and a scale must look like."""
