namespace Pipeline.Gateway.Hub;

/// <summary>The topics that the gateway reads.</summary>
internal enum TopicKind : byte
{
    Trades,
    Quotes,
    Books,
    Tickers,
    Candles,
    Gaps,
    Health,
    Instruments,
    Status,

    /// <summary>Only for the id of the log.</summary>
    State,
}
