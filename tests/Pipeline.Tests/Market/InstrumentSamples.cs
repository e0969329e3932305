using Pipeline.Core.Market;

namespace Pipeline.Tests.Market;

/// <summary>What venues list, in tests.</summary>
internal static class InstrumentSamples
{
    public static InstrumentInfo Pair(
        string venue,
        string symbol,
        InstrumentKind kind = InstrumentKind.Spot,
        string baseCurrency = "BTC",
        string quote = "USDT",
        InstrumentStatus status = InstrumentStatus.Trading) => new(
        venue, InstrumentNames.IdOf(baseCurrency, quote, kind), symbol, kind, baseCurrency, quote, Number.Parse("0.01"), Number.Parse("0.001"), null, status);

    public static InstrumentInfo Spot(string baseCurrency, string quote = "USDT", InstrumentStatus status = InstrumentStatus.Trading) =>
        Pair("binance", baseCurrency + quote, InstrumentKind.Spot, baseCurrency, quote, status);

    public static InstrumentInfo Swap(string baseCurrency, string quote = "USDT") =>
        Pair("okx", $"{baseCurrency}-{quote}-SWAP", InstrumentKind.Perpetual, baseCurrency, quote);

    public static InstrumentInfo OkxSpot(string baseCurrency, string quote = "USDT") =>
        Pair("okx", $"{baseCurrency}-{quote}", InstrumentKind.Spot, baseCurrency, quote);
}
