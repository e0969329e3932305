using System.Collections.Concurrent;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Tests.Books;

namespace Pipeline.Tests.Feeds.Rest;

/// <summary>A venue's HTTP interface of which only books can be asked for; each waits until the test answers.</summary>
internal sealed class FakeBookRest : IVenueRest
{
    private readonly ConcurrentQueue<(VenueBatch Into, TaskCompletionSource<int> Done)> _waiting = new();
    private int _count;

    public string Venue => "binance";

    public ConcurrentQueue<(string Symbol, int Depth)> Asked { get; } = new();

    /// <summary>Calls that have not returned.</summary>
    public int Waiting => Volatile.Read(ref _count);

    public async Task<int> GetBookAsync(string symbol, int depth, VenueBatch into, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Increment(ref _count);
        _waiting.Enqueue((into, done));
        Asked.Enqueue((symbol, depth));
        try
        {
            return await done.Task.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>Answers the call that waits longest.</summary>
    public void Answer(long id, string bids, string asks)
    {
        var (into, done) = Next();
        var (bidLevels, askLevels) = (TestBooks.Levels(bids), TestBooks.Levels(asks));
        into.Levels.AddRange(bidLevels);
        into.Levels.AddRange(askLevels);
        into.Add(new VenueBookUpdate(0, BookUpdateKind.Snapshot, id, id, -1, 0, bidLevels.Length, askLevels.Length, 0));
        done.SetResult(1);
    }

    public void Fail(Exception failure) => Next().Done.SetException(failure);

    public Task<IReadOnlyList<InstrumentInfo>> GetInstrumentsAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<IReadOnlyDictionary<string, Number>> GetTurnoverAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<long> GetServerTimeAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<int> GetTradesAsync(
        string symbol, string tradeSource, long? fromId, int limit, VenueBatch into, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<int> GetCandlesAsync(
        string symbol, CandleInterval interval, long from, long to, VenueBatch into, CancellationToken cancellation) =>
        throw new NotSupportedException();

    private (VenueBatch Into, TaskCompletionSource<int> Done) Next() =>
        _waiting.TryDequeue(out var call) ? call : throw new InvalidOperationException("No call waits.");
}
