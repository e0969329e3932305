namespace Pipeline.Gateway.Streams;

/// <summary>What a stream carries.</summary>
internal enum DataKind : byte
{
    Trade,
    Quote,
    Book,
    Ticker,
    Candle,
    Gap,
    Health,
}
