using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Okx;

/// <summary>Rows of <c>/api/v5/market</c>. Called while the world stands still.</summary>
internal static class OkxRestMarket
{
    private const int MostCandles = 300;
    private const int MostTrades = 500;
    private const int MostHistoryTrades = 100;
    private const int Default = 100;

    /// <summary>Bars older than <c>after</c> and newer than <c>before</c>, newest first.</summary>
    /// <param name="frame">Where to.</param>
    /// <param name="query">The request.</param>
    /// <param name="now">Microseconds.</param>
    /// <param name="most">Newest bars that can be reached at all.</param>
    public static void Candles(FrameBuilder frame, OkxQuery query, long now, int most)
    {
        var instrument = query.Instrument();
        if (!OkxBars.Series.TryGetValue(query.Text("bar") ?? "1m", out var series))
        {
            throw OkxRestException.BadParameter("bar");
        }

        var from = query.Integer("before") is { } before ? Microseconds(before) + 1 : 0;
        var to = query.Integer("after") is { } after ? Microseconds(after) - 1 : long.MaxValue - 1;
        var limit = query.Limit("limit", Default, MostCandles);
        var reachable = instrument.Engine.Klines.Read(series, 0, long.MaxValue, most, newest: true);
        var bars = reachable.Where(bar => bar.OpenTime >= from && bar.OpenTime <= to).TakeLast(limit).Reverse();
        Rows(frame, bars, bar => OkxPayload.Candle(frame, instrument, bar, bar.EndTime <= now));
    }

    /// <summary>The newest aggregated trades.</summary>
    public static void Trades(FrameBuilder frame, OkxQuery query, long now)
    {
        var instrument = query.Instrument();
        var limit = query.Limit("limit", Default, MostTrades);
        var aggregates = instrument.Engine.Aggregates;
        var rows = aggregates.Read(Math.Max(aggregates.OldestId, aggregates.NextId - limit), long.MaxValue, limit);
        var sequence = instrument.SequenceOf(instrument.Engine.Book.LastUpdateId);
        Rows(frame, rows.AsEnumerable().Reverse(), trade => OkxPayload.Trade(frame, instrument, trade, sequence));
    }

    /// <summary>
    /// Fills, paged by id (<c>type</c> 1, both directions) or time (<c>type</c> 2, backwards). With <c>before</c> alone the newest of
    /// the range come, as in every other list of the venue.
    /// </summary>
    public static void HistoryTrades(FrameBuilder frame, OkxQuery query, long now)
    {
        var instrument = query.Instrument();
        var truth = instrument.Engine.Truth;
        var byTime = (query.Integer("type") ?? 1) switch
        {
            1 => false,
            2 => true,
            _ => throw OkxRestException.BadParameter("type"),
        };
        var limit = query.Limit("limit", Default, MostHistoryTrades);
        var end = truth.NextId;
        if (query.Integer("after") is { } after)
        {
            end = byTime ? truth.FindTime(Microseconds(after)) : Math.Clamp(after, truth.OldestId, truth.NextId);
        }

        var start = truth.OldestId;
        if (!byTime && query.Integer("before") is { } before)
        {
            start = Math.Clamp(before, start - 1, long.MaxValue - 1) + 1;
        }

        var ids = new List<long>();
        for (var id = end - 1; id >= start && ids.Count < limit; id--)
        {
            if (truth[id].IsMade)
            {
                ids.Add(id);
            }
        }

        Rows(frame, ids, id => OkxPayload.Fill(frame, instrument, instrument.Engine.Truth[id]));
    }

    /// <param name="frame">Where to.</param>
    /// <param name="query">The request.</param>
    /// <param name="now">Microseconds.</param>
    /// <param name="most">Levels a side.</param>
    /// <param name="full">Levels of three elements and no sequence id.</param>
    public static void Book(FrameBuilder frame, OkxQuery query, long now, int most, bool full)
    {
        var instrument = query.Instrument();
        var snapshot = instrument.Engine.Book.Snapshot(query.Limit("sz", 1, most));
        frame.Text("{"u8);
        OkxPayload.Book(frame, instrument, [.. snapshot.Asks], [.. snapshot.Bids], withZero: !full);
        if (!full)
        {
            frame.Text(",\"seqId\":"u8).Integer(instrument.SequenceOf(snapshot.UpdateId));
        }

        frame.Text(",\"ts\":\""u8).Integer(now / UnixTime.Millisecond).Text("\"}"u8);
    }

    public static void Tickers(FrameBuilder frame, OkxQuery query, long now) =>
        Rows(frame, query.Instruments(), instrument => OkxPayload.Ticker(frame, instrument, now));

    public static void Ticker(FrameBuilder frame, OkxQuery query, long now) => OkxPayload.Ticker(frame, query.Instrument(), now);

    /// <summary>Writes rows with commas between them.</summary>
    public static void Rows<T>(FrameBuilder frame, IEnumerable<T> rows, Action<T> write)
    {
        var first = true;
        foreach (var row in rows)
        {
            frame.Text(first ? ""u8 : ","u8);
            first = false;
            write(row);
        }
    }

    // A time of a client's own choice must not overflow.
    private static long Microseconds(long milliseconds) =>
        Math.Min(milliseconds, long.MaxValue / (2 * UnixTime.Millisecond)) * UnixTime.Millisecond;
}
