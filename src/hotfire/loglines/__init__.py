"""What a service writes, read: lines in, records out, and which of them lead to a request. Pure; never raises."""

from hotfire.loglines.leading import Request, leads, names_request
from hotfire.loglines.reading import records_of
from hotfire.loglines.record import Access, Failure, Record, template

__all__ = ["Access", "Failure", "Record", "Request", "leads", "names_request", "records_of", "template"]
