"""Draws a chart of results, with gnuplot.

Usage: chart.py RESULTS SVG   (RESULTS: the file results.json that run.py wrote)
"""

import json
import pathlib
import subprocess
import sys
import tempfile

from report import better
from workloads import ASIO_URING, EPOLL, LIBURING, OURS, WORKLOADS


def bars(workload, runs):
    """How many times better than Asio the contenders of the chart are; NaN where there is none."""
    base = EPOLL if EPOLL in runs else ASIO_URING
    return [better(workload.metric, runs[c], runs[base]) if c in runs and c != base else float("nan")
            for c in (OURS, ASIO_URING, LIBURING)]


def draw(results, path):
    lines = []
    for workload in WORKLOADS:
        if workload.name in results["workloads"] and ASIO_URING in workload.contenders:
            runs = results["workloads"][workload.name]["runs"]
            label = workload.name if EPOLL in runs else f"{workload.name} *"
            lines.append("\t".join(map(str, (len(lines), label, *bars(workload, runs)))))
    machine = ", ".join(results[key] for key in ("date", "kernel", "cpu"))
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as data:
        data.write("\n".join(lines))
        data.flush()
        subprocess.run(
            ["gnuplot", "-c", pathlib.Path(__file__).with_name("chart.gnuplot"), data.name, path, machine, str(len(lines))],
            check=True)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    draw(json.loads(pathlib.Path(sys.argv[1]).read_text()), sys.argv[2])
