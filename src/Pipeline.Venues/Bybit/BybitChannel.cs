namespace Pipeline.Venues.Bybit;

/// <summary>Kind of data a topic carries.</summary>
internal enum BybitChannel : byte
{
    Other,
    Trade,

    /// <summary>The book at depth 1, whole in every message.</summary>
    Quote,
    Book,
    Kline,
    Ticker,
}
