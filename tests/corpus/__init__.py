"""The corpus: every twin, mutant and correct service, fired as a user would fire them, and what was found in each."""
