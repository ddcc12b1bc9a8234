"""JSON pointers (RFC 6901): the name of one place in a document, "/items/0/qty"."""


def tokens_of(pointer: str) -> tuple[str, ...]:
    """The reference tokens, unescaped; "" names the whole document and has none.

    Raises:
        ValueError: it neither is empty nor begins with a slash.
    """
    if pointer and not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is no JSON pointer: it begins with a slash, or is empty (RFC 6901 section 3)")
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def pointer_of(*tokens: str | int) -> str:
    """The pointer of these tokens: `pointer_of("items", 0)` is "/items/0"."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
