namespace Pipeline.Core.Feeds;

/// <summary>Where frames come from and how they are read: shared by all batches of one connection.</summary>
/// <param name="Venue">Venue name, such as <c>binance</c>.</param>
/// <param name="Connection">Name of the connection, such as <c>binance-1</c>.</param>
/// <param name="Parser">Reads the venue's frames.</param>
/// <param name="Symbols">The venue's symbols that this process knows.</param>
/// <param name="TimeUnit">Microseconds in one unit of the connection's times: 1,000 where the venue counts milliseconds.</param>
public sealed record FeedSource(string Venue, string Connection, IVenueParser? Parser, SymbolTable Symbols, int TimeUnit)
{
    public static readonly FeedSource None = new("", "", null, new SymbolTable(), 1);

    /// <summary>Of answers to requests of our own: no connection carried them.</summary>
    public static FeedSource OfRest(IVenueAdapter adapter, SymbolTable symbols)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        return new FeedSource(adapter.Venue, $"{adapter.Venue}-rest", adapter.Parser, symbols, adapter.TimeUnit);
    }

    /// <summary>Shared with the other sockets that carry the same streams.</summary>
    public Continuity Continuity { get; init; } = new();
}
