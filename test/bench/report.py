"""Medians, ratios and tables of what was measured."""

import statistics

from workloads import BUSY, ITEM, cpu, rate


def median(metric, runs):
    return statistics.median(metric.value(run) for run in runs)


def spread(metric, runs):
    """Half of the range between the quarters, as a part of the median."""
    values = [metric.value(run) for run in runs]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / 2 / statistics.median(values)


def ratio(metric, runs, others):
    return statistics.median(metric.value(run) / metric.value(other) for run, other in zip(runs, others))


def asked(target):
    return f"{'>=' if target.metric.higher_is_better else '<='} {target.bound:.2f}"


def is_met(target, value):
    return value >= target.bound if target.metric.higher_is_better else value <= target.bound


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def print_operations(operation, runs, counted):
    of_cpu, of_rate = cpu(operation), rate(operation)
    counts = {"system_calls": f"system calls a {operation}", "allocations": f"allocations a {operation}"}
    # A server that isn't busy waits for its clients, so that its rate is theirs.
    columns = [f"us of CPU a {operation}", "busy", of_rate.name, "spread", "p50 us", "p99 us", "p99.9 us"]
    columns += counts.values() if counted else []
    row("contender", *columns)
    row(*["---"] * (1 + len(columns)))
    for contender, of_contender in runs.items():
        cells = [f"{median(of_cpu, of_contender):.2f}", f"{median(BUSY, of_contender):.0%}",
                 f"{median(of_rate, of_contender):.0f}", f"{spread(of_rate, of_contender):.1%}"]
        cells += [f"{statistics.median(run[key] for run in of_contender) / 1e3:.1f}"
                  for key in ("p50_ns", "p99_ns", "p999_ns")]
        if counted:
            run = counted[contender]
            cells += ["" if run[key] is None else f"{run[key] / run['operations']:.3f}" for key in counts]
        row(contender, *cells)


def print_items(runs):
    row("contender", "ns an item", "spread")
    row(*["---"] * 3)
    for contender, of_contender in runs.items():
        row(contender, f"{median(ITEM, of_contender):.1f}", f"{spread(ITEM, of_contender):.1%}")


def print_workload(workload, runs, counted):
    print(f"\n## {workload.name}\n")
    if hasattr(workload, "operation"):
        print_operations(workload.operation, runs, counted)
    else:
        print_items(runs)
    print()
    row("of", "to", "metric", "ratio", "target")
    row(*["---"] * 5)
    for target in workload.targets:
        value = ratio(target.metric, runs[target.form], runs[target.contender])
        verdict = "" if target.bound is None else f"{asked(target)} {'met' if is_met(target, value) else 'MISSED'}"
        row(target.form, target.contender, target.metric.name, f"{value:.2f}", verdict)
