using System.Collections.Concurrent;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Feeds.Repair;

/// <summary>A venue's HTTP interface that knows trades up to an id, pages as Binance does, and fails when it is told to.</summary>
internal sealed class FakeTradeRest(TimeProvider clock) : IVenueRest
{
    public string Venue => "binance";

    /// <summary>Highest id it knows.</summary>
    public Func<long> Known { get; set; } = () => long.MaxValue;

    public Func<long, bool> Exists { get; set; } = _ => true;

    public ConcurrentQueue<Exception> Failures { get; } = new();

    /// <summary>It never answers.</summary>
    public bool IsMute { get; set; }

    public ConcurrentQueue<(string Symbol, long? FromId, int Limit, double At)> Asked { get; } = new();

    public async Task<int> GetTradesAsync(
        string symbol, string tradeSource, long? fromId, int limit, VenueBatch into, CancellationToken cancellation)
    {
        Assert.Equal("aggTrade", tradeSource);
        Asked.Enqueue((symbol, fromId, limit, (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds));
        if (IsMute)
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
        }

        if (Failures.TryDequeue(out var failure))
        {
            throw failure;
        }

        var rows = 0;
        for (var id = fromId ?? 0; id <= Known() && rows < Math.Min(limit, 1_000); id++)
        {
            if (Exists(id))
            {
                rows++;
                into.Add(new VenueTrade(0, id, id, new Number(1, 0), new Number(1, 0), AggressorSide.Buy, 1, TradeKind.Market, id));
            }
        }

        return rows;
    }

    public Task<IReadOnlyList<InstrumentInfo>> GetInstrumentsAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<string, Number>> GetTurnoverAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<long> GetServerTimeAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<int> GetCandlesAsync(
        string symbol, CandleInterval interval, long from, long to, VenueBatch into, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<int> GetBookAsync(string symbol, int depth, VenueBatch into, CancellationToken cancellation) => throw new NotSupportedException();
}
