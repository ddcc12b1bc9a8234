"""The wires: bytes in, messages out. One file per protocol, without IO, a clock or luck."""
