using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Host.Collecting;

/// <summary>Whether a collector is ready, and else the worst of what it waits for: answer of <c>GET /readyz</c>.</summary>
/// <param name="Reason">In words; empty when it is ready.</param>
/// <param name="Stream">Such as <c>binance:BTC-USDT:trade</c>.</param>
/// <param name="State">Of the stream: <c>stale</c> or <c>paused</c>.</param>
/// <param name="Since">When it came into this state, market-clock microseconds.</param>
internal sealed record Readiness(
    bool Ready, string Reason, string? Venue = null, string? Connection = null, string? Stream = null, string? State = null, long? Since = null)
{
    public static readonly Readiness Yes = new(true, "");

    public static Readiness No(string reason, string? venue = null) => new(false, reason, venue);

    /// <summary>The worst is what costs most: a venue, streams without a connection, a connection, unconfirmed streams, then a stream that does not come.</summary>
    /// <param name="missing">Venues that are not collected from, and why.</param>
    /// <param name="worst">The stream that is worst by its health; null when none is unwell.</param>
    /// <param name="now">Market-clock microseconds.</param>
    public static Readiness Of(
        IReadOnlyList<(string Venue, string Reason)> missing, IReadOnlyList<VenueFeedStatistics> feeds, StreamHealth? worst, long now)
    {
        if (missing.Count > 0)
        {
            return No(string.Join("; ", missing.Select(one => $"{one.Venue}: {one.Reason}")), missing[0].Venue);
        }

        if (feeds.FirstOrDefault(feed => feed.UnplacedStreams > 0) is { } unplaced)
        {
            return No($"{unplaced.Venue}: {unplaced.UnplacedStreams} streams are on no connection yet", unplaced.Venue);
        }

        var waiting = feeds.SelectMany(feed => feed.Connections.Select(connection => (feed.Venue, Connection: connection)))
            .Where(one => !one.Connection.IsRunning || !one.Connection.IsReady)
            .OrderBy(one => one.Connection.IsRunning).ThenBy(one => one.Connection.LastMessageAt).ToList();
        if (waiting is [var (venue, connection), ..])
        {
            var what = connection.IsRunning ? $"{connection.Confirmed} of {connection.Streams} streams confirmed" : "not connected";
            var more = waiting.Count > 1 ? $"; {waiting.Count - 1} more connections wait" : "";
            return new Readiness(false, $"{connection.Id}: {what}{more}", venue, connection.Id);
        }

        if (worst is not { } health)
        {
            return Yes;
        }

        var stream = $"{health.Instrument.Key}:{health.DataType}";
        var state = health.State.ToString().ToLowerInvariant();
        var seconds = Math.Max(0, (now - health.Since) / 1_000_000);
        return new Readiness(
            false, $"{stream}: {state} for {seconds} s ({health.Reason})", health.Instrument.Venue, health.Connection, stream, state, health.Since);
    }
}
