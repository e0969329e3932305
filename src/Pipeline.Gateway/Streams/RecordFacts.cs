using System.Buffers.Text;

namespace Pipeline.Gateway.Streams;

/// <summary>The few fields of a value that the gateway acts on, found without parsing the whole.</summary>
internal readonly record struct RecordFacts
{
    // Behind these fields the writer puts a few short ones; a foreign writer's order is found by the search through the whole.
    private const int Tail = 160;

    public RecordState State { get; private init; }

    /// <summary>Start of a candle's window, from its key; microseconds.</summary>
    public long OpenTime { get; private init; }

    /// <summary>Of a quote or book: too small a change for those who did not ask.</summary>
    public bool IsMinor { get; private init; }

    /// <summary>Of a book: means something only together with those before it.</summary>
    public bool IsUpdate { get; private init; }

    /// <summary>A trade, a final or revised candle: what <c>prev</c> links, and what is delivered or the client is cut.</summary>
    public bool IsRequired { get; private init; }

    /// <summary>A hole that is not open any more.</summary>
    public bool IsClosedGap { get; private init; }

    public static RecordFacts Of(DataKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        switch (kind)
        {
            case DataKind.Trade:
                return new RecordFacts { IsRequired = true };
            case DataKind.Candle:
                var state = StateOf(FieldOf(value, "\"state\":\""u8));
                return new RecordFacts { State = state, IsRequired = state is not RecordState.Forming, OpenTime = LastPart(key) };
            case DataKind.Quote:
                return new RecordFacts { IsMinor = IsMinorIn(value) };
            case DataKind.Book:
                // A book without one of its updates is a wrong book.
                var isUpdate = FieldOf(value, "\"kind\":\""u8).StartsWith("update"u8);
                return new RecordFacts { IsUpdate = isUpdate, IsMinor = !isUpdate && IsMinorIn(value) };
            case DataKind.Gap:
                return new RecordFacts { IsClosedGap = !FieldOf(value, "\"state\":\""u8).StartsWith("open"u8) };
            default:
                return default;
        }
    }

    private static bool IsMinorIn(ReadOnlySpan<byte> value) => FieldOf(value, "\"minor\":"u8).StartsWith("true"u8);

    /// <summary>What follows a property's name; empty when it is not there. The quote in a text value is escaped, so it cannot be mistaken.</summary>
    private static ReadOnlySpan<byte> FieldOf(ReadOnlySpan<byte> value, ReadOnlySpan<byte> name)
    {
        var tail = value.Length > Tail ? value[^Tail..] : value;
        var at = tail.LastIndexOf(name);
        if (at >= 0)
        {
            return tail[(at + name.Length)..];
        }

        at = value.Length > tail.Length ? value.IndexOf(name) : -1;
        return at < 0 ? default : value[(at + name.Length)..];
    }

    private static RecordState StateOf(ReadOnlySpan<byte> name) =>
        name.StartsWith("final"u8) ? RecordState.Final : name.StartsWith("revised"u8) ? RecordState.Revised : RecordState.Forming;

    private static long LastPart(ReadOnlySpan<byte> key)
    {
        var part = key[(key.LastIndexOf((byte)':') + 1)..];
        return Utf8Parser.TryParse(part, out long number, out var length) && length == part.Length ? number : 0;
    }
}
