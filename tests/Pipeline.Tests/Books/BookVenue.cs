using Pipeline.Core.Market;

namespace Pipeline.Tests.Books;

/// <summary>
/// A venue's book and its stream by one rule, seeded: frames of a few changes each, snapshots at any id, also within a frame. The
/// dictionaries are the truth that a client's book must equal.
/// </summary>
internal sealed class BookVenue(BookRule rule, int seed)
{
    private const int PriceScale = 3;

    private readonly Random _random = new(seed);
    private readonly List<(bool IsBid, BookLevel Level)> _changes = [];
    private long _middle = 10_000_000;
    private long _time = 1;

    public Instrument Instrument { get; } = TestBooks.Instrument(rule);

    public SortedDictionary<long, long> Bids { get; } = [];

    public SortedDictionary<long, long> Asks { get; } = [];

    public long Id { get; private set; } = 1_000;

    /// <summary>A snapshot taken some time within the last frame.</summary>
    public (OrderBookUpdate Update, BookLevel[] Levels) Cached { get; private set; }

    public (OrderBookUpdate Update, BookLevel[] Levels) NextFrame()
    {
        _changes.Clear();
        _time += 100_000;
        var previous = Id;
        if (rule == BookRule.Previous && _random.Next(3) == 0)
        {
            // Ids in between changed nothing that this stream shows.
            Id += _random.Next(1, 5);
        }

        var first = Id + 1;
        var changes = _random.Next(1, 7);
        var cachedAt = _random.Next(changes);
        for (var i = 0; i < changes; i++)
        {
            Id += rule is BookRule.Range or BookRule.Previous ? 1 : _random.Next(1, 9);
            Change();
            if (i == cachedAt)
            {
                Cached = Snapshot();
            }
        }

        return Frame(rule is BookRule.Range or BookRule.Previous ? first : Id, rule is BookRule.Previous or BookRule.Chain ? previous : -1);
    }

    /// <summary>OKX: nothing has changed.</summary>
    public (OrderBookUpdate Update, BookLevel[] Levels) KeepAlive() =>
        (TestBooks.Of(Instrument, BookUpdateKind.Update, Id, Id, Id, time: _time), []);

    /// <summary>OKX: counts anew within the chain. Bybit: begins anew with id 1 and the whole book, as a snapshot or an update.</summary>
    public (OrderBookUpdate Update, BookLevel[] Levels) Restart()
    {
        if (rule == BookRule.Chain)
        {
            var previous = Id;
            Id /= 2;
            _changes.Clear();
            Change();
            return Frame(Id, previous);
        }

        Id = 1;
        var (update, levels) = Snapshot();
        return (update with { Kind = _random.Next(2) == 0 ? BookUpdateKind.Snapshot : BookUpdateKind.Update }, levels);
    }

    public (OrderBookUpdate Update, BookLevel[] Levels) Snapshot(int depth = int.MaxValue)
    {
        BookLevel[] bids = [.. Bids.Reverse().Take(depth).Select(Level)];
        BookLevel[] asks = [.. Asks.Take(depth).Select(Level)];
        return (TestBooks.Of(Instrument, BookUpdateKind.Snapshot, Id, Id, -1, bids.Length, asks.Length, _time), [.. bids, .. asks]);
    }

    private static BookLevel Level(KeyValuePair<long, long> level) => new(new Number(level.Key, PriceScale), new Number(level.Value, 2));

    private (OrderBookUpdate Update, BookLevel[] Levels) Frame(long first, long previous)
    {
        BookLevel[] levels = [.. _changes.Where(change => change.IsBid).Concat(_changes.Where(change => !change.IsBid)).Select(c => c.Level)];
        var bids = _changes.Count(change => change.IsBid);
        return (TestBooks.Of(Instrument, BookUpdateKind.Update, first, Id, previous, bids, levels.Length - bids, _time), levels);
    }

    /// <summary>One change, and before it sometimes a move of the market that takes levels away.</summary>
    private void Change()
    {
        if (_random.Next(3) == 0)
        {
            _middle += _random.Next(-4, 5);
            foreach (var price in Bids.Keys.Where(price => price >= _middle).ToList())
            {
                Set(isBid: true, price, 0);
            }

            foreach (var price in Asks.Keys.Where(price => price < _middle).ToList())
            {
                Set(isBid: false, price, 0);
            }
        }

        var isBid = _random.Next(2) == 0;
        var away = _random.Next(_random.Next(2) == 0 ? 8 : 80);
        Set(isBid, isBid ? _middle - 1 - away : _middle + away, _random.Next(3) == 0 ? 0 : _random.Next(1, 1_000));
    }

    private void Set(bool isBid, long price, long quantity)
    {
        var side = isBid ? Bids : Asks;
        side[price] = quantity;
        if (quantity == 0)
        {
            side.Remove(price);
        }

        _changes.Add((isBid, Level(KeyValuePair.Create(price, quantity))));
    }
}
