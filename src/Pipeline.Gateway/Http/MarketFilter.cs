using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Http;

/// <summary>Which rows of the boards a caller means. Venues, instruments and intervals in any spelling, as everywhere where a client names one.</summary>
internal sealed class MarketFilter
{
    private readonly HashSet<string>? _venues;
    private readonly HashSet<string>? _instruments;
    private readonly Func<string, bool>? _isOfType;

    /// <param name="venue">Ours, or TradingView's name of the exchange; null = all.</param>
    /// <param name="instrument">A name, or a pattern with <c>*</c> over our ids; null = all.</param>
    /// <param name="dataType">As in a subscription; null = all.</param>
    public MarketFilter(IInstrumentFinder finder, string? venue, string? instrument, string? dataType = null)
    {
        string[] venues = venue is null ? [] : [venue];
        _venues = venue is null ? null : [.. SymbolResolver.VenuesOf(finder, venue)];
        _instruments = instrument is null
            ? null
            : [.. SymbolResolver.Find(finder, venues, instrument).Select(one => $"{one.Info.Venue}:{one.Info.Id}")];
        _isOfType = dataType is null ? null : TypesOf(dataType);
        Name = instrument;
    }

    /// <summary>As the caller wrote it: what no record describes yet is found under its own name all the same.</summary>
    private string? Name { get; }

    public bool TakesVenue(string venue) => _venues?.Contains(venue) != false;

    public bool TakesType(string dataType) => _isOfType?.Invoke(dataType) != false;

    /// <param name="instrument"><c>venue:instrument</c>.</param>
    public bool Takes(string instrument)
    {
        var colon = instrument.IndexOf(':', StringComparison.Ordinal);
        return TakesVenue(instrument[..colon])
            && (_instruments?.Contains(instrument) != false || instrument == Name || instrument.AsSpan(colon + 1).SequenceEqual(Name));
    }

    private static Func<string, bool> TypesOf(string name)
    {
        if (!DataTypes.TryParse(name, out var kind, out var interval))
        {
            return _ => false;
        }

        var canonical = DataTypes.NameOf(kind, interval);
        return kind == DataKind.Candle && interval is null
            ? type => type.StartsWith(canonical, StringComparison.Ordinal)
            : type => type == canonical;
    }
}
