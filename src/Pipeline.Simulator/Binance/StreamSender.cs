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
    private readonly List<BinanceSession> _touched = [];

    /// <summary>The publisher's clock in microseconds.</summary>
    public long Now { get; private set; }

    public static long Divisor(int unit) => unit == 0 ? UnixTime.Millisecond : 1;

    public void BeginTurn(long now) => Now = now;

    /// <summary>A builder for the payload when somebody wants the stream in this unit; else null.</summary>
    public FrameBuilder? Begin(MarketStream stream, int unit, NumberFormat format) =>
        stream.Sessions(unit == 1).Length == 0 ? null : BeginFor(format);

    /// <summary>A builder for a payload of one session alone.</summary>
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
    /// <param name="sharesBook">True = without the sessions that cut their book updates on their own.</param>
    public void Send(MarketStream stream, int unit, FrameBuilder frame, bool sharesBook = false)
    {
        ReadOnlySpan<byte> bare = default;
        ReadOnlySpan<byte> combined = default;
        foreach (var session in stream.Sessions(unit == 1))
        {
            if (sharesBook && CutsAlone(session, stream))
            {
                continue;
            }

            if (session.Combined)
            {
                combined = combined.IsEmpty ? frame.Combined(stream.Envelope) : combined;
                session.Connection.Publish(stream.Name, combined);
            }
            else
            {
                bare = bare.IsEmpty ? frame.Bare() : bare;
                session.Connection.Publish(stream.Name, bare);
            }

            Touch(session);
        }
    }

    /// <summary>Sends what was built to one session.</summary>
    public void SendTo(BinanceSession session, MarketStream stream, FrameBuilder frame)
    {
        session.Connection.Publish(stream.Name, session.Combined ? frame.Combined(stream.Envelope) : frame.Bare());
        Touch(session);
    }

    /// <summary>Whether a session has its own grouping of a book stream, or has yet to come back from it.</summary>
    public static bool CutsAlone(BinanceSession session, MarketStream stream) =>
        session.DepthPhase != 0 || (session.DepthCursors.Count > 0 && session.DepthCursors.ContainsKey(stream));

    public void EndTurn()
    {
        foreach (var session in _touched)
        {
            session.HasUnsent = false;
            session.Connection.Wake();
        }

        _touched.Clear();
    }

    private void Touch(BinanceSession session)
    {
        if (!session.HasUnsent)
        {
            session.HasUnsent = true;
            _touched.Add(session);
        }
    }
}
