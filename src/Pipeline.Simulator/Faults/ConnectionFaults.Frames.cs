using System.Text;
using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator.Faults;

/// <summary>
/// Frames of data on their way out: left out, changed, put in another order, cut up; in this order. All under the gate.
/// </summary>
internal sealed partial class ConnectionFaults
{
    // A frame that waits for its neighbour waits no longer than this when none comes.
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PingPause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, (byte[] Frame, FaultId Why, long Since)> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<int, HashSet<string>> _exempt = [];
    private long _lastPing;
    private long _unknowns;

    /// <summary>Sends a frame of market data, header included, as far as the faults let it.</summary>
    /// <returns>False when the connection is ending.</returns>
    public bool Publish(SimulatorConnection connection, string stream, ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            if (_isDead || _isMute || IsMuted(stream, frame) || IsLost(stream, frame))
            {
                return true;
            }

            Remember(stream, frame);
            var sent = SendRewritten(connection, stream, frame);
            Settle();
            return sent;
        }
    }

    private bool IsMuted(string stream, ReadOnlySpan<byte> frame)
    {
        foreach (var fault in _mine)
        {
            var isMeant = fault.Id switch
            {
                FaultId.F40 => true,
                FaultId.F41 => fault.ConcernsStream(stream),
                FaultId.F12 => fault.Values.Text("mute") == "data",
                FaultId.F20 or FaultId.F21 => fault.ConcernsStream(stream)
                    && !(_exempt.TryGetValue(fault.Handle, out var exempt) && exempt.Contains(stream)),
                _ => false,
            };
            if (isMeant && fault.TryStrike())
            {
                Note(fault, stream, frame);
                return true;
            }
        }

        return false;
    }

    private bool IsLost(string stream, ReadOnlySpan<byte> frame)
    {
        // Without its snapshot a book would not have a gap, but no begin.
        var canHaveGap = (Find(FaultId.F43, stream) ?? Find(FaultId.F57, stream)) is not null && !PayloadEdit.IsSnapshot(frame);
        if (canHaveGap && (Strike(FaultId.F43, stream) ?? Strike(FaultId.F57, stream)) is not null)
        {
            return true;
        }

        return Find(FaultId.F52, stream) is { } close && close.Values.Text("mode") == "drop" && IsMeant(close, frame) && close.TryStrike();
    }

    private static bool IsMeant(ActiveFault close, ReadOnlySpan<byte> frame) =>
        close.Values.Text("frames") == "all" || PayloadEdit.IsClosingCandle(frame);

    private bool SendRewritten(SimulatorConnection connection, string stream, ReadOnlySpan<byte> frame)
    {
        if (Strike(FaultId.F60, stream) is not null && PayloadEdit.WithOtherMark(frame) is { } other)
        {
            Emit(connection, other);
        }

        if (Strike(FaultId.F59, stream) is { } rename)
        {
            frame = PayloadEdit.Renamed(frame, rename.Values.Text("to"));
        }

        if (Strike(FaultId.F62, stream) is not null)
        {
            frame = SendFirstHalf(connection, frame);
        }

        if (Find(FaultId.F53) is { } news && news.Values.Text("mode") != "types" && news.TryStrike())
        {
            frame = PayloadEdit.WithNewFields(frame);
        }

        if (Strike(FaultId.F54, stream) is not null)
        {
            frame = PayloadEdit.Escaped(frame);
        }

        var sent = SendOrdered(connection, stream, frame);
        SendExtras(connection, stream, frame);
        return sent;
    }

    private ReadOnlySpan<byte> SendFirstHalf(SimulatorConnection connection, ReadOnlySpan<byte> frame)
    {
        if (PayloadEdit.Mixed(frame) is not { } halves)
        {
            return frame;
        }

        Emit(connection, halves.First);
        return halves.Second;
    }

    private bool SendOrdered(SimulatorConnection connection, string stream, ReadOnlySpan<byte> frame)
    {
        if (_held.Remove(stream, out var held))
        {
            if (held.Why == FaultId.F46)
            {
                return PayloadEdit.Joined(held.Frame, frame) is { } joined
                    ? Emit(connection, joined)
                    : Emit(connection, held.Frame) && Emit(connection, frame);
            }

            return Emit(connection, frame) && Emit(connection, held.Frame);
        }

        if ((StrikeJoin(stream) ?? Strike(FaultId.F47, stream) ?? Strike(FaultId.F74, stream)) is { } order)
        {
            Note(order, stream, frame);
            _held[stream] = (frame.ToArray(), order.Id, _clock.GetTimestamp());
            return true;
        }

        return Find(FaultId.F52, stream) is { } close && IsMeant(close, frame) && close.TryStrike()
            ? SendClose(connection, stream, frame, close)
            : Emit(connection, frame);
    }

    /// <summary>Only every other connection joins updates, unless one is named: that is what makes two of them differ.</summary>
    private ActiveFault? StrikeJoin(string stream) =>
        Find(FaultId.F46, stream) is { } join && (_id % 2 == 1 || join.Filter.Connection == _id) && join.TryStrike() ? join : null;

    private bool SendClose(SimulatorConnection connection, string stream, ReadOnlySpan<byte> frame, ActiveFault close)
    {
        switch (close.Values.Text("mode"))
        {
            case "duplicate":
                return Emit(connection, frame) && Emit(connection, frame);
            case "swap":
                _held[stream] = (frame.ToArray(), FaultId.F52, _clock.GetTimestamp());
                return true;
            default:
                var late = frame.ToArray();
                Later(close.Values.Duration("delay"), () => Emit(connection, late));
                return true;
        }
    }

    /// <summary>Frames of trades alone are told one by one; of the others the number is.</summary>
    private void Note(ActiveFault fault, string stream, ReadOnlySpan<byte> frame)
    {
        if (TradeIds.Of(stream, frame) is { } ids)
        {
            fault.Note(_venue, stream, _id, ids);
        }
    }

    private void SendExtras(SimulatorConnection connection, string stream, ReadOnlySpan<byte> frame)
    {
        if (Strike(FaultId.F73, stream) is { } twice)
        {
            Note(twice, stream, frame);
            Emit(connection, frame);
        }

        if (Find(FaultId.F50, stream) is { } market
            && PayloadEdit.OffMarket(frame, market.Values.Text("kind")) is { } fill && market.TryStrike())
        {
            Emit(connection, fill);
        }

        if (Find(FaultId.F53) is { } news && news.Values.Text("mode") != "fields" && news.TryStrike())
        {
            var kind = $"{{\"e\":\"unknown{++_unknowns}\",\"event\":\"unknown\",\"topic\":\"unknown\",\"data\":[null,{{\"x\":[]}}]}}";
            Emit(connection, ServerFrame.Whole(Opcode.Text, Encoding.UTF8.GetBytes(kind)));
        }
    }

    /// <summary>Puts a frame into the outbox; an ack that waits for data follows it.</summary>
    private bool Emit(SimulatorConnection connection, ReadOnlySpan<byte> frame)
    {
        var sent = Strike(FaultId.F17) is { } cut ? EmitFragments(connection, frame, cut) : connection.Append(frame);
        ReleaseAnswers(hasData: true);
        return sent;
    }

    private bool EmitFragments(SimulatorConnection connection, ReadOnlySpan<byte> frame, ActiveFault cut)
    {
        var payload = PayloadEdit.PayloadOf(frame);
        var opcode = (byte)(frame[0] & 0x0F);
        var left = (int)Math.Min(cut.Values.Whole("fragments"), payload.Length);
        var sent = true;
        for (; left > 1; left--)
        {
            var length = 1 + (int)_random.Below(payload.Length - left + 1);
            sent &= connection.AppendFragment(opcode, payload[..length], isLast: false);
            SendBetween(connection, cut.Values.Text("between"));
            opcode = Opcode.Continuation;
            payload = payload[length..];
        }

        return sent & connection.AppendFragment(opcode, payload, isLast: true);
    }

    private void SendBetween(SimulatorConnection connection, string what)
    {
        if (what == "pong")
        {
            connection.AppendNow(Opcode.Pong, default);
        }
        else if (what == "ping" && (_lastPing == 0 || _clock.GetElapsedTime(_lastPing) >= PingPause))
        {
            _lastPing = _clock.GetTimestamp();
            connection.AppendNow(Opcode.Ping, "between"u8);
        }
    }

    private void ReleaseHeld()
    {
        if (_held.Count == 0)
        {
            return;
        }

        foreach (var (stream, held) in _held.Where(one => _clock.GetElapsedTime(one.Value.Since) >= LongestHold).ToList())
        {
            _held.Remove(stream);
            Emit(_connection!, held.Frame);
        }
    }
}
