"""What holds state: the servers that hotfire starts, and the stores in them that can be undone."""
