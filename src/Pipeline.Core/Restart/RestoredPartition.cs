using Pipeline.Core.Market;

namespace Pipeline.Core.Restart;

/// <summary>What became of a partition's state and tail.</summary>
/// <param name="States">From where the stations go on, by the instrument's key; the instruments are the log's, not the process's own.</param>
/// <param name="GapsToWrite">Records that the log of holes lacks; they go before everything else.</param>
/// <param name="CandlesToWrite">Records that the log of candles lacks, per instrument in the order of their windows' ends.</param>
public sealed record RestoredPartition(
    int Partition,
    IReadOnlyDictionary<string, InstrumentState> States,
    IReadOnlyList<Gap> GapsToWrite,
    IReadOnlyList<Candle> CandlesToWrite)
{
    /// <summary>Trades and prices of the tail that were folded.</summary>
    public long Folded { get; init; }

    /// <summary>Trades of the tail that were in the log twice.</summary>
    public long Duplicates { get; init; }

    /// <summary>Holes whose end is still to come.</summary>
    public int OpenGaps => States.Values.Sum(state => state.Trades?.OpenGaps.Count ?? 0);

    /// <summary>
    /// The state of an instrument of this process, to be asked once for each; null when the log knows nothing of it. Under another symbol
    /// it is another instrument.
    /// </summary>
    public InstrumentState? StateOf(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        if (!States.TryGetValue(instrument.Key, out var state) || state.Instrument.Symbol != instrument.Symbol)
        {
            return null;
        }

        return new InstrumentState(instrument)
        {
            Trades = state.Trades is { } trades
                ? trades with
                {
                    OpenGaps = [.. trades.OpenGaps.Select(gap => gap with { Instrument = instrument })],
                    SilentHoles = [.. trades.SilentHoles.Select(gap => gap with { Instrument = instrument })],
                }
                : null,
            Candles = state.Candles,
        };
    }
}
