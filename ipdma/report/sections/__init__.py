"""The parts of the report, one file each, in the order of :data:`ipdma.report.html.SECTIONS`."""
