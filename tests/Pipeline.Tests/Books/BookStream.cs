using Pipeline.Core.Market;

namespace Pipeline.Tests.Books;

/// <summary>
/// Plays a venue to a client with the faults of its kind: lost, doubled and old frames, keep-alives, restarts, snapshots that are late,
/// old, or never come.
/// </summary>
internal sealed class BookStream(BookRule rule, int seed, int snapshotDepth = int.MaxValue)
{
    private readonly Random _random = new(seed);
    private readonly Queue<(OrderBookUpdate Update, BookLevel[] Levels)> _past = new();
    private readonly Queue<(OrderBookUpdate Update, BookLevel[] Levels)> _cache = new();
    private int _answerIn = -1;
    private bool _isStale;

    public BookVenue Venue { get; } = new(rule, seed);

    public long Now { get; private set; } = 1_000_000;

    public int Requests { get; private set; }

    /// <summary>What the client was given includes the venue's last change.</summary>
    public bool IsCurrent { get; private set; }

    private bool IsRest => rule is BookRule.Range or BookRule.Previous;

    public void Request()
    {
        Requests++;
        _answerIn = _random.Next(8) == 0 ? -1 : _random.Next(1, 20);
        _isStale = IsRest && _random.Next(4) == 0;
    }

    public void Run(int frames, Action<OrderBookUpdate, BookLevel[], long> deliver, Action<long> tick, Action check)
    {
        if (!IsRest)
        {
            _answerIn = 3;
        }

        for (var i = 0; i < frames; i++)
        {
            Now += 100_000;
            tick(Now);
            if (_answerIn >= 0 && _answerIn-- == 0)
            {
                Give(deliver, IsRest && _isStale && _cache.Count > 0 ? _cache.Peek() : IsRest ? Cut(Venue.Cached) : Venue.Snapshot(snapshotDepth));
            }

            Play(deliver);
            check();
        }
    }

    private void Play(Action<OrderBookUpdate, BookLevel[], long> deliver)
    {
        if (!IsRest && _random.Next(300) == 0)
        {
            // Frames from before would look new now; on one connection none comes after this one.
            _past.Clear();
            Give(deliver, Venue.Restart());
            IsCurrent = true;
            return;
        }

        var frame = Venue.NextFrame();
        Remember(_past, frame, 6);
        Remember(_cache, Cut(Venue.Cached), 40);
        IsCurrent = _random.Next(200) != 0;
        if (!IsCurrent)
        {
            // Without a rule for gaps a client cannot know; the venue sends a snapshot then.
            _answerIn = rule == BookRule.Resend ? 0 : _answerIn;
            return;
        }

        Give(deliver, frame);
        switch (_random.Next(100))
        {
            case 0:
                Give(deliver, frame);
                break;
            case 1 when rule != BookRule.Chain:
                Give(deliver, _past.Peek());
                break;
            case 2 when rule == BookRule.Chain:
                Give(deliver, Venue.KeepAlive());
                break;
        }
    }

    private (OrderBookUpdate Update, BookLevel[] Levels) Cut((OrderBookUpdate Update, BookLevel[] Levels) whole)
    {
        var bids = Math.Min(snapshotDepth, whole.Update.Bids);
        var asks = Math.Min(snapshotDepth, whole.Update.Asks);
        return (whole.Update with { Bids = bids, Asks = asks }, [.. whole.Levels[..bids], .. whole.Levels.Skip(whole.Update.Bids).Take(asks)]);
    }

    private void Give(Action<OrderBookUpdate, BookLevel[], long> deliver, (OrderBookUpdate Update, BookLevel[] Levels) item) =>
        deliver(item.Update, item.Levels, Now);

    private static void Remember<T>(Queue<T> queue, T item, int most)
    {
        queue.Enqueue(item);
        if (queue.Count > most)
        {
            queue.Dequeue();
        }
    }
}
