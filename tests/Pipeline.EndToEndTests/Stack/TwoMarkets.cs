namespace Pipeline.EndToEndTests.Stack;

/// <summary>Sections of the topology that most tests share: two lively pairs of a simulated Binance.</summary>
internal static class TwoMarkets
{
    public static string Venue(string channels = "trade") => $"""
        instruments: [BTC-USDT, ETH-USDT]
        channels: [{channels}]
        tradeSource: trade
        """;

    /// <param name="tradesPerSecond">Of each pair.</param>
    /// <param name="quotesPerSecond">Of each pair.</param>
    public static string Simulator(int tradesPerSecond, int quotesPerSecond = 20) => $$"""
        tradesPerSecond: {{tradesPerSecond}}
        quotesPerSecond: {{quotesPerSecond}}
        symbols:
          BTC-USDT: {price: 91234.56, priceStep: 0.01, quantityStep: 0.00001}
          ETH-USDT: {price: 3120.10, priceStep: 0.01, quantityStep: 0.0001}
        """;
}
