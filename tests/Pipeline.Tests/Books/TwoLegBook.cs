using Pipeline.Core.Market;

namespace Pipeline.Tests.Books;

/// <summary>
/// One book and the sockets that carry it, seeded. Every change has an id; each socket groups the changes in its own way, delays its
/// frames in order, and begins and ends as it is told. The truth of every id can be looked up.
/// </summary>
internal sealed class TwoLegBook(BookRule rule, int seed)
{
    private const int PriceScale = 3;

    private readonly Random _random = new(seed);
    private readonly List<(bool IsBid, long Price, long Quantity)> _changes = [];
    private readonly List<Leg> _legs = [];
    private SortedDictionary<long, long> _bids = [];
    private SortedDictionary<long, long> _asks = [];
    private long _told;
    private long _sockets;
    private long _series;

    public Instrument Instrument { get; } = TestBooks.Instrument(rule);

    public long Now { get; private set; } = 1_000_000;

    /// <summary>Id of the newest change.</summary>
    public long Id => _changes.Count;

    public IReadOnlyList<long> Open => [.. _legs.Select(leg => leg.Socket)];

    /// <summary>Where the truth stands now: best bids and asks of <see cref="TruthAt"/>.</summary>
    public IEnumerable<(long Price, long Quantity)> Bids => _bids.Reverse().Select(level => (level.Key, level.Value));

    public IEnumerable<(long Price, long Quantity)> Asks => _asks.Select(level => (level.Key, level.Value));

    /// <summary>Opens a socket: its first frame comes within the usual delay; a snapshot where the stream brings one.</summary>
    public long Begin()
    {
        if (_legs.Count == 0)
        {
            _series++;
        }

        var leg = new Leg { Socket = ++_sockets, SentTo = Id, Lag = _random.NextInt64(80_000), LastAt = Now };
        _legs.Add(leg);
        if (rule is BookRule.Chain or BookRule.Resend)
        {
            // A snapshot may be some changes old.
            leg.SentTo = Math.Max(Math.Min(1, Id), Id - _random.Next(20));
            Send(leg, SnapshotAt(leg.SentTo));
        }

        return leg.Socket;
    }

    /// <summary>Closes a socket; what was on its way is lost.</summary>
    public void End(long socket) => _legs.RemoveAll(leg => leg.Socket == socket);

    /// <summary>A socket says nothing more, but stays open.</summary>
    public void Mute(long socket)
    {
        var leg = _legs.Single(one => one.Socket == socket);
        leg.IsMute = true;
        leg.OnItsWay.Clear();
    }

    /// <summary>A few changes, what the sockets make of them, and what has arrived by then, oldest first.</summary>
    public List<MarketBatch> Step()
    {
        Now += 10_000;
        for (var i = _random.Next(1, 6); i > 0; i--)
        {
            Change();
        }

        foreach (var leg in _legs.Where(leg => !leg.IsMute))
        {
            if (Id - leg.SentTo > _random.Next(1, 25))
            {
                Send(leg, GroupOf(leg));
            }
        }

        return Arrived();
    }

    /// <summary>An answer to a request: the book a few changes ago.</summary>
    public MarketBatch Answer()
    {
        var (update, levels) = SnapshotAt(Math.Max(1, Id - _random.Next(10)));
        var batch = new MarketBatch { Now = Now };
        batch.Add(update, levels);
        return batch;
    }

    /// <summary>Looks up the truth of an id. It costs little as long as ids rise.</summary>
    public void TruthAt(long id)
    {
        Assert.InRange(id, 0, Id);
        if (id < _told)
        {
            // A stream that begins anew may begin with a snapshot that is some changes old.
            (_told, _bids, _asks) = (0, [], []);
        }

        for (; _told < id; _told++)
        {
            Apply(_bids, _asks, _changes[(int)_told]);
        }
    }

    private static void Apply(SortedDictionary<long, long> bids, SortedDictionary<long, long> asks, (bool IsBid, long Price, long Quantity) change)
    {
        var side = change.IsBid ? bids : asks;
        side[change.Price] = change.Quantity;
        if (change.Quantity == 0)
        {
            side.Remove(change.Price);
        }
    }

    private static BookLevel Level(long price, long quantity) => new(new Number(price, PriceScale), new Number(quantity, 2));

    /// <summary>The last digit is never zero, so that the scale is always the same. Bids and asks never meet.</summary>
    private void Change()
    {
        var isBid = _random.Next(2) == 0;
        var away = (10 * _random.Next(_random.Next(2) == 0 ? 8 : 80)) + 1;
        var price = 100_000 + (isBid ? -away : away);
        _changes.Add((isBid, price, _random.Next(3) == 0 ? 0 : _random.Next(1, 1_000)));
    }

    private (OrderBookUpdate Update, BookLevel[] Levels) GroupOf(Leg leg)
    {
        var from = leg.SentTo;
        var to = leg.SentTo = _random.NextInt64(from + 1, Id + 1);
        var last = new Dictionary<(bool IsBid, long Price), long>();
        for (var i = from; i < to; i++)
        {
            last[(_changes[(int)i].IsBid, _changes[(int)i].Price)] = _changes[(int)i].Quantity;
        }

        BookLevel[] bids = [.. last.Where(one => one.Key.IsBid).Select(one => Level(one.Key.Price, one.Value))];
        BookLevel[] asks = [.. last.Where(one => !one.Key.IsBid).Select(one => Level(one.Key.Price, one.Value))];
        var first = rule is BookRule.Range or BookRule.Previous ? from + 1 : to;
        var previous = rule is BookRule.Previous or BookRule.Chain ? from : -1;
        return (TestBooks.Of(Instrument, BookUpdateKind.Update, first, to, previous, bids.Length, asks.Length, Now), [.. bids, .. asks]);
    }

    private (OrderBookUpdate Update, BookLevel[] Levels) SnapshotAt(long id)
    {
        var (bids, asks) = (new SortedDictionary<long, long>(), new SortedDictionary<long, long>());
        foreach (var change in _changes.Take((int)id))
        {
            Apply(bids, asks, change);
        }

        BookLevel[] levels =
        [
            .. bids.Reverse().Select(level => Level(level.Key, level.Value)), .. asks.Select(level => Level(level.Key, level.Value)),
        ];
        return (TestBooks.Of(Instrument, BookUpdateKind.Snapshot, id, id, -1, bids.Count, asks.Count, Now), levels);
    }

    private void Send(Leg leg, (OrderBookUpdate Update, BookLevel[] Levels) frame)
    {
        leg.LastAt = Math.Max(leg.LastAt, Now + leg.Lag + _random.NextInt64(30_000));
        leg.OnItsWay.Enqueue((leg.LastAt, frame.Update, frame.Levels));
    }

    private List<MarketBatch> Arrived()
    {
        var arrived = new List<(long At, MarketBatch Batch)>();
        foreach (var leg in _legs)
        {
            while (leg.OnItsWay.TryPeek(out var next) && next.At <= Now)
            {
                leg.OnItsWay.Dequeue();
                var batch = new MarketBatch { Now = Now, Socket = leg.Socket, Series = _series, Legs = _legs.Count };
                batch.Add(next.Update, next.Levels);
                arrived.Add((next.At, batch));
            }
        }

        return [.. arrived.OrderBy(one => one.At).Select(one => one.Batch)];
    }

    private sealed class Leg
    {
        public long Socket { get; init; }

        public long Lag { get; init; }

        public long SentTo { get; set; }

        public long LastAt { get; set; }

        public bool IsMute { get; set; }

        public Queue<(long At, OrderBookUpdate Update, BookLevel[] Levels)> OnItsWay { get; } = new();
    }
}
