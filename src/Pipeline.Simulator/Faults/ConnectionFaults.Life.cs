using System.Globalization;
using System.Text;
using Pipeline.Core.Market;
using Pipeline.Simulator.Okx;
using Pipeline.Simulator.Sockets;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Faults;

/// <summary>What happens to the connection as a whole.</summary>
internal sealed partial class ConnectionFaults
{
    private const int HugeFragment = 16 * 1024;

    // How often the clock is seen, for faults with a mean time between strikes.
    private const int ClocksPerSecond = 10;

    private void Apply(ActiveFault fault, SimulatorConnection connection)
    {
        var values = fault.Values;
        if (fault.Request.Definition.Kind == FaultKind.AtOnce && (fault.Request.Count is not { } most || fault.Struck < most))
        {
            fault.Note(_venue, "connection", _id);
        }

        switch (fault.Id)
        {
            case FaultId.F02 when fault.TryStrike():
                connection.SendNow(Opcode.Text, "Pong timeout"u8);
                connection.Close(CloseCode.PolicyViolation, "Pong timeout");
                break;
            case FaultId.F06 when fault.TryStrike():
                connection.Close((int)values.Whole("code"), values.Text("reason"));
                break;
            case FaultId.F07 when fault.TryStrike():
                Die(connection, values.Text("mode") == "reset" ? values.Duration("deadFor") : null);
                break;
            case FaultId.F08:
                var after = values.Duration("closeWithin") * (_random.Below(1000) / 1000.0);
                Later(after, () => Strike(fault, () => connection.Close(CloseCode.GoingAway, "Upgrade")));
                break;
            case FaultId.F09 when fault.TryStrike():
                connection.SendNow(Opcode.Text, ShutdownEvent(values.Text("form")));
                Later(values.Duration("closeAfter"), () => connection.Close(CloseCode.GoingAway, "Server shutdown"));
                break;
            case FaultId.F10 when fault.TryStrike():
                connection.SendNow(Opcode.Text, OkxReply.Notice(_session!.Number));
                Later(values.Duration("closeAfter"), () => connection.Abort("64008"));
                break;
            case FaultId.F11 when fault.TryStrike():
                _isMute = true;
                Later(values.Duration("closeAfter"), () => connection.Close(4004, "No data received in 30s"));
                break;
            case FaultId.F20 or FaultId.F21:
                // What is subscribed already goes on.
                _exempt[fault.Handle] = [.. _session!.Streams];
                break;
            case FaultId.F66 when fault.TryStrike():
                SendHuge(connection, (int)values.Whole("bytes"));
                break;
        }
    }

    private void ApplyLasting(SimulatorConnection connection)
    {
        foreach (var fault in _mine)
        {
            switch (fault.Id)
            {
                case FaultId.F05 when IsTime(fault.Values.Duration("meanTime")):
                    Strike(fault, () => connection.Close(CloseCode.PolicyViolation, ""));
                    break;
                case FaultId.F14 when connection.UnsentBytes > fault.Values.Whole("bytes"):
                    Strike(fault, () => connection.Close(4005, "Buffer is full, cannot write data"));
                    break;
            }
        }
    }

    /// <summary>Silence from now on; then a reset, or null = never an end.</summary>
    private void Die(SimulatorConnection connection, TimeSpan? until)
    {
        _isDead = true;
        if (until == TimeSpan.Zero)
        {
            connection.Abort("dirty end");
        }
        else if (until is { } time)
        {
            Later(time, () => connection.Abort("dirty end"));
        }
    }

    private void Strike(ActiveFault fault, Func<bool> act)
    {
        if (fault.TryStrike())
        {
            fault.Note(_venue, "connection", _id);
            act();
        }
    }

    private bool IsTime(TimeSpan mean)
    {
        var clocks = Math.Max(1, (long)(mean.TotalSeconds * ClocksPerSecond));
        return _random.Below(clocks) == 0;
    }

    private byte[] ShutdownEvent(string form)
    {
        var unit = _session!.Microseconds ? 1 : UnixTime.Millisecond;
        var time = (MarketTime.Now(_clock) / unit).ToString(CultureInfo.InvariantCulture);
        var raw = $"{{\"e\":\"serverShutdown\",\"E\":{time}}}";
        var isCombined = form == "combined" || (form == "auto" && _session.Combined);
        return Encoding.UTF8.GetBytes(isCombined ? $"{{\"stream\":\"!serverShutdown\",\"data\":{raw}}}" : raw);
    }

    private static void SendHuge(SimulatorConnection connection, int bytes)
    {
        var payload = new byte[bytes];
        payload.AsSpan().Fill((byte)'9');
        "{\"e\":\"hugeSnapshot\",\"bids\":[[\"1.0\",\""u8.CopyTo(payload);
        "\"]]}"u8.CopyTo(payload.AsSpan(bytes - 4));
        var opcode = Opcode.Text;
        for (var sent = 0; sent < bytes; sent += HugeFragment)
        {
            var part = payload.AsSpan(sent, Math.Min(HugeFragment, bytes - sent));
            connection.AppendFragment(opcode, part, isLast: sent + part.Length == bytes);
            opcode = Opcode.Continuation;
        }

        connection.Wake();
    }
}
