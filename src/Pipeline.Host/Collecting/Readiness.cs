using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Host.Collecting;

/// <summary>Whether a collector is ready, and else the worst of what it waits for: answer of <c>GET /readyz</c>.</summary>
/// <param name="Reason">In words; of one that is ready, which streams the venues refused; empty when there is nothing to say.</param>
/// <param name="Stream">Such as <c>binance:BTC-USDT:trade</c>.</param>
/// <param name="State">Of the stream: <c>stale</c> or <c>paused</c>.</param>
/// <param name="Since">When it came into this state, market-clock microseconds.</param>
internal sealed record Readiness(
    bool Ready, string Reason, string? Venue = null, string? Connection = null, string? Stream = null, string? State = null, long? Since = null)
{
    /// <summary>Most streams named.</summary>
    public const int MostNamed = StreamTroubles.MostNamed;

    public static readonly Readiness Yes = new(true, "");

    /// <summary>Streams that do not come, the worst first, at most <see cref="MostNamed"/>.</summary>
    public IReadOnlyList<UnwellStream> Streams { get; init; } = [];

    /// <summary>How many there are besides.</summary>
    public int MoreStreams { get; init; }

    public static Readiness No(string reason, string? venue = null) => new(false, reason, venue);

    /// <summary>
    /// The worst is what costs most: a venue, streams without a connection, a connection, unconfirmed streams, then a stream that does not
    /// come. A stream that the venue refuses is no reason to wait, since waiting does not help: it is named, and a venue that refuses all
    /// its streams is not ready.
    /// </summary>
    /// <param name="missing">Venues that are not collected from, and why.</param>
    /// <param name="unwell">Streams that are stale or paused, the worst first, and how many there are.</param>
    /// <param name="now">Market-clock microseconds.</param>
    public static Readiness Of(
        IReadOnlyList<(string Venue, string Reason)> missing,
        IReadOnlyList<VenueFeedStatistics> feeds,
        (IReadOnlyList<StreamHealth> Worst, int Count) unwell,
        long now)
    {
        List<UnwellStream> named =
        [
            .. feeds.SelectMany(feed => Name(feed, isRefused: false)),
            .. unwell.Worst.Select(health => new UnwellStream(NameOf(health), StateOf(health), $"for {SecondsOf(health, now)} s: {health.Reason}")),
            .. feeds.SelectMany(feed => Name(feed, isRefused: true)),
        ];
        var count = feeds.Sum(feed => feed.Troubles.Refused + feed.Troubles.Waiting) + unwell.Count;
        List<UnwellStream> streams = [.. named.Take(MostNamed)];
        return (Wait(missing, feeds, unwell.Worst, now) ?? Affirm(feeds, streams)) with { Streams = streams, MoreStreams = count - streams.Count };
    }

    /// <summary>As lines of text, the first by itself enough.</summary>
    public string ToText()
    {
        if (Ready)
        {
            return Reason.Length == 0 ? "ok" : Reason;
        }

        var more = MoreStreams > 0 ? [$"and {MoreStreams} more streams"] : Array.Empty<string>();
        return string.Join('\n', [Reason, .. Streams.Select(stream => stream.ToString()), .. more]);
    }

    /// <summary>What is waited for; null when nothing is.</summary>
    private static Readiness? Wait(
        IReadOnlyList<(string Venue, string Reason)> missing, IReadOnlyList<VenueFeedStatistics> feeds, IReadOnlyList<StreamHealth> worst, long now)
    {
        if (missing.Count > 0)
        {
            return No(string.Join("; ", missing.Select(one => $"{one.Venue}: {one.Reason}")), missing[0].Venue);
        }

        if (feeds.FirstOrDefault(feed => feed.UnplacedStreams > 0) is { } unplaced)
        {
            return No($"{unplaced.Venue}: {unplaced.UnplacedStreams} streams are on no connection yet", unplaced.Venue);
        }

        if (WaitForConnection(feeds) is { } connection)
        {
            return connection;
        }

        if (feeds.FirstOrDefault(feed => feed.Troubles.Refused > 0 && feed.Troubles.Refused == feed.Streams.Count) is { } refused)
        {
            return No($"{refused.Venue} refuses all {refused.Streams.Count} streams", refused.Venue);
        }

        return worst is [var health, ..]
            ? new Readiness(
                false, $"{NameOf(health)}: {StateOf(health)} for {SecondsOf(health, now)} s ({health.Reason})", health.Instrument.Venue,
                health.Connection, NameOf(health), StateOf(health), health.Since)
            : null;
    }

    private static Readiness? WaitForConnection(IReadOnlyList<VenueFeedStatistics> feeds)
    {
        var waiting = feeds.SelectMany(feed => feed.Connections.Select(connection => (Feed: feed, Connection: connection)))
            .Where(one => !one.Connection.IsRunning || !one.Connection.IsReady)
            .OrderBy(one => one.Connection.IsRunning).ThenBy(one => one.Connection.LastMessageAt).ToList();
        if (waiting is not [var (feed, connection), ..])
        {
            return null;
        }

        var what = connection.IsRunning ? $"{connection.Confirmed} of {connection.Streams} streams confirmed" : "not connected";
        var more = waiting.Count > 1 ? $"; {waiting.Count - 1} more connections wait" : "";
        return new Readiness(false, $"{connection.Id}: {what}{more}", feed.Venue, connection.Id);
    }

    private static Readiness Affirm(IReadOnlyList<VenueFeedStatistics> feeds, List<UnwellStream> named)
    {
        var refused = feeds.Sum(feed => feed.Troubles.Refused);
        if (refused == 0)
        {
            return Yes;
        }

        var names = string.Join(", ", named.Select(stream => $"{stream.Stream} ({stream.Reason})"));
        var more = refused > named.Count ? $" and {refused - named.Count} more" : "";
        return Yes with { Reason = $"ready, {refused} {(refused == 1 ? "stream" : "streams")} refused: {names}{more}" };
    }

    private static IEnumerable<UnwellStream> Name(VenueFeedStatistics feed, bool isRefused) => feed.Troubles.Named
        .Where(trouble => isRefused == (trouble.Kind == StreamTroubleKind.Refused))
        .Select(trouble => new UnwellStream($"{feed.Venue} {trouble.Stream}", trouble.Kind.ToString().ToLowerInvariant(), trouble.Reason));

    private static string NameOf(in StreamHealth health) => $"{health.Instrument.Key}:{health.DataType}";

    private static string StateOf(in StreamHealth health) => HealthStateNames.Of(health.State);

    private static long SecondsOf(in StreamHealth health, long now) => Math.Max(0, (now - health.Since) / 1_000_000);
}
