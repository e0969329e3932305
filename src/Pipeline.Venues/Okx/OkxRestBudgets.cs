using Pipeline.Venues.Rest;

namespace Pipeline.Venues.Okx;

/// <summary>What each path of the HTTP interface allows in two seconds, per address (documentation of 2026-07-28).</summary>
internal sealed class OkxRestBudgets(TimeSpan window, TimeProvider clock)
{
    public WeightBudget Instruments { get; } = WeightBudget.Rolling(20, window, clock);

    public WeightBudget Tickers { get; } = WeightBudget.Rolling(20, window, clock);

    public WeightBudget Time { get; } = WeightBudget.Rolling(10, window, clock);

    public WeightBudget HistoryTrades { get; } = WeightBudget.Rolling(20, window, clock);

    public WeightBudget Candles { get; } = WeightBudget.Rolling(40, window, clock);

    public WeightBudget HistoryCandles { get; } = WeightBudget.Rolling(20, window, clock);

    public WeightBudget Books { get; } = WeightBudget.Rolling(40, window, clock);

    /// <summary>Shows all of them among the client's figures.</summary>
    public void ShowBy(VenueRestClient client)
    {
        client.Show("instruments", Instruments);
        client.Show("tickers", Tickers);
        client.Show("time", Time);
        client.Show("history-trades", HistoryTrades);
        client.Show("candles", Candles);
        client.Show("history-candles", HistoryCandles);
        client.Show("books", Books);
    }
}
