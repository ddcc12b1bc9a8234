"""A document: text in, operations out, found by method and concrete target."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from urllib.parse import urlsplit

import msgspec

from hotfire.errors import UsageError
from hotfire.model.pointer import pointer_of
from hotfire.openapi.operation import Body, Operation, Parameter, Where
from hotfire.openapi.schema import Normaliser, Schema, may_be, named, parts, resolved
from hotfire.openapi.tree import Node, Tree

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_VERSION = re.compile(r"(?P<version>3\.[012])(\.|$)")
_IN_TEMPLATE = re.compile(r"(\{[^}]*\})")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_JOINTS = {
    "csv": ",",
    "form": ",",
    "simple": ",",
    "ssv": " ",
    "spaceDelimited": " ",
    "pipes": "|",
    "pipeDelimited": "|",
}
_UNTYPED = ("type", "format", "enum", "default", "items", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_UNTYPED_TOO = ("minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "multipleOf", "x-nullable")


def parsed(text: str | bytes, name: str) -> object:
    """What a text in JSON says; before it may stand the mark that some editors write (U+FEFF).

    Raises:
        UsageError: it is no JSON, or none that can be read.
    """
    try:
        told = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return cast("object", msgspec.json.decode(told))
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise UsageError(
            f"{name}: this is no JSON: {error}",
            hint="look at what is there, or name an OpenAPI document: [tool.hotfire.service] openapi",
        ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that could be read; its operations are looked at when they are asked for."""

    tree: Tree
    swagger: bool = False
    loose: bool = False

    @classmethod
    def parse(cls, text: str | bytes, name: str) -> "Document":
        """A document in JSON; `name` is the file or the URL.

        Raises:
            UsageError: it is no JSON, or no OpenAPI document of a version that we know.
        """
        return cls.of(parsed(text, name), name)

    @classmethod
    def of(cls, root: object, name: str) -> "Document":
        """A document that was parsed already, from YAML for instance.

        Raises:
            UsageError: it is no OpenAPI document of a version that we know.
        """
        tree = Tree(name=name, root={})
        node = tree.node(root if root is not None else [], "")
        tree = Tree(name=name, root=node)
        version, swagger = str(node.get("openapi", "")), node.get("swagger") == "2.0"
        found = _VERSION.match(version)
        if not found and not swagger:
            told = f"openapi: {version}" if version else "neither 'openapi' nor 'swagger'"
            raise tree.wrong("", f"{told}: a document of OpenAPI 3.0 or 3.1, or of Swagger 2.0, is expected")
        tree.node(node.get("paths"), "/paths")
        return cls(tree=tree, swagger=swagger, loose=found is None or found["version"] == "3.0")

    def operation(self, method: str, target: str) -> Operation | None:
        """The operation that a request is of: templates with more literal segments go first (3.1 section 4.8.8.2).

        Raises:
            UsageError: the document is wrong there.
        """
        if (found := self.located(method, target)) is None:
            return None
        template, key = found
        item, where = self.tree.followed(self._paths[key], pointer_of("paths", key))
        try:
            return _Reader(document=self, template=template, item=item, where=where).read(method.lower())
        except RecursionError:
            raise self.tree.wrong(f"{where}/{method.lower()}", "this is nested too deeply") from None

    def located(self, method: str, target: str) -> tuple[str, str] | None:
        """The template of a request's operation, with its server's path, and the key under which the document has it.

        Raises:
            UsageError: the document is wrong there.
        """
        path, paths = target.partition("?")[0], self._paths
        for tail in ("[^/]+", ".+"):
            for template, key in self._templates(paths):
                if _pattern(template, tail).fullmatch(path):
                    item, _ = self.tree.followed(paths[key], pointer_of("paths", key))
                    if method.lower() in item and method.lower() in _METHODS:
                        return template, key
        return None

    @property
    def _paths(self) -> Node:
        return self.tree.node(self.tree.root.get("paths"), "/paths")

    def _templates(self, paths: Node) -> list[tuple[str, str]]:
        """Each template, with each path that the servers are said to have before it, and its key."""
        keys = [key for key in paths if key.startswith("/")]
        found = {prefix + key: key for prefix in dict.fromkeys(("", *self._prefixes())) for key in reversed(keys)}
        return sorted(found.items(), key=lambda each: (each[0].count("{"), -len(each[0])))

    def _prefixes(self) -> Iterator[str]:
        if self.swagger:
            yield str(self.tree.root.get("basePath", "")).rstrip("/")
        for n, server in enumerate(self.tree.items(self.tree.root.get("servers"), "/servers")):
            url = self.tree.node(server, f"/servers/{n}").get("url", "")
            if isinstance(url, str) and "{" not in url:
                yield urlsplit(url).path.rstrip("/")


@lru_cache(maxsize=2000)
def _pattern(template: str, tail: str) -> re.Pattern[str]:
    """A parameter is one segment, or a part of one; what ends the template may be more (Starlette's `{name:path}`)."""
    pieces = [piece for piece in _IN_TEMPLATE.split(template) if piece]
    last = len(pieces) - 1
    return re.compile(
        "".join(
            (tail if n == last else "[^/]+") if piece.startswith("{") else re.escape(piece)
            for n, piece in enumerate(pieces)
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Reads one operation; `item` is its path's object, which stands at `where`."""

    document: Document
    template: str
    item: Node
    where: str

    def read(self, method: str) -> Operation:
        """The operation of this method, lower case."""
        tree, document = self.document.tree, self.document
        where = f"{self.where}/{method}"
        node = tree.node(self.item[method], where)
        schemas = Normaliser(tree=tree, loose=document.loose)
        told = [*self._told(self.item, self.where), *self._told(node, where)]
        parameters = {(each.get("in"), each.get("name")): (each, at) for each, at in told}
        read = [self._parameter(each, at, schemas) for each, at in parameters.values() if each.get("in") in _PLACES]
        if document.swagger:
            bodies = self._swagger_bodies(node, [each for each, _ in parameters.values()], where, schemas)
        else:
            bodies = self._bodies(node, where, schemas)
        statuses = tree.node(node.get("responses"), f"{where}/responses")
        return Operation(
            method=method.upper(),
            template=self.template,
            parameters=tuple(read),
            bodies=tuple(bodies),
            statuses=tuple(map(str, statuses)),
            shown=self._shown(statuses, f"{where}/responses"),
            definitions=schemas.definitions,
            document=tree.name,
        )

    def _told(self, node: Node, where: str) -> Iterator[tuple[Node, str]]:
        tree = self.document.tree
        for n, each in enumerate(tree.items(node.get("parameters"), f"{where}/parameters")):
            parameter, at = tree.followed(each, f"{where}/parameters/{n}")
            tree.text(parameter, "name", at)
            tree.text(parameter, "in", at)
            yield parameter, at

    def _parameter(self, node: Node, at: str, schemas: Normaliser) -> Parameter:
        where = cast("Where", node["in"])
        in_content = "content" in node
        schema = schemas.read(node.get("schema", _typed(node)), f"{at}/schema")
        usual = "csv" if self.document.swagger else "form" if where in {"query", "cookie"} else "simple"
        style = str(node.get("style", node.get("collectionFormat", usual)))
        explode = node.get("explode", style == "form") is True or style == "multi"
        joint = "" if explode and where in {"query", "cookie"} else _JOINTS.get(style, "")
        return Parameter(
            name=str(node["name"]),
            where=where,
            schema=schema,
            required=node.get("required") is True or where == "path",
            joint=joint,
            judged=not in_content
            and (style in _JOINTS or style == "multi")
            and not may_be("object", schema, schemas.definitions),
        )

    def _bodies(self, node: Node, where: str, schemas: Normaliser) -> Iterator[Body]:
        tree = self.document.tree
        body, at = tree.followed(node.get("requestBody"), f"{where}/requestBody")
        for kind, told in tree.node(body.get("content"), f"{at}/content").items():
            here = f"{at}/content{pointer_of(kind)}"
            media = tree.node(told, here)
            schema = schemas.read(media.get("schema", True), f"{here}/schema")
            media_type = kind.partition(";")[0].strip().lower()
            yield Body(media_type=media_type, schema=_exemplified(schema, media), required=body.get("required") is True)

    def _swagger_bodies(self, node: Node, told: list[Node], where: str, schemas: Normaliser) -> Iterator[Body]:
        consumes = node.get("consumes", self.document.tree.root.get("consumes"))
        kinds = [str(each).lower() for each in self.document.tree.items(consumes, f"{where}/consumes")]
        for each in told:
            if each.get("in") == "body":
                schema = schemas.read(each.get("schema", True), f"{where}/parameters/schema")
                for kind in kinds or ["application/json"]:
                    yield Body(media_type=kind, schema=schema, required=each.get("required") is True)
        fields = {str(each["name"]): each for each in told if each.get("in") == "formData"}
        if fields:
            read = {name: schemas.read(_typed(each), f"{where}/parameters") for name, each in fields.items()}
            required = [name for name, each in fields.items() if each.get("required") is True]
            schema = {"type": "object", "properties": read, "required": required}
            for kind in [kind for kind in kinds if kind in _FORMS] or _FORMS:
                yield Body(media_type=kind, schema=schema, required=bool(required))

    def _shown(self, statuses: Node, where: str) -> dict[str, Schema]:
        """The fields of the successful answers, by name; of lists, those of their elements."""
        schemas, shown = Normaliser(tree=self.document.tree, loose=self.document.loose), dict[str, Schema]()
        for status, each in statuses.items():
            if str(status).startswith(("2", "d")):
                answer, at = self.document.tree.followed(each, where + pointer_of(status))
                contents = self.document.tree.node(answer.get("content"), f"{at}/content").values()
                for media in [answer, *contents]:
                    schema = self.document.tree.node(media, at).get("schema")
                    if schema is not None:
                        shown |= _fields(schemas.read(schema, f"{at}/schema"), schemas.definitions, 0)
        return shown


_PLACES = ("path", "query", "header", "cookie")


def _typed(node: Node) -> Node:
    """Swagger 2 says a parameter's type in the parameter itself."""
    return {key: node[key] for key in (*_UNTYPED, *_UNTYPED_TOO) if key in node}


def _exemplified(schema: Schema, media: Node) -> Schema:
    """With the example that stands beside it (3.x, Media Type Object)."""
    example = media.get("example")
    return schema if example is None or "example" in schema else {**schema, "example": example}


_DEEPEST = 4


def _fields(schema: Schema, definitions: dict[str, Schema], depth: int) -> dict[str, Schema]:
    """The properties of a schema, its references and its parts; of an array, those of its elements."""
    schema = resolved(schema, definitions)
    found = {name: _outline(each, definitions) for name, each in named(schema, "properties").items()}
    inner = [each for key in ("allOf", "anyOf", "oneOf") for each in parts(schema, key)]
    if isinstance(schema.get("items"), dict):
        inner.append(cast("Schema", schema["items"]))
    if depth < _DEEPEST:
        for each in inner:
            found |= _fields(each, definitions, depth + 1)
    return found


def _outline(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """What a plain value has to be: of a union, the first branch that is not null."""
    for _ in range(_DEEPEST):
        schema = resolved(schema, definitions)
        branches = [each for key in ("allOf", "anyOf", "oneOf") for each in parts(schema, key)]
        schema = next((each for each in branches if each.get("type") != "null"), schema)
    return {key: schema[key] for key in ("type", "format", "enum", "const", "readOnly") if key in schema}
