using Pipeline.Core.Topology;
using Pipeline.Kafka.Records;

namespace Pipeline.Kafka.Topics;

/// <summary>The topics of one prefix: the only place that knows their names and settings.</summary>
public sealed class TopicCatalog
{
    private const string InstrumentKey = "venue:instrument";
    private const string CandleKey = "venue:instrument:interval:openTime";
    private const string StreamKey = "venue:instrument:dataType";
    private const int MaxPartitions = 4096;

    // Kafka allows 249 characters for the whole name.
    private const int MaxPrefix = 200;

    private static readonly Dictionary<string, string> Deleted = new() { ["cleanup.policy"] = "delete" };

    // Hourly segments and a low dirty ratio keep the log close to one record per key; tombstones stay a day for slow readers.
    private static readonly Dictionary<string, string> Compacted = new()
    {
        ["cleanup.policy"] = "compact,delete",
        ["segment.ms"] = "3600000",
        ["min.cleanable.dirty.ratio"] = "0.2",
        ["delete.retention.ms"] = "86400000",
    };

    // The newest record of each key stays for ever: who starts later learns all of them.
    private static readonly Dictionary<string, string> Kept = new(Compacted) { ["cleanup.policy"] = "compact" };

    private TopicCatalog(KafkaOptions options)
    {
        TopicDefinition Define(string name, string schema, string key, Dictionary<string, string> settings) =>
            new($"{options.TopicPrefix}.{name}", options.Partitions, schema, key, settings);

        Trades = Define("trades", RecordSchema.Trade, InstrumentKey, Deleted);
        Quotes = Define("quotes", RecordSchema.Quote, InstrumentKey, Deleted);
        Books = Define("books", RecordSchema.Book, InstrumentKey, Deleted);
        Tickers = Define("tickers", RecordSchema.Ticker, InstrumentKey, Deleted);
        MarkPrices = Define("marks", RecordSchema.MarkPrice, InstrumentKey, Deleted);
        FundingRates = Define("funding", RecordSchema.Funding, InstrumentKey, Deleted);
        Liquidations = Define("liquidations", RecordSchema.Liquidation, InstrumentKey, Deleted);
        Prices = Define("prices", RecordSchema.Price, InstrumentKey, Deleted);
        Candles = Define("candles", RecordSchema.Candle, CandleKey, Compacted);
        VenueCandles = Define("venue-candles", RecordSchema.Candle, CandleKey, Deleted);
        Health = Define("health", RecordSchema.Health, StreamKey, Kept);
        Instruments = Define("instruments", RecordSchema.Instrument, InstrumentKey, Kept);
        Status = Define("status", RecordSchema.Status, "collector:venue", Kept);
        DeadLetters = Define("deadletter", RecordSchema.DeadLetter, "venue", Deleted);
        Audit = Define("audit", RecordSchema.Audit, CandleKey, Compacted);
        All =
        [
            Trades, Quotes, Books, Tickers, MarkPrices, FundingRates, Liquidations, Prices, Candles, VenueCandles, Health, Instruments, Status,
            DeadLetters, Audit,
        ];
    }

    public TopicDefinition Trades { get; }

    public TopicDefinition Quotes { get; }

    public TopicDefinition Books { get; }

    public TopicDefinition Tickers { get; }

    public TopicDefinition MarkPrices { get; }

    public TopicDefinition FundingRates { get; }

    public TopicDefinition Liquidations { get; }

    public TopicDefinition Prices { get; }

    public TopicDefinition Candles { get; }

    public TopicDefinition VenueCandles { get; }

    public TopicDefinition Health { get; }

    public TopicDefinition Instruments { get; }

    public TopicDefinition Status { get; }

    public TopicDefinition DeadLetters { get; }

    /// <summary>Comparisons of our candles with the venues' own.</summary>
    public TopicDefinition Audit { get; }

    public IReadOnlyList<TopicDefinition> All { get; }

    /// <exception cref="KafkaClientException">The prefix or the number of partitions is none.</exception>
    public static TopicCatalog Of(KafkaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Partitions is < 1 or > MaxPartitions)
        {
            throw new KafkaClientException($"kafka.partitions is {options.Partitions}; it must be 1 to {MaxPartitions}.");
        }

        if (options.TopicPrefix.Length is 0 or > MaxPrefix || !options.TopicPrefix.All(IsTopicCharacter))
        {
            throw new KafkaClientException(
                $"kafka.topicPrefix '{options.TopicPrefix}' is no topic name: 1 to {MaxPrefix} letters, digits, '.', '_' and '-'.");
        }

        return new TopicCatalog(options);
    }

    private static bool IsTopicCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
}
