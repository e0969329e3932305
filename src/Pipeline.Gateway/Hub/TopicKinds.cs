using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Hub;

/// <summary>Which kind of data lies in which topic.</summary>
internal static class TopicKinds
{
    public static int Count { get; } = Enum.GetValues<TopicKind>().Length;

    public static TopicKind Of(DataKind kind) => kind switch
    {
        DataKind.Trade => TopicKind.Trades,
        DataKind.Quote => TopicKind.Quotes,
        DataKind.Book => TopicKind.Books,
        DataKind.Ticker => TopicKind.Tickers,
        DataKind.Candle => TopicKind.Candles,
        DataKind.Gap => TopicKind.Gaps,
        _ => TopicKind.Health,
    };

    /// <summary>Null where a topic makes no streams.</summary>
    public static DataKind? KindIn(TopicKind topic) => topic switch
    {
        TopicKind.Trades => DataKind.Trade,
        TopicKind.Quotes => DataKind.Quote,
        TopicKind.Books => DataKind.Book,
        TopicKind.Tickers => DataKind.Ticker,
        TopicKind.Candles => DataKind.Candle,
        TopicKind.Gaps => DataKind.Gap,
        TopicKind.Health => DataKind.Health,
        _ => null,
    };
}
