using Pipeline.Core.Market;

namespace Pipeline.Core.Topology;

/// <summary>Something the simulated venues list, each in its own spelling and with a market of its own.</summary>
/// <param name="Instrument">Base and quote, such as <c>BTC-USDT</c>.</param>
/// <param name="Price">Opening price.</param>
/// <param name="PriceStep">Smallest price change.</param>
/// <param name="QuantityStep">Smallest quantity.</param>
public sealed record SimulatedSymbol(string Instrument, Number Price, Number PriceStep, Number QuantityStep)
{
    /// <summary>Taker orders per second; null = as many as <see cref="SimulatorOptions.TradesPerSecond"/> says.</summary>
    public double? TradesPerSecond { get; init; }

    /// <summary>Quote changes per second; null = as many as <see cref="SimulatorOptions.QuotesPerSecond"/> says.</summary>
    public double? QuotesPerSecond { get; init; }

    public string Base => Instrument[..Instrument.IndexOf('-', StringComparison.Ordinal)];

    public string Quote => Instrument[(Instrument.IndexOf('-', StringComparison.Ordinal) + 1)..];
}
