"""hotfire report: a stored run in another format."""

import click

from hotfire.cli.project import archive_root
from hotfire.reports import format_named, formats
from hotfire.reports.archive import LATEST, load_run


@click.command("report", short_help="Print a stored run as a report: terminal, html or json.")
@click.argument("run", default=LATEST, metavar="[RUN]")
@click.option("--format", "name", default="terminal", metavar="FORMAT", help=f"One of {', '.join(sorted(formats()))}.")
def command(run: str, name: str) -> int:
    """Print a stored run (the latest, unless named) as a report, to standard output."""
    click.echo(format_named(name).render(load_run(archive_root(), run)))
    return 0
