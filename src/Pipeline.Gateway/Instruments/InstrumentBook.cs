using Pipeline.Core.Market;

namespace Pipeline.Gateway.Instruments;

/// <summary>
/// The instruments of <c>md.instruments</c>, found under any of their names. Written by the hub's thread, read by any. The directory of a
/// venue is made anew when somebody looks for a name after a change.
/// </summary>
internal sealed class InstrumentBook : IInstrumentFinder
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, VenueBook> _venues = new(StringComparer.Ordinal);
    private IReadOnlyList<InstrumentRecord>? _all;
    private long _version;

    public long Version => Volatile.Read(ref _version);

    public IReadOnlyList<InstrumentRecord> All
    {
        get
        {
            lock (_gate)
            {
                return _all ??= [.. _venues.Values.SelectMany(venue => venue.All)];
            }
        }
    }

    public IReadOnlyList<string> Venues
    {
        get
        {
            lock (_gate)
            {
                return [.. _venues.Keys];
            }
        }
    }

    public InstrumentRecord? Get(string key)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        lock (_gate)
        {
            return colon > 0 && _venues.TryGetValue(key[..colon], out var venue) ? venue.Get(key[(colon + 1)..]) : null;
        }
    }

    public IReadOnlyList<InstrumentRecord> Find(string name, string? venue = null)
    {
        if (!InstrumentNames.IsName(name))
        {
            return [];
        }

        lock (_gate)
        {
            var found = new List<InstrumentRecord>();
            foreach (var (key, book) in _venues)
            {
                if (venue is null || IsVenue(key, venue))
                {
                    found.AddRange(book.Find(name));
                }
            }

            return found;
        }
    }

    /// <summary>Whether a venue is meant: under our name in any case, or TradingView's of the exchange.</summary>
    public static bool IsVenue(string venue, string name) =>
        string.Equals(venue, name, StringComparison.OrdinalIgnoreCase)
        || (InstrumentNames.ExchangeOf(venue) == name && name.Length > 0);

    /// <summary>Takes a record in. For the hub's thread.</summary>
    public void Take(InstrumentRecord record)
    {
        lock (_gate)
        {
            if (!_venues.TryGetValue(record.Info.Venue, out var venue))
            {
                _venues.Add(record.Info.Venue, venue = new VenueBook(record.Info.Venue));
            }

            venue.Take(record);
            _all = null;
            Volatile.Write(ref _version, _version + 1);
        }
    }

    /// <summary>Another log begins. For the hub's thread.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _venues.Clear();
            _all = null;
            Volatile.Write(ref _version, _version + 1);
        }
    }
}
