"""The group of reports, with the figures that the pages show, for other programs."""

from data.cli.lazy import make_group

app = make_group(
    {
        "coverage": "data.cli.visit_reports:report_coverage",
        "unvisited": "data.cli.visit_reports:report_unvisited",
        "evidence": "data.cli.visit_reports:report_evidence",
        "hotspots": "data.cli.crime_reports:report_hotspots",
        "change": "data.cli.compare_reports:report_change",
        "priority": "data.cli.compare_reports:report_priority",
    },
    help_text="Report figures for a period, as the pages show them.",
)
