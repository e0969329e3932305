using Pipeline.Core.Market;

namespace Pipeline.Gateway.Instruments;

/// <summary>The instruments of <c>md.instruments</c>, found under any of their names. For any thread.</summary>
internal interface IInstrumentFinder
{
    /// <summary>Rises with every change.</summary>
    long Version { get; }

    /// <summary>Newest record of every instrument, delisted ones among them, ordered by venue and id.</summary>
    IReadOnlyList<InstrumentRecord> All { get; }

    /// <summary>Names of venues, in order.</summary>
    IReadOnlyList<string> Venues { get; }

    /// <summary>The instrument of our own key, <c>binance:BTC-USDT</c>; null when there is none. Exact.</summary>
    InstrumentRecord? Get(string key);

    /// <summary>
    /// What a name stands for, in whichever spelling: ours (<c>binance:BTC-USDT</c>, <c>BTC-USDT</c>), ccxt (<c>BTC/USDT</c>,
    /// <c>BTC/USDT:USDT</c>), TradingView (<c>BINANCE:BTCUSDT.P</c>) or the venue's. Of renamed instruments the present one.
    /// </summary>
    /// <param name="venue">Only of this venue, in our name or TradingView's of the exchange; null = of any.</param>
    /// <returns>One, none, or several when the name does not say which.</returns>
    IReadOnlyList<InstrumentRecord> Find(string name, string? venue = null);
}
