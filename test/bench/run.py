"""Runs the contenders of each workload in turns, A B C D A B C D, and prints how ours compares.

Usage: run.py FOLDER [--rounds N] [--seconds S] [--chart FILE] [--list | --counts | --instructions] [WORKLOAD...]

FOLDER is where the programs are; results.json goes there, with all runs, and the chart, results.svg.

Medians over the rounds, and the medians of the ratios of each round. The servers run on the first core, their clients on
the second; with two threads both have both. One more run of each contender counts its system calls, which slows it, and
so isn't timed.

--counts checks what doesn't wobble, and nothing else: the heap allocations, system calls and instructions of ours;
--instructions only the last, which it compares with the other contenders'.
"""

import argparse
import json
import pathlib
import platform
import sys
from datetime import date

from chart import draw
from counts import check_counts, system_calls_can_be_counted
from instructions import check_instructions
from report import print_summary, print_workload
from runs import measured, why_not
from workloads import INSTRUCTIONS, WORKLOADS


def cpu_model():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def main():
    parser = argparse.ArgumentParser(description="Runs the contenders side by side.")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--chart", type=pathlib.Path, help="where the chart goes; FOLDER/results.svg by default")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--counts", action="store_true", help="check allocations, system calls, instructions")
    parser.add_argument("--instructions", action="store_true", help="check and compare instructions")
    parser.add_argument("workloads", nargs="*", help="words of their names; all by default")
    arguments = parser.parse_intermixed_args()
    if arguments.rounds < 2:
        parser.error("--rounds: a spread needs two at least")

    def chosen_of(workloads):
        return [w for w in workloads if not arguments.workloads or any(a in w.name for a in arguments.workloads)]

    chosen, instructions = chosen_of(WORKLOADS), chosen_of(INSTRUCTIONS)
    if arguments.list:
        print("\n".join(w.name for w in chosen))
        return
    if not chosen and not instructions:
        sys.exit("run.py: no such workload")

    calls = system_calls_can_be_counted()
    if arguments.counts or arguments.instructions:
        good = check_instructions(arguments.folder, instructions)
        if arguments.counts:
            chosen = [w for w in chosen if w.counts]
            good = check_counts(arguments.folder, chosen, arguments.seconds, calls) and good
        sys.exit(0 if good else "run.py: too many")

    results = {"date": str(date.today()), "kernel": f"Linux {platform.release()}", "cpu": cpu_model(),
               "rounds": arguments.rounds, "seconds": arguments.seconds, "workloads": {}}
    print(f"{results['date']}, {results['kernel']}, {results['cpu']}, {arguments.rounds} rounds of {arguments.seconds} s")
    for workload in chosen:
        if reason := why_not(arguments.folder, workload):
            print(f"\n## {workload.name}\n\nNot measured: {reason}.")
            continue
        runs, counted = measured(arguments.folder, workload, arguments.rounds, arguments.seconds, calls)
        print_workload(workload, runs, counted)
        results["workloads"][workload.name] = {"runs": runs, "counted": counted}
    print_summary([w for w in chosen if w.name in results["workloads"]], results["workloads"])
    with open(arguments.folder / "results.json", "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1)
    draw(results, arguments.chart or arguments.folder / "results.svg")


if __name__ == "__main__":
    main()
