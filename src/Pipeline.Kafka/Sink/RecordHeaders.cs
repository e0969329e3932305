using System.Text;
using Pipeline.Core.Diagnostics;
using Pipeline.Kafka.Records;

namespace Pipeline.Kafka.Sink;

/// <summary>The header values of the records of one batch, as text; only what differs is written again. For one thread.</summary>
internal sealed class RecordHeaders
{
    private const int MaxLeg = 192;

    // Version, trace, span and flags, as the W3C writes them.
    private const int MaxTrace = 55;

    // Names and the length prefixes around them, for the size of a record on the wire.
    private const int Framing = 96;
    private readonly byte[] _produced = new byte[Utf8Writer.MaxInteger];
    private readonly byte[] _received = new byte[Utf8Writer.MaxInteger];
    private readonly byte[] _leg = new byte[MaxLeg];
    private int _producedLength;
    private int _receivedLength;
    private readonly byte[] _trace = new byte[MaxTrace];
    private int _legLength;
    private int _traceLength;
    private string? _legText;
    private long _producedTime = long.MinValue;
    private long _receivedTime = long.MinValue;

    public ReadOnlySpan<byte> Produced => _produced.AsSpan(0, _producedLength);

    public ReadOnlySpan<byte> Received => _received.AsSpan(0, _receivedLength);

    /// <summary>Connection; empty when the record did not come over one.</summary>
    public ReadOnlySpan<byte> Leg => _leg.AsSpan(0, _legLength);

    /// <summary>Trace that the record belongs to; empty when it is not traced.</summary>
    public ReadOnlySpan<byte> Trace => _trace.AsSpan(0, _traceLength);

    /// <summary>Time of production, microseconds since the Unix epoch, UTC.</summary>
    public long ProducedTime => _producedTime;

    /// <summary>Upper bound of their size on the wire.</summary>
    public int Size => Framing + (2 * Utf8Writer.MaxInteger) + _legLength + (_traceLength > 0 ? _traceLength + PipelineTracing.TraceParent.Length : 0);

    public void Begin(string? leg, long producedTime)
    {
        SetLeg(leg);
        if (producedTime != _producedTime)
        {
            _producedTime = producedTime;
            _producedLength = Format(producedTime, _produced);
        }
    }

    public void SetLeg(string? leg)
    {
        if (!ReferenceEquals(leg, _legText))
        {
            _legText = leg;
            Encoding.UTF8.TryGetBytes(leg.AsSpan(0, Math.Min(leg?.Length ?? 0, MaxLeg / 3)), _leg, out _legLength);
        }
    }

    /// <param name="trace">Null = none.</param>
    public void SetTrace(string? trace)
    {
        if (trace is null || !Encoding.ASCII.TryGetBytes(trace, _trace, out _traceLength))
        {
            _traceLength = 0;
        }
    }

    public void SetReceived(long receivedTime)
    {
        if (receivedTime != _receivedTime)
        {
            _receivedTime = receivedTime;
            _receivedLength = Format(receivedTime, _received);
        }
    }

    private static int Format(long value, byte[] target)
    {
        var writer = new Utf8Writer(target);
        writer.Integer(value);
        return writer.Length;
    }
}
