"""Values and Protocols: the words of the project. No IO, no clock, no luck."""
