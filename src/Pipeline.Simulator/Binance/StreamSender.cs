using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance;

/// <summary>
/// Makes frames of payloads: encoded once per event, time unit and envelope, copied into the outboxes of all sessions that
/// subscribed, and handed to the sockets together at the end of the turn.
/// </summary>
internal sealed class StreamSender
{
    /// <summary>Units of time a payload may be wanted in: milliseconds (0) and microseconds (1).</summary>
    public const int Units = 2;

    private readonly FrameBuilder _frame = new();
    private readonly FrameSender _sender = new();

    /// <summary>The publisher's clock in microseconds.</summary>
    public long Now { get; private set; }

    public static long Divisor(int unit) => unit == 0 ? UnixTime.Millisecond : 1;

    public void BeginTurn(long now) => Now = now;

    /// <summary>A builder for the payload when somebody wants the stream in this unit; else null.</summary>
    public FrameBuilder? Begin(MarketStream stream, int unit, NumberFormat format) =>
        stream.Sessions(unit == 1).Length == 0 ? null : BeginFor(format);

    /// <summary>A builder, whoever wants it.</summary>
    public FrameBuilder BeginFor(NumberFormat format)
    {
        _frame.Begin();
        _frame.Format = format;
        return _frame;
    }

    /// <summary>Sends what was built to those who want the stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="unit">Unit that was built.</param>
    /// <param name="frame">The payload.</param>
    public void Send(MarketStream stream, int unit, FrameBuilder frame)
    {
        ReadOnlySpan<byte> bare = default;
        ReadOnlySpan<byte> combined = default;
        _sender.Stream = stream.Name;
        foreach (var session in stream.Sessions(unit == 1))
        {
            if (session.Combined)
            {
                combined = combined.IsEmpty ? frame.Combined(stream.Envelope) : combined;
                _sender.Send(session, combined);
            }
            else
            {
                bare = bare.IsEmpty ? frame.Bare() : bare;
                _sender.Send(session, bare);
            }
        }
    }

    public void EndTurn() => _sender.Flush();
}
