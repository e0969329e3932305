using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;

namespace Pipeline.Host.Collecting;

/// <summary>
/// Says when something went wrong that is only counted: holes, dead letters, refused records. One line per kind and period, with what
/// was added since, so that trouble is seen in the log and a flood of it does not flood the log.
/// </summary>
internal sealed class TroubleWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private static readonly (string Counter, string What)[] Kinds =
    [
        ("pipeline.sequence.missing", "ids missing"),
        ("pipeline.sequence.resets", "id series begun anew"),
        ("pipeline.sequence.demotions", "instruments whose ids are not contiguous"),
        ("pipeline.gaps.closed", "holes closed"),
        ("pipeline.feed.dead_letters", "dead letters"),
        ("pipeline.feed.observer_errors", "observer errors"),
        ("pipeline.candles.late", "late trades"),
        ("pipeline.kafka.produce_errors", "records refused by Kafka"),
    ];

    private readonly Dictionary<(string, string, string), long> _seen = [];
    private readonly PipelineMetrics _metrics;
    private readonly ILogger _log;
    private readonly ITimer _timer;

    public TroubleWatch(PipelineMetrics metrics, TimeProvider time, ILogger log)
    {
        _metrics = metrics;
        _log = log;
        _timer = time.CreateTimer(_ => Look(), null, Period, Period);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var samples = _metrics.Snapshot();
        foreach (var (counter, what) in Kinds)
        {
            var added = samples.Where(sample => sample.Name == counter)
                .Select(sample => (sample.Tag, sample.Detail, Count: Added(sample))).Where(one => one.Count > 0).ToList();
            if (added.Count > 0)
            {
                var detail = string.Join(", ", added.Select(one => $"{one.Tag} {one.Detail}".TrimEnd()));
                CollectorLog.Trouble(_log, added.Sum(one => one.Count), what, Period.TotalSeconds, detail);
            }
        }
    }

    private long Added(MetricSample sample)
    {
        var key = (sample.Name, sample.Tag, sample.Detail);
        var before = _seen.GetValueOrDefault(key);
        _seen[key] = sample.Value;
        return sample.Value - before;
    }
}
