"""What a start-up that failed most likely lacks: the text of its log in, a hint out."""

import re
from collections.abc import Sequence

from hotfire.errors import SetupError
from hotfire.worlds.zygote.messages import Answer

ENVIRONMENT = "[tool.hotfire.service.environment]"

_CAUSES: Sequence[tuple[str, str]] = (
    (r"KeyError: '([A-Z][A-Z0-9_]+)'", 'add {0} = "…" to ' + ENVIRONMENT + ": the service gets a clean environment"),
    (
        r"(?s)validation errors? for (\w*(?:Settings|Config)\w*)\s+(\w+)",
        "add the setting {1} of {0} to " + ENVIRONMENT + ": the service gets a clean environment",
    ),
    (
        r"(?:environment variable|env(?:ironment)? var\w*)\W+'?\"?([A-Z][A-Z0-9_]+)",
        'add {0} = "…" to ' + ENVIRONMENT + ": the service gets a clean environment",
    ),
    (
        r"ModuleNotFoundError: No module named '([^']+)'",
        "install {0} where the service runs, or name that Python: python in [tool.hotfire.service]",
    ),
    (
        r"no border for \(?(['\"]?[^\n]*?)\)?$",
        "name the dependency at {0} in [tool.hotfire.dependency]; nothing else can be reached",
    ),
    (
        r"(?:Network is unreachable|ENETUNREACH)",
        "the service reaches out of its sealed network: point it at a dependency's border in " + ENVIRONMENT,
    ),
    (
        r"(?:Connection refused|Connect call failed \(([^)]*)\))",
        "no dependency listens there: write {{NAME.host}} and {{NAME.port}} in " + ENVIRONMENT,
    ),
    (
        r"(?:Temporary failure in name resolution|Name or service not known|nodename nor servname)",
        "names outside are not resolved in the sealed network: point the service at a border in " + ENVIRONMENT,
    ),
    (r"Address already in use", "the service opens a port of its own that is taken: let it take another"),
    (
        r"(?:server does not support SSL|rejected SSL upgrade)",
        'the service insists on TLS: write "{{NAME.ca}}" in ' + ENVIRONMENT + " (PGSSLROOTCERT, or SSL_CERT_FILE for "
        "ssl=True in Python), and the border of the dependency NAME offers it",
    ),
    (
        r"(?i)certificate verify failed",
        'let the service trust "{{NAME.ca}}", the authority of a border: by sslrootcert or PGSSLROOTCERT, by '
        "SSL_CERT_FILE for ssl=True in Python, in " + ENVIRONMENT,
    ),
    (r"Application startup failed", "its lifespan start-up raised: mend what the traceback in the log shows"),
)


def hint(text: str) -> str:
    """The line to write or the thing to do, for the first known cause that the text shows."""
    for pattern, advice in _CAUSES:
        if found := re.search(pattern, text, re.MULTILINE):
            return advice.format(*(group or "it" for group in found.groups()))
    return "start the service by hand with the same environment, and mend what its log shows"


def no_python(problem: str) -> SetupError:
    """The service's own Python does not start."""
    return SetupError(
        problem,
        hint="name the service's Python, 3.8 or newer: python = '.venv/bin/python' in [tool.hotfire.service]",
    )


def not_imported(app: str, answer: Answer, python: str, wanted: str = "") -> SetupError:
    """The application cannot be had, in the user's words; `wanted` is what it tried to reach, and what to write."""
    field = "app in [tool.hotfire.service]"
    match answer.kind:
        case "module":
            problem, advice = f"there is no module {app.partition(':')[0]!r}", f"correct {field}, or run in its folder"
        case "attribute":
            problem, advice = answer.problem, f'correct {field}: "module:attribute", with () after a factory'
        case "server":
            problem = f"{answer.problem}; {app} is an ASGI application, served with the service's own uvicorn"
            advice = f"install uvicorn in that Python ({python}), or name another: python in [tool.hotfire.service]"
        case "gone":
            problem, advice = f"the process ended while it imported {app}", "import it by hand, and mend what ends it"
        case _:
            problem, advice = f"{app} raised while it was imported:\n{answer.problem}", wanted or hint(answer.problem)
    return SetupError(problem, hint=advice)
