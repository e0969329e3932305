using Pipeline.Core.Market;

namespace Pipeline.Gateway.Streams;

/// <summary>A set of kinds of data, in bits.</summary>
/// <param name="Kinds">Bit by <see cref="DataKind"/>.</param>
/// <param name="Intervals">Bit by <see cref="CandleInterval.Index"/>; of candles.</param>
internal readonly record struct DataTypeSet(int Kinds, int Intervals)
{
    private const int EveryInterval = (1 << 16) - 1;

    public static DataTypeSet All { get; } = new((1 << ((int)DataKind.Health + 1)) - 1, EveryInterval);

    public static DataTypeSet Of(DataKind kind, CandleInterval? interval) =>
        new(1 << (int)kind, kind != DataKind.Candle ? 0 : interval is null ? EveryInterval : 1 << interval.Index);

    public DataTypeSet Plus(DataTypeSet other) => new(Kinds | other.Kinds, Intervals | other.Intervals);

    public bool Has(MarketStream stream) =>
        (Kinds & (1 << (int)stream.Kind)) != 0 && (stream.Interval is null || (Intervals & (1 << stream.Interval.Index)) != 0);
}
