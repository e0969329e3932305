using Pipeline.Core.Feeds;
using Pipeline.Core.Market;

namespace Pipeline.Venues.Bybit;

/// <summary>A message without its data: what topic, type and times say, in whatever order they stood.</summary>
internal struct BybitMessage
{
    public bool HasTopic;
    public BybitChannel Channel;

    /// <summary>-1 when the table does not have it.</summary>
    public int Symbol;
    public CandleInterval? Interval;
    public BybitMessageType Type;

    /// <summary><c>ts</c>: when the message was made.</summary>
    public long? Time;

    /// <summary><c>cts</c>: when the matching engine made the book.</summary>
    public long? EngineTime;

    /// <summary>Set by members that only answers have.</summary>
    public bool IsControl;

    /// <summary>Place of <c>data</c> in the frame, order-free reading alone; -1 when absent.</summary>
    public int DataAt;

    public void SetTopic(ReadOnlySpan<byte> text, SymbolTable symbols)
    {
        var topic = BybitTopic.Read(text);
        HasTopic = true;
        Channel = topic.Channel;
        Interval = topic.Interval;
        Symbol = symbols.Find(topic.Symbol);
    }

    public void SetType(ReadOnlySpan<byte> text) =>
        Type = text.SequenceEqual("snapshot"u8) ? BybitMessageType.Snapshot
            : text.SequenceEqual("delta"u8) ? BybitMessageType.Delta
            : BybitMessageType.Other;
}
