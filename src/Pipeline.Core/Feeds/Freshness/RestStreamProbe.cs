using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>
/// Asks a venue by HTTP whether it has something newer than a silent stream has brought. Trades are compared by id, or by time where ids
/// do not rise; books by their ids where those of the answer are the stream's; quotes by the values of the best levels; tickers and
/// candles by the newest trade, which changes them. Where it cannot tell, or does not answer, another probe is asked.
/// <para>
/// An answer may overtake the stream: what is newer must still be missing a moment later.
/// </para>
/// </summary>
public sealed class RestStreamProbe : IStreamProbe
{
    /// <summary>How long the stream may take to bring what the answer has shown.</summary>
    internal static readonly TimeSpan Overtake = TimeSpan.FromSeconds(1);

    /// <summary>Streams that come in steps take longer.</summary>
    internal static readonly TimeSpan Step = TimeSpan.FromSeconds(3);

    /// <summary>Of times told by two clocks.</summary>
    private const long Tolerance = 1_000_000;

    private const int TradeRows = 5;
    private const int BookDepth = 5;

    private readonly IVenueRest _rest;
    private readonly FeedSource _source;
    private readonly string _tradeSource;
    private readonly StreamActivity _activity;
    private readonly IStreamProbe _otherwise;
    private readonly TimeProvider _time;

    /// <param name="source">Names the venue, knows its symbols and its unit of time.</param>
    /// <param name="tradeSource">The stream the trades come from, in the venue's word.</param>
    /// <param name="otherwise">Asked when the venue cannot tell.</param>
    public RestStreamProbe(
        IVenueRest rest, FeedSource source, string tradeSource, StreamActivity activity, IStreamProbe otherwise, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(rest);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(tradeSource);
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(otherwise);
        ArgumentNullException.ThrowIfNull(time);
        _rest = rest;
        _source = source;
        _tradeSource = tradeSource;
        _activity = activity;
        _otherwise = otherwise;
        _time = time;
    }

    /// <inheritdoc/>
    public async Task<ProbeResult> ProbeAsync(FeedStream stream, long since, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var result = ProbeResult.Unknown;
        try
        {
            result = await AskAsync(stream, since, cancellation);
        }
        catch (VenueRestException)
        {
            // It is counted where requests are; here it only means that nobody can tell.
        }
        catch (OperationCanceledException)
        {
            return ProbeResult.Unknown;
        }
        catch (ArgumentException)
        {
            // A symbol that is not known any more.
        }

        return result == ProbeResult.Unknown ? await _otherwise.ProbeAsync(stream, since, cancellation) : result;
    }

    private Task<ProbeResult> AskAsync(FeedStream stream, long since, CancellationToken cancellation)
    {
        if (stream.Instrument is not { } instrument || StreamKind.Of(stream) is not (var kind and >= 0))
        {
            return Task.FromResult(ProbeResult.Unknown);
        }

        var trace = _activity.Of(instrument, kind);
        return stream.Channel switch
        {
            StreamChannel.Trade => AskTradesAsync(instrument, trace, since, cancellation),
            StreamChannel.Quote => AskQuoteAsync(instrument, trace, since, cancellation),
            StreamChannel.Book when instrument.Rules.Book is BookRule.Range or BookRule.Previous =>
                AskBookAsync(instrument, trace, since, cancellation),
            StreamChannel.Ticker or StreamChannel.VenueCandle => AskFollowerAsync(instrument, trace, since, cancellation),
            _ => Task.FromResult(ProbeResult.Unknown),
        };
    }

    private async Task<ProbeResult> AskTradesAsync(Instrument instrument, StreamTrace trace, long since, CancellationToken cancellation)
    {
        if (await FindNewestTradeAsync(instrument, cancellation) is not { } newest || newest.Time <= since + Tolerance)
        {
            // Nothing has happened since the stream was subscribed to; what it missed before is not its present connection's fault.
            return ProbeResult.UpToDate;
        }

        var isOrdered = instrument.Rules.Trades != IdDiscipline.Unordered;
        bool Has() => trace.Count > 0 && (isOrdered ? trace.NewestId >= newest.Id : trace.EventTime >= newest.EventTime);
        if (!Has())
        {
            await Task.Delay(Overtake, _time, cancellation);
        }

        return Has() ? ProbeResult.UpToDate : ProbeResult.Behind;
    }

    private async Task<ProbeResult> AskBookAsync(Instrument instrument, StreamTrace trace, long since, CancellationToken cancellation)
    {
        var count = trace.Count;
        var id = (await FetchBookAsync(instrument, cancellation)).Id;
        if (trace.Arrival <= since)
        {
            // It has brought nothing yet that could be compared: does the book change at all?
            await Task.Delay(Overtake, _time, cancellation);
            var later = (await FetchBookAsync(instrument, cancellation)).Id;
            return later == id ? ProbeResult.UpToDate : await AwaitDataAsync(trace, count, cancellation);
        }

        return trace.NewestId >= id ? ProbeResult.UpToDate : await AwaitDataAsync(trace, count, cancellation);
    }

    private async Task<ProbeResult> AskQuoteAsync(Instrument instrument, StreamTrace trace, long since, CancellationToken cancellation)
    {
        var count = trace.Count;
        var best = (await FetchBookAsync(instrument, cancellation)).Best;
        var known = trace.Arrival <= since ? best : trace.Digest;
        if (trace.Arrival > since && best == known)
        {
            return ProbeResult.UpToDate;
        }

        // Another price may have lasted for an instant only.
        await Task.Delay(Overtake, _time, cancellation);
        best = (await FetchBookAsync(instrument, cancellation)).Best;
        return best == known ? ProbeResult.UpToDate : await AwaitDataAsync(trace, count, cancellation);
    }

    /// <summary>A trade changes tickers and candles, if in steps.</summary>
    private async Task<ProbeResult> AskFollowerAsync(Instrument instrument, StreamTrace trace, long since, CancellationToken cancellation)
    {
        var count = trace.Count;
        var newest = await FindNewestTradeAsync(instrument, cancellation);
        if (newest is not { } trade || trade.Time <= Math.Max(since, trace.Arrival) + CanaryProbe.Margin)
        {
            return ProbeResult.UpToDate;
        }

        await Task.Delay(Step, _time, cancellation);
        return trace.Count == count ? ProbeResult.Behind : ProbeResult.UpToDate;
    }

    private async Task<ProbeResult> AwaitDataAsync(StreamTrace trace, long count, CancellationToken cancellation)
    {
        await Task.Delay(Overtake, _time, cancellation);
        return trace.Count == count ? ProbeResult.Behind : ProbeResult.UpToDate;
    }

    private async Task<NewestTrade?> FindNewestTradeAsync(Instrument instrument, CancellationToken cancellation)
    {
        var answer = new VenueBatch { Source = _source };
        await _rest.GetTradesAsync(instrument.Symbol, _tradeSource, fromId: null, TradeRows, answer, cancellation);
        if (answer.Trades.Count == 0)
        {
            return null;
        }

        // Oldest first, by the contract; where ids do not rise neither do times of the same instant.
        var trade = answer.Trades[answer.Trades.Count - 1];
        var eventTime = trade.Time * _source.TimeUnit;
        return new NewestTrade(trade.Id, eventTime, eventTime + _activity.LagOf(_source.Venue).Usual);
    }

    private async Task<(long Id, long Best)> FetchBookAsync(Instrument instrument, CancellationToken cancellation)
    {
        var answer = new VenueBatch { Source = _source };
        await _rest.GetBookAsync(instrument.Symbol, BookDepth, answer, cancellation);
        if (answer.BookUpdates.Count == 0)
        {
            throw new VenueRestException(VenueRestFailure.BadAnswer, $"No book of {instrument}.");
        }

        var update = answer.BookUpdates[0];
        BookLevel Level(bool isThere, int at) => isThere ? answer.Levels[update.FirstLevel + at] : default;
        var (bid, ask) = (Level(update.Bids > 0, 0), Level(update.Asks > 0, update.Bids));
        return (update.LastUpdateId, QuoteDigest.Of(bid.Price, bid.Quantity, ask.Price, ask.Quantity));
    }

    /// <param name="EventTime">By the venue's clock, microseconds.</param>
    /// <param name="Time">By ours, as far as that is known.</param>
    private readonly record struct NewestTrade(long Id, long EventTime, long Time);
}
