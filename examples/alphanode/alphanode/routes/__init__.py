"""The HTTP side: one file per part of the site."""
