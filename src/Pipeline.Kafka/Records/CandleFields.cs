using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>What the records of candles and of states have in common.</summary>
internal static class CandleFields
{
    /// <param name="property">Where the name stands, for an error.</param>
    public static CandleInterval Interval(RecordFields fields, string property, string name) =>
        CandleInterval.TryParse(name, out var interval) && interval.Name == name
            ? interval
            : throw fields.Wrong(property, $"there is no '{name}'");

    public static CandleSource Source(RecordFields fields) => fields.Choice(
        "source",
        ("trades", CandleSource.Trades),
        ("prices", CandleSource.Prices),
        ("mixed", CandleSource.Mixed),
        ("venue", CandleSource.Venue));
}
