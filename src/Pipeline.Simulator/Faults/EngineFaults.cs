using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Faults;

/// <summary>The faults of one market.</summary>
internal sealed class EngineFaults(FaultBoard? board, SimulatedVenue venue, string symbol)
{
    /// <summary>Of a market where nothing goes wrong.</summary>
    public static readonly EngineFaults None = new(null, SimulatedVenue.BinanceSpot, "");

    /// <summary>True when a taker order is not to be made.</summary>
    public bool PausesTrading => board is { IsQuiet: false } && board.Strike(FaultId.F51, venue, symbol) is not null;

    /// <summary>True when the next trade is to be made and never shown.</summary>
    public bool WithholdsTrade => board is { IsQuiet: false } && board.Strike(FaultId.F72, venue, symbol) is not null;

    /// <summary>True when the oldest false candle is to be put right.</summary>
    public bool CorrectsCandle => board is { IsQuiet: false } && board.Strike(FaultId.F71, venue, symbol) is not null;

    /// <summary>Name of the value that is to be wrong in a candle that closes; null = none.</summary>
    /// <param name="interval">Name of its interval.</param>
    public string? TakeFalseField(string interval)
    {
        if (board is null or { IsQuiet: true })
        {
            return null;
        }

        var fault = board.Active.FirstOrDefault(one => one.Id == FaultId.F70 && one.Concerns(venue) && one.Filter.TakesSymbol(symbol)
            && one.Values.Text("interval") == interval && one.TryStrike());
        return fault?.Values.Text("field");
    }

    /// <summary>Ids to be skipped for good, of trades and of aggregates.</summary>
    /// <param name="nextTrade">Id that the next trade would have.</param>
    public (int Trades, int Aggregates) TakeHole(long nextTrade)
    {
        if (board is null or { IsQuiet: true })
        {
            return default;
        }

        if (board.Strike(FaultId.F48, venue, symbol) is { } hole)
        {
            var ids = (int)hole.Values.Whole("ids");
            hole.Note(venue, symbol, ids: (nextTrade, nextTrade + ids - 1));
            return (ids, ids);
        }

        if (board.Strike(FaultId.F49, venue, symbol) is not { } gap)
        {
            return default;
        }

        var skipped = (int)gap.Values.Whole("ids");
        gap.Note(venue, symbol, ids: (nextTrade, nextTrade + skipped - 1));
        return (skipped, 0);
    }

    /// <summary>Microseconds by which a venue's clock is ahead.</summary>
    public static long SkewOf(FaultBoard? board, SimulatedVenue venue) =>
        board is null or { IsQuiet: true } || board.Strike(FaultId.F68, venue) is not { } skew ? 0 : skew.Values.Whole("milliseconds") * UnixTime.Millisecond;
}
