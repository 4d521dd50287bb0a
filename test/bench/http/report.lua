-- Makes wrk write what came of its requests as JSON, in one line behind its own report.
function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '{"operations": %d, "seconds": %f, "bytes": %d, "errors": %d, "p50_ns": %d, "p99_ns": %d, "p999_ns": %d}\n',
        summary.requests, summary.duration / 1e6, summary.bytes,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout,
        latency:percentile(50) * 1000, latency:percentile(99) * 1000, latency:percentile(99.9) * 1000))
end
