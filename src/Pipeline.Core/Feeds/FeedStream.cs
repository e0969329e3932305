using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds;

/// <summary>What one stream of a venue carries.</summary>
/// <param name="Name">The venue's name of it.</param>
/// <param name="Instrument">Its instrument; null when it carries many.</param>
/// <param name="DataType"><c>trade</c>, <c>quote</c>, <c>book</c>, <c>candle:1m</c> …</param>
/// <param name="Rank">Importance: lower is subscribed first.</param>
public sealed record FeedStream(string Name, Instrument? Instrument, StreamChannel Channel, string DataType, int Rank)
{
    /// <summary>Sockets side by side that carry it, 1 or 2; null = as many as the feed's options say.</summary>
    public int? Legs { get; init; }
}
