using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Pooling;
using Pipeline.Host.Collecting.Reloading;

namespace Pipeline.Host.Collecting;

/// <summary>
/// What the HTTP port answers from for as long as the process lives: the collector that is, and between two of them, while the
/// partitions are being claimed, that there is none. A port that went away with each collector would look dead to whoever watches it.
/// Safe from several threads.
/// </summary>
internal sealed class StandingPort(PipelineMetrics idle) : ICollectorPort
{
    private static readonly CollectorStatistics Nothing = new(0, 0, [], [], []);

    private volatile State _state = new(null, "the collector is claiming its partitions", Nothing, idle);

    public Readiness Readiness => _state is { Collector: { } collector } ? collector.Readiness : Readiness.No(_state.Reason);

    public CollectorStatistics Statistics => _state is { Collector: { } collector } ? collector.Statistics : _state.Last;

    public PipelineMetrics Metrics => _state is { Collector: { } collector } ? collector.Metrics : _state.Metrics;

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Connections =>
        _state.Collector?.Connections ?? new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>From now on this collector answers.</summary>
    public void Follow(ICollectorPort collector) => _state = new(collector, "", Nothing, collector.Metrics);

    /// <summary>The collector is about to end: its last figures stay to be read.</summary>
    public void LetGo(string reason) => _state = new(null, reason, _state.Collector?.Statistics ?? _state.Last, _state.Metrics);

    public Task<IReadOnlyList<RotationOutcome>> RotateAsync(string venue, string? connection) =>
        _state.Collector?.RotateAsync(venue, connection) ?? Task.FromResult<IReadOnlyList<RotationOutcome>>([]);

    public Task<ReloadOutcome> ReloadAsync() => _state.Collector?.ReloadAsync() ?? Task.FromResult(new ReloadOutcome(
        false, $"{_state.Reason}; the file is read again when it has them", 0, 0, 0, [], [], [], [], [], []));

    private sealed record State(ICollectorPort? Collector, string Reason, CollectorStatistics Last, PipelineMetrics Metrics);
}
