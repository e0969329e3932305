using System.Collections.Concurrent;

namespace Pipeline.Core.Diagnostics;

/// <content>Connections, frames and subscriptions.</content>
public sealed partial class PipelineMetrics
{
    // As ReasonTags has it.
    private const string InitialConnect = "initial";

    private readonly FeedCounters _feed;
    private readonly ConcurrentDictionary<string, Func<long>> _traffic = new(StringComparer.Ordinal);
    private readonly MetricSource<IReadOnlyList<ConnectionFigure>> _connections = new();

    public long DeadLetterCount => _feed.DeadLetters.Total;

    public long ControlFrameCount => _feed.ControlFrames.Total;

    /// <summary>Frames received from one venue.</summary>
    public long FramesOf(string venue) => _feed.Frames.Read(venue);

    public void FramesReceived(string venue, int frames, long bytes)
    {
        _feed.Frames.Add(frames, venue);
        _feed.Bytes.Add(bytes, venue);
    }

    /// <summary>Frames of one venue that the parser found to bring no market data.</summary>
    public long ControlFramesOf(string venue) => _feed.ControlFrames.SumOf(venue);

    public void ControlFrames(string venue, int frames) => _feed.ControlFrames.Add(frames, venue);

    public void DeadLetter(string venue, string reason) => _feed.DeadLetters.Add(1, venue, reason);

    /// <param name="reason"><c>initial</c>, <c>network</c>, <c>requested</c> …</param>
    public void Connected(string venue, string reason) => _feed.Connects.Add(1, venue, reason);

    public void Disconnected(string venue, string reason) => _feed.Disconnects.Add(1, venue, reason);

    public void ConnectFailed(string venue, string reason) => _feed.ConnectFailures.Add(1, venue, reason);

    /// <param name="reason">Why it had no data: <c>network</c>, <c>stall</c>, <c>overload</c>, <c>requested</c>.</param>
    public void Recovered(string venue, string reason) => _feed.Recoveries.Add(1, venue, reason);

    /// <param name="outcome">
    /// <c>rotated</c>, <c>stalled</c> or <c>lost</c> where it took over from a connection that was old, mute or gone; <c>kept</c> where the
    /// old one was kept.
    /// </param>
    public void Replaced(string venue, string outcome) => _feed.Replacements.Add(1, venue, outcome);

    public void Paused(string venue) => _feed.Pauses.Add(1, venue);

    /// <summary>A connection attempt was let through after <paramref name="wait"/>.</summary>
    public void ConnectHeld(string venue, TimeSpan wait)
    {
        _feed.ConnectsHeld.Add(1, venue);
        _feed.ConnectWait.Add((long)wait.TotalMilliseconds, venue);
    }

    public void WireBytes(string venue, long bytes) => _feed.WireBytes.Add(bytes, venue);

    /// <param name="change">1 when a connection with compression opened, -1 when it ended.</param>
    public void Compressed(string venue, int change) => _feed.Compressed.Add(change, venue);

    public void TrafficBudgetExceeded(string venue) => _feed.BudgetExceeded.Add(1, venue);

    public void ShutdownAnnounced(string venue) => _feed.Announcements.Add(1, venue);

    /// <summary>Registers a venue's traffic in bytes a second; registering it again replaces it.</summary>
    public void AddTraffic(string venue, Func<long> bytesPerSecond) => _traffic[venue] = bytesPerSecond;

    /// <param name="outcome">
    /// <c>sent</c>, <c>acknowledged</c>, <c>refused</c>, <c>timeout</c>; <c>busy</c>: to be made again later; <c>held-back</c>: a wait for
    /// more than the even spacing began.
    /// </param>
    public void Request(string venue, string outcome) => _feed.Requests.Add(1, venue, outcome);

    /// <param name="reason">
    /// <c>quarantined</c>: refused alone; <c>unanswered</c>; <c>too-long</c>: its name; <c>no-room</c>: all connections are full.
    /// </param>
    public void StreamsFailed(string venue, string reason, int count) => _feed.StreamsFailed.Add(count, venue, reason);

    /// <summary>Exceptions thrown by observers of one venue's feed.</summary>
    public long ObserverErrorsOf(string venue) => _feed.ObserverErrors.Read(venue);

    /// <summary>Failed attempts to connect to one venue.</summary>
    public long ConnectFailuresOf(string venue) => _feed.ConnectFailures.SumOf(venue);

    public void ObserverError(string venue) => _feed.ObserverErrors.Add(1, venue);

    /// <summary>Registers where the connections there are are read; registering again replaces it.</summary>
    public void AddConnections(Func<IEnumerable<ConnectionFigure>> connections) => _connections.Attach(() => [.. connections()]);

    private void WatchFeeds(MetricSet set)
    {
        set.Watch(
            "pipeline.feed.wire_rate", "By/s", "Bytes a second on the wire, over the last ten seconds",
            () => _traffic.Select(one => (one.Key, "", one.Value())), "venue");
        set.Watch(
            "pipeline.ws.reconnects", "{connection}", "Connections established anew, by why",
            () => _feed.Connects.Values.Where(one => one.Detail != InitialConnect), "venue", "reason", isCounter: true);
        set.Watch(
            "pipeline.ws.connections", "{connection}", "Connections wished for, by state",
            _connections,
            all => all.CountBy(one => (one.Venue, one.IsRunning)).Select(one => (one.Key.Venue, one.Key.IsRunning ? "open" : "closed", (long)one.Value)),
            "venue", "state");
        WatchConnection("pipeline.connection.up", "{connection}", "Whether the connection is open", one => one.IsRunning ? 1 : 0);
        WatchConnection("pipeline.connection.streams", "{stream}", "Streams wished for on the connection", one => one.Streams);
        WatchConnection("pipeline.connection.confirmed", "{stream}", "Streams of the connection that the venue has confirmed", one => one.Confirmed);

        void WatchConnection(string name, string unit, string description, Func<ConnectionFigure, long> figure) => set.Watch(
            name, unit, description, _connections, all => all.Select(one => (one.Venue, one.Connection, figure(one))), "venue", "connection");
    }

    private sealed class FeedCounters(MetricSet set)
    {
        public TaggedCounter Frames { get; } = set.Add("pipeline.feed.frames", "{frame}", "Frames received from venues", "venue");

        public TaggedCounter Bytes { get; } = set.Add("pipeline.feed.bytes", "By", "Payload bytes received from venues", "venue");

        public TaggedCounter ControlFrames { get; } = set.Add("pipeline.feed.control_frames", "{frame}", "Answers to requests", "venue");

        public TaggedCounter DeadLetters { get; } = set.Add(
            "pipeline.feed.dead_letters", "{frame}", "Frames not understood", "venue", "reason");

        public TaggedCounter Connects { get; } = set.Add(
            "pipeline.feed.connects", "{connection}", "Connections established", "venue", "reason");

        public TaggedCounter Disconnects { get; } = set.Add(
            "pipeline.feed.disconnects", "{connection}", "Connections ended", "venue", "reason");

        public TaggedCounter ConnectFailures { get; } = set.Add(
            "pipeline.feed.connect_failures", "{attempt}", "Connection attempts that failed", "venue", "reason");

        public TaggedCounter ConnectsHeld { get; } = set.Add(
            "pipeline.feed.connects_held", "{attempt}", "Connection attempts that had to wait, for room or for the venue's limit", "venue");

        public TaggedCounter ConnectWait { get; } = set.Add(
            "pipeline.feed.connect_wait", "ms", "Time that connection attempts waited", "venue");

        public TaggedCounter WireBytes { get; } = set.Add(
            "pipeline.feed.wire_bytes", "By", "Bytes of WebSocket frames as received, headers included, before inflation", "venue");

        public TaggedCounter Compressed { get; } = set.Add(
            "pipeline.feed.compressed", "{connection}", "Open connections whose compression was negotiated", "venue", goesDown: true);

        public TaggedCounter BudgetExceeded { get; } = set.Add(
            "pipeline.feed.traffic_budget_exceeded", "{event}", "Times a venue's traffic rose above its budget", "venue");

        public TaggedCounter Announcements { get; } = set.Add(
            "pipeline.feed.shutdown_notices", "{notice}", "Sockets whose end the venue announced", "venue");

        public TaggedCounter Recoveries { get; } = set.Add(
            "pipeline.feed.recoveries", "{recovery}", "Connections that have data again, by why they had none", "venue", "reason");

        public TaggedCounter Replacements { get; } = set.Add(
            "pipeline.feed.replacements", "{replacement}", "Twins of connections by what became of them", "venue", "outcome");

        public TaggedCounter Pauses { get; } = set.Add(
            "pipeline.feed.pauses", "{pause}", "Times a connection was held back for want of room", "venue");

        public TaggedCounter Requests { get; } = set.Add(
            "pipeline.feed.requests", "{request}", "Subscription requests by outcome", "venue", "outcome");

        public TaggedCounter StreamsFailed { get; } = set.Add(
            "pipeline.feed.streams_failed", "{stream}", "Streams that could not be had, by why; each is tried again", "venue", "reason");

        public TaggedCounter ObserverErrors { get; } = set.Add(
            "pipeline.feed.observer_errors", "{error}", "Exceptions thrown by observers of a connection", "venue");
    }
}
