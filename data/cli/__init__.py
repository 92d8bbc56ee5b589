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
    help_text="Manage Sambang's records: import files, list refused rows, write reports, plan visits.",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 on success, 1 with a one-line message for a user's error, 2 for wrong usage.

    Parameters
    ----------
    arguments
        Arguments of the command; by default those of the process.
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
