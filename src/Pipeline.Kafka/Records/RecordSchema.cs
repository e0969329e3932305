using System.Reflection;

namespace Pipeline.Kafka.Records;

/// <summary>The record shapes by name and version, as the header <c>schema</c> gives them, and their JSON Schemas.</summary>
public static class RecordSchema
{
    public const string Trade = "trade/1";

    public const string Quote = "quote/1";

    public const string Book = "book/1";

    public const string Ticker = "ticker/1";

    public const string MarkPrice = "mark/1";

    public const string Funding = "funding/1";

    public const string Liquidation = "liquidation/1";

    public const string Price = "price/1";

    /// <summary>Our candles and the venues' own.</summary>
    public const string Candle = "candle/1";

    /// <summary>How far a stream can be trusted to be live.</summary>
    public const string Health = "health/1";

    public const string Instrument = "instrument/1";

    public const string Status = "status/1";

    public const string DeadLetter = "deadletter/1";

    public const string Gap = "gap/1";

    /// <summary>How far an instrument has come.</summary>
    public const string State = "state/1";

    /// <summary>Up to where <c>md.state</c> tells all of a partition.</summary>
    public const string Marker = "marker/1";

    /// <summary>Claims, signs of life and releases of a partition, in <c>md.state</c>.</summary>
    public const string Owner = "owner/1";

    /// <summary>The id of the log, in <c>md.state</c>.</summary>
    public const string Log = "log/1";

    /// <summary>A comparison of one of our candles with the venue's.</summary>
    public const string Audit = "audit/1";

    /// <summary>A frame as it arrived; the shape belongs to who writes it.</summary>
    public const string Raw = "raw/1";

    /// <summary>Those that have a JSON Schema.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Trade, Quote, Book, Ticker, MarkPrice, Funding, Liquidation, Price, Candle, Health, Instrument, Status, DeadLetter, Gap, State, Marker,
        Owner, Log, Audit,
    ];

    /// <summary>The JSON Schema (draft 2020-12) of a record shape.</summary>
    /// <param name="schema">One of <see cref="All"/>.</param>
    public static string Read(string schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var name = $"{schema.Replace("/", ".v", StringComparison.Ordinal)}.json";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new ArgumentException($"There is no schema '{schema}'; there are {string.Join(", ", All)}.", nameof(schema));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
