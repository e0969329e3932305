using Pipeline.Core.Graph;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Graph;

/// <summary>Keeps what it is given; waits behind a gate when asked to.</summary>
internal sealed class CollectingSink : IMarketSink
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CollectingSink(bool closed = false)
    {
        if (!closed)
        {
            _open.SetResult();
        }
    }

    public List<Trade> Trades { get; } = [];

    public List<Candle> Candles { get; } = [];

    public List<OrderBookUpdate> Books { get; } = [];

    public List<string> DeadLetterReasons { get; } = [];

    public List<(int Lane, StreamHealth Health)> Health { get; } = [];

    public int Flushes { get; private set; }

    /// <summary>May be read while the graph writes.</summary>
    public int TradeCount
    {
        get
        {
            lock (_gate)
            {
                return Trades.Count;
            }
        }
    }

    public Exception? Failure { get; set; }

    public void Open() => _open.TrySetResult();

    public bool Has(Predicate<Candle> wanted)
    {
        lock (_gate)
        {
            return Candles.Exists(wanted);
        }
    }

    public async ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
    {
        await _open.Task.WaitAsync(cancellation);
        if (Failure is { } failure)
        {
            throw failure;
        }

        lock (_gate)
        {
            foreach (var happened in batch.Events.Span)
            {
                switch (happened.Kind)
                {
                    case MarketEventKind.Trade:
                        Trades.Add(batch.Trades[happened.Index]);
                        break;
                    case MarketEventKind.Candle:
                        Candles.Add(batch.Candles[happened.Index]);
                        break;
                    case MarketEventKind.BookUpdate:
                        Books.Add(batch.BookUpdates[happened.Index]);
                        break;
                    case MarketEventKind.Health:
                        Health.Add((batch.Lane, batch.Health[happened.Index]));
                        break;
                    case MarketEventKind.DeadLetter:
                        DeadLetterReasons.Add(batch.DeadLetters[happened.Index].Reason);
                        break;
                }
            }
        }
    }

    public ValueTask FlushAsync(CancellationToken cancellation)
    {
        Flushes++;
        return ValueTask.CompletedTask;
    }
}
