"""Reports: the same figures as the pages show, for other programs."""

import typer

from data.cli import compare_reports, crime_reports, visit_reports

app = typer.Typer(
    help="Figures over a period, as the pages show them.", no_args_is_help=True, rich_markup_mode=None
)
app.command("coverage")(visit_reports.report_coverage)
app.command("unvisited")(visit_reports.report_unvisited)
app.command("evidence")(visit_reports.report_evidence)
app.command("hotspots")(crime_reports.report_hotspots)
app.command("change")(compare_reports.report_change)
app.command("priority")(compare_reports.report_priority)
