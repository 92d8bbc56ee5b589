"""The command line: ``python -m data sample | import | undo | quarantine | status | report | plan``."""

import sys
from collections.abc import Sequence

import typer

from data.cli.lazy import make_group
from data.errors import DataError
from geo.errors import GeoError, UserError

__all__ = ["app", "main"]

app = make_group(
    {
        "sample": "data.cli.records:import_sample",
        "import": "data.cli.imports:import_file",
        "undo": "data.cli.imports:revert_import",
        "quarantine": "data.cli.records:show_quarantine",
        "status": "data.cli.records:show_status",
        "report": "data.cli.reports:app",
        "plan": "data.cli.plans:plan_visits",
    },
    help_text="Sambang's records: import them, look at what was refused, report on them, plan visits.",
)


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
        typer.echo(_describe_error(error), err=True)
        sys.exit(1)


def _describe_error(error: UserError) -> str:
    """Write an error in one line, with the option that puts it right."""
    way_out = f" Use {error.option}." if error.option else ""
    return " ".join(f"{error}{way_out}".split())
