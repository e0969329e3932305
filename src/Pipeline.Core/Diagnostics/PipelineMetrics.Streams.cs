using System.Collections.Concurrent;

namespace Pipeline.Core.Diagnostics;

/// <content>The health of streams, and the age of what they bring.</content>
public sealed partial class PipelineMetrics
{
    private readonly StreamCounters _streams;
    private readonly ConcurrentDictionary<string, (Func<long> Usual, Func<long> Newest)> _lags = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<long>> _streamAges = new(StringComparer.Ordinal);

    /// <summary>Microseconds; null before the first trade.</summary>
    public long? LagOf(string venue) => _lags.TryGetValue(venue, out var lag) ? lag.Newest() : null;

    /// <summary>Streams that came into a state, or left it.</summary>
    /// <param name="state"><c>starting</c>, <c>fresh</c>, <c>quiet</c>, <c>stale</c>, <c>paused</c>, <c>stopped</c>.</param>
    public void Streams(string venue, string state, int change) => _streams.ByState.Add(change, venue, state);

    /// <summary>Streams of a venue that are in a state now.</summary>
    public long StreamsIn(string venue, string state) => _streams.ByState.Read(venue, state);

    /// <param name="reason"><c>first-data</c>, <c>probe-behind</c>, <c>late</c>, <c>disconnected</c> …</param>
    public void StreamChanged(string venue, string reason) => _streams.Changes.Add(1, venue, reason);

    /// <param name="outcome"><c>up-to-date</c>, <c>behind</c>, <c>unknown</c>, <c>timeout</c>, <c>failed</c>.</param>
    public void StreamProbe(string venue, string outcome) => _streams.Probes.Add(1, venue, outcome);

    /// <param name="remedy"><c>resubscribe</c>, <c>suspect</c>.</param>
    public void StreamRemedy(string venue, string remedy) => _streams.Remedies.Add(1, venue, remedy);

    /// <summary>The venue's clock is ahead of ours, or an event is wrong.</summary>
    public void EventsAhead(string venue, int count) => _streams.EventsAhead.Add(count, venue);

    /// <summary>Registers a venue's lag, microseconds; may be negative.</summary>
    public void AddLag(string venue, Func<long> usual, Func<long> newest) => _lags[venue] = (usual, newest);

    /// <summary>Registers for how long the most silent stream of a venue has brought nothing, microseconds; registering again replaces it.</summary>
    public void AddStreamAge(string venue, Func<long> oldest) => _streamAges[venue] = oldest;

    private void WatchStreams(MetricSet set)
    {
        set.Watch(
            "pipeline.stream.age", "us", "Time since the last data of the most silent stream, of those that are neither paused nor stopped",
            () => _streamAges.Select(one => (one.Key, "", one.Value())), "venue");
        set.Watch(
            "pipeline.feed.lag", "us", "Age of events on arrival: the least of ten minutes, and of the newest batch",
            () => _lags.SelectMany(one => new[] { (one.Key, "usual", one.Value.Usual()), (one.Key, "newest", one.Value.Newest()) }), "venue", "of");
        set.Watch(
            "pipeline.clock.skew", "us", "How far a venue's clock is ahead of ours at least: its events arrived before they happened by so much",
            () => _lags.Select(one => (one.Key, "", Math.Max(0, -one.Value.Usual()))), "venue");
    }

    private sealed class StreamCounters(MetricSet set)
    {
        public TaggedCounter ByState { get; } = set.Add(
            "pipeline.streams", "{stream}", "Streams by state", "venue", "state", goesDown: true);

        public TaggedCounter Changes { get; } = set.Add(
            "pipeline.stream.transitions", "{transition}", "Changes of streams by their reason", "venue", "reason");

        public TaggedCounter Probes { get; } = set.Add(
            "pipeline.stream.probes", "{probe}", "Silent streams asked about by what was found", "venue", "outcome");

        public TaggedCounter Remedies { get; } = set.Add(
            "pipeline.stream.remedies", "{remedy}", "What was done about streams that miss data", "venue", "remedy");

        public TaggedCounter EventsAhead { get; } = set.Add(
            "pipeline.feed.events_ahead", "{event}", "Events whose time lay in the future on arrival", "venue");
    }
}
