"""hotfire show: the story of one trial."""

import click

from hotfire.cli.project import archive_root
from hotfire.reports.archive import load_trial
from hotfire.reports.story import tell


@click.command("show", short_help="Tell the story of one trial, from its record.")
@click.argument("trial", metavar="ID")
@click.option("--run", default="", metavar="RUN", help="Look in this run (default: the newest that has the trial).")
def command(trial: str, run: str) -> int:
    """Tell the story of a trial: the request, the effects in order, the cut, the retry, the state, the log.

    ID is a trial's id, or its beginning, as a finding's replay line names it.
    """
    record, stored = load_trial(archive_root(), trial, run)
    click.echo(tell(stored, record.baseline(stored)))
    return 0
