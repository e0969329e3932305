using System.Collections.Immutable;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>Dense numbers of what one stream of an instrument can carry: the channels, and each interval of the venue's candles.</summary>
internal static class StreamKind
{
    public const int Trade = 0;
    public const int Quote = 1;
    public const int Book = 2;
    public const int PartialBook = 3;
    public const int Ticker = 4;
    public const int MarkPrice = 5;
    public const int Funding = 6;
    public const int Liquidation = 7;
    public const int Price = 8;
    private const int FirstCandle = 9;

    private const string CandlePrefix = "candle:";

    private static readonly ImmutableArray<int> OfChannel = [Trade, Quote, Book, PartialBook, -1, Ticker, MarkPrice, Funding, Liquidation, Price];

    public static int Count { get; } = FirstCandle + CandleInterval.All.Count;

    public static int OfCandle(CandleInterval interval) => FirstCandle + interval.Index;

    /// <summary>-1 when it cannot be told, as of a candle without an interval.</summary>
    public static int Of(FeedStream stream)
    {
        if (stream.Channel != StreamChannel.VenueCandle)
        {
            return OfChannel[(int)stream.Channel];
        }

        return stream.DataType.StartsWith(CandlePrefix, StringComparison.Ordinal)
            && CandleInterval.TryParse(stream.DataType[CandlePrefix.Length..], out var interval)
            ? OfCandle(interval)
            : -1;
    }
}
