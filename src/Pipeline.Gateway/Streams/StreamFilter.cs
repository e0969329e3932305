namespace Pipeline.Gateway.Streams;

/// <summary>A filter with its names resolved: which streams it takes. Only for the hub's thread.</summary>
internal sealed class StreamFilter
{
    /// <summary>Venues in our names; null = all.</summary>
    public IReadOnlySet<string>? Venues { get; init; }

    /// <summary>Keys of instruments; null = all instruments.</summary>
    public HashSet<string>? Instruments { get; init; }

    public DataTypeSet DataTypes { get; init; }

    /// <summary>Minor records too.</summary>
    public bool Minor { get; init; }

    public bool Takes(MarketStream stream) =>
        DataTypes.Has(stream)
        && (Venues is null || Venues.Contains(stream.Venue))
        && (Instruments is null || Instruments.Contains(stream.Instrument));

    /// <summary>The streams there are that it takes.</summary>
    public IEnumerable<MarketStream> Of(StreamTable table)
    {
        if (Instruments is null)
        {
            return table.All.Where(Takes);
        }

        return Instruments.SelectMany(key => table.FindInstrument(key)?.All.Where(Takes) ?? []);
    }
}
