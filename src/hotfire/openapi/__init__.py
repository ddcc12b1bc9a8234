"""OpenAPI 3.0 and 3.1 and Swagger 2 documents as values: the operation that a request is of, and what it declares.

    document = Document.parse(text, "openapi.json")
    operation = document.operation("POST", "/api/posts?draft=1")     None: the document does not know it
    judge = Judge.of(operation)
    judge.objection(request)                                          "": the request is valid by it

A document that is wrong is a UsageError, which names the file and the place; only what is asked for is read.
"""

from hotfire.openapi.document import Document, parsed
from hotfire.openapi.operation import Body, Operation, Parameter
from hotfire.openapi.schema import Schema
from hotfire.openapi.validity import Judge

__all__ = ["Body", "Document", "Judge", "Operation", "Parameter", "Schema", "parsed"]
