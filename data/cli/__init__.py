"""The command line: ``python -m data sample | import | undo | quarantine | status | report``."""

import sys
from collections.abc import Sequence

import typer

from data.cli import imports, records, reports
from data.errors import DataError
from geo.errors import GeoError

__all__ = ["app", "main"]

app = typer.Typer(
    help="Sambang's records: import them, look at what was refused, report on them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("sample")(records.load_sample)
app.command("import")(imports.import_file)
app.command("undo")(imports.undo)
app.command("quarantine")(records.show_quarantine)
app.command("status")(records.show_status)
app.add_typer(reports.app, name="report")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave: 0 when it is done, 1 with one line for a user's mistake, 2 for wrong usage.

    Parameters
    ----------
    arguments
        Words of the command; the process's own without them.
    """
    try:
        app(args=arguments, prog_name="python -m data")
    except (DataError, GeoError) as error:
        typer.echo(" ".join(str(error).split()), err=True)
        sys.exit(1)
