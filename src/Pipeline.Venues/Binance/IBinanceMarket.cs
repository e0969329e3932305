using Pipeline.Core.Feeds;

namespace Pipeline.Venues.Binance;

/// <summary>Where the frames of Binance's markets differ.</summary>
internal interface IBinanceMarket
{
    /// <summary>Takes a frame in the market's usual order of fields; false means only that it is not so, and that nothing was added.</summary>
    static abstract bool TryPredict(ReadOnlySpan<byte> frame, SymbolTable symbols, VenueBatch into);

    /// <summary>Adds the record that the fields of a payload make; the reason why not, when they make none.</summary>
    /// <param name="payload">Bytes that the places in <paramref name="fields"/> refer to.</param>
    static abstract string? Add(ReadOnlySpan<byte> payload, in BinanceFields fields, SymbolTable symbols, VenueBatch into);
}
