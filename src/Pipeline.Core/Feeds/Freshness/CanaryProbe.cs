using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>
/// Judges a silent stream by the trades of its instrument, where a venue cannot be asked: a trade changes the quote, the book, the ticker
/// and the candle. Nothing tells of the trades themselves, since quotes move without any.
/// </summary>
public sealed class CanaryProbe : IStreamProbe
{
    /// <summary>Streams that come in steps may be so far behind the trades.</summary>
    internal const long Margin = 5_000_000;

    private readonly StreamActivity _activity;

    public CanaryProbe(StreamActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        _activity = activity;
    }

    /// <inheritdoc/>
    public Task<ProbeResult> ProbeAsync(FeedStream stream, long since, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Task.FromResult(Judge(stream, since));
    }

    private ProbeResult Judge(FeedStream stream, long since)
    {
        var follows = stream.Channel is StreamChannel.Quote or StreamChannel.Book or StreamChannel.PartialBook or StreamChannel.Ticker
            or StreamChannel.VenueCandle;
        if (!follows || stream.Instrument is not { } instrument || StreamKind.Of(stream) is not (var kind and >= 0)
            || _activity.Find(instrument, StreamKind.Trade) is not { } trades)
        {
            return ProbeResult.Unknown;
        }

        var heard = Math.Max(since, _activity.Find(instrument, kind)?.Arrival ?? 0);
        return trades.Arrival > heard + Margin ? ProbeResult.Behind : ProbeResult.Unknown;
    }
}
