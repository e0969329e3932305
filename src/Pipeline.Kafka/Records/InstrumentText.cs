using System.Text;
using Pipeline.Core.Market;
using Pipeline.Kafka.Partitioning;

namespace Pipeline.Kafka.Records;

/// <summary>What never changes of an instrument's records: how each begins, and which partition they go to.</summary>
internal sealed class InstrumentText
{
    private readonly byte[] _prefix;
    private readonly int _nameLength;

    public InstrumentText(Instrument instrument)
    {
        Instrument = instrument;
        Hash = InstrumentPartitioner.PositiveHash(instrument.KeyUtf8.Span);
        var characters = instrument.Venue.Length + instrument.Id.Length + instrument.Symbol.Length;
        var writer = new Utf8Writer(new byte[64 + (Encoding.UTF8.GetMaxByteCount(characters) * Utf8Writer.MaxEscape)]);
        writer.Raw("{\"venue\":\""u8);
        writer.Escaped(instrument.Venue);
        writer.Raw("\",\"instrument\":\""u8);
        writer.Escaped(instrument.Id);
        _nameLength = writer.Length + 1;
        writer.Raw("\",\"symbol\":\""u8);
        writer.Escaped(instrument.Symbol);
        writer.Raw("\""u8);
        _prefix = writer.Written.ToArray();
    }

    public Instrument Instrument { get; }

    /// <summary>Partition before the modulus.</summary>
    public int Hash { get; }

    /// <summary><c>{"venue":"…","instrument":"…"</c></summary>
    public ReadOnlySpan<byte> Name => _prefix.AsSpan(0, _nameLength);

    /// <summary><c>{"venue":"…","instrument":"…","symbol":"…"</c></summary>
    public ReadOnlySpan<byte> NameAndSymbol => _prefix;
}
