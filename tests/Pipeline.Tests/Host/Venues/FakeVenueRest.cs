using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Host.Venues;

/// <summary>A venue's HTTP interface that answers as told.</summary>
internal sealed class FakeVenueRest : IVenueRest
{
    private int _asked;

    public string Venue => "binance";

    /// <summary>Answers the n-th question for the list, counted from 1.</summary>
    public Func<int, CancellationToken, Task<IReadOnlyList<InstrumentInfo>>> Instruments { get; set; } =
        (_, _) => Task.FromResult<IReadOnlyList<InstrumentInfo>>([]);

    public IReadOnlyDictionary<string, Number> Turnover { get; set; } = new Dictionary<string, Number>();

    /// <summary>Questions for the list so far.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public void Answer(params InstrumentInfo[] list) => Instruments = (_, _) => Task.FromResult<IReadOnlyList<InstrumentInfo>>(list);

    public Task<IReadOnlyList<InstrumentInfo>> GetInstrumentsAsync(CancellationToken cancellation) =>
        Instruments(Interlocked.Increment(ref _asked), cancellation);

    public Task<IReadOnlyDictionary<string, Number>> GetTurnoverAsync(CancellationToken cancellation) => Task.FromResult(Turnover);

    public Task<long> GetServerTimeAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<int> GetTradesAsync(
        string symbol, string tradeSource, long? fromId, int limit, VenueBatch into, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<int> GetCandlesAsync(
        string symbol, CandleInterval interval, long from, long to, VenueBatch into, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<int> GetBookAsync(string symbol, int depth, VenueBatch into, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
