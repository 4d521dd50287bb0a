"""Counts what doesn't wobble, heap allocations and system calls, and checks those of ours."""

import os
import pathlib
import subprocess

from runs import echo
from workloads import OURS


def system_calls_can_be_counted():
    """The kernel counts them by a tracepoint, whose number is in the file system tracefs; only root may ask."""
    events = pathlib.Path("/sys/kernel/tracing/events")
    if os.geteuid() == 0 and not events.exists():
        subprocess.run(["mount", "-t", "tracefs", "tracefs", "/sys/kernel/tracing"], check=False)
    return os.geteuid() == 0 and events.exists()


def counts_of(folder, workload, contender, seconds, calls):
    """What a message takes, the least of some runs: where the machine lets clients wait, a server isn't busy."""
    tries = [echo(folder, workload, contender, seconds, calls) for _ in range(3)]
    return {what: min(run[what] / run["operations"] for run in tries) for what in workload.counts
            if tries[0][what] is not None}


def check_counts(folder, workloads, seconds, calls):
    """Whether ours keeps the bounds of each workload, in its every form."""
    good = True
    for workload in workloads:
        for contender in (OURS, *workload.forms):
            counted = counts_of(folder, workload, contender, seconds, calls)
            for what, bound in workload.counts.items():
                verdict = "not counted"
                if what in counted:
                    kept = counted[what] <= bound
                    good = good and kept
                    verdict = f"{'ok' if kept else 'FAILED'}: {counted[what]:.4f}"
                print(f"{workload.name}, {contender}: {what} a message: {verdict}, at most {bound}", flush=True)
    return good
