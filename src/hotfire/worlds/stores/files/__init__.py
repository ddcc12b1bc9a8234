"""Folders of files as a store: each content is kept once, by its digest; a moment is a list of what lay where."""
