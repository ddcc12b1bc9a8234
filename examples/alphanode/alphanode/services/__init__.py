"""What the site does, without HTTP: one file per activity."""
