using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Simulator.Okx;
using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator.Faults;

/// <summary>
/// What a client asks, on its way to the session, and the answers on their way back: those that the session gives while it reads a
/// request are caught, changed and, where asked for, given later. Called by the connection's read loop.
/// </summary>
internal sealed partial class ConnectionFaults
{
    private static readonly TimeSpan LateStep = TimeSpan.FromMilliseconds(100);

    private readonly List<(byte Opcode, byte[] Payload)> _caught = [];
    private readonly List<LateAnswer> _answers = [];
    private volatile int _catching;

    /// <summary>True when the answer was taken and the connection must not send it itself.</summary>
    public bool Takes(byte opcode, ReadOnlySpan<byte> payload)
    {
        if (_isDead)
        {
            return true;
        }

        // Pings and control frames of other threads are nobody's answers.
        if (_catching != Environment.CurrentManagedThreadId)
        {
            return false;
        }

        _caught.Add((opcode, payload.ToArray()));
        return true;
    }

    /// <summary>A message for the session; it gets it, another one, or none.</summary>
    public void OnMessage(IVenueSession session, ReadOnlySpan<byte> message, long length)
    {
        if (!IsAwake)
        {
            session.OnMessage(message, length);
        }
        else if (!_isDead && !Swallows(message) && !Refuses(message, length))
        {
            Pass(session, message, length);
        }
    }

    /// <summary>A ping frame of the client.</summary>
    public void OnPing(IVenueSession session, ReadOnlySpan<byte> payload)
    {
        if (!IsAwake)
        {
            session.OnPing(payload);
        }
        else if (!_isDead && Strike(FaultId.F18) is { } late)
        {
            Catch();
            session.OnPing(payload);
            Answer(late.Values.Duration("delay"), awaitsData: false, []);
        }
        else if (!_isDead)
        {
            session.OnPing(payload);
        }
    }

    /// <summary>A pong; <paramref name="expected"/> is the payload of the newest ping that is open, null when none is.</summary>
    public void OnPong(IVenueSession session, ReadOnlySpan<byte> payload, ReadOnlyMemory<byte>? expected)
    {
        if (!IsAwake)
        {
            session.OnPong(payload);
        }
        else if (!_isDead && expected is { } open && !payload.SequenceEqual(open.Span) && Strike(FaultId.F03) is not null)
        {
            session.Connection.Close(CloseCode.PolicyViolation, "Pong timeout");
        }
        else if (!_isDead)
        {
            // It still counts as a message; it only answers nothing.
            session.OnPong(Strike(FaultId.F01) is null ? payload : "ignored"u8);
        }
    }

    private void Catch()
    {
        _caught.Clear();
        _catching = Environment.CurrentManagedThreadId;
    }

    /// <summary>Sends what was caught, now or later.</summary>
    /// <param name="left">Streams that were unsubscribed.</param>
    private void Answer(TimeSpan? delay, bool awaitsData, IReadOnlyList<string> left)
    {
        _catching = 0;
        lock (_gate)
        {
            // Who has the answer may count on what comes after it.
            SendLater(left);
            foreach (var (opcode, payload) in _caught)
            {
                var answer = opcode == Opcode.Text && Find(FaultId.F27) is { } flat ? Flat(payload, flat) : payload;
                if (delay is { } time)
                {
                    _answers.Add(new LateAnswer(opcode, answer, _clock.GetTimestamp(), time, awaitsData));
                }
                else
                {
                    _connection!.AppendNow(opcode, answer);
                }
            }

            SendOld(left);
            Settle();
        }

        _caught.Clear();
        _connection!.Wake();
    }

    private void ReleaseAnswers(bool hasData)
    {
        for (var i = 0; i < _answers.Count; i++)
        {
            var answer = _answers[i];
            if ((hasData && answer.AwaitsData) || _clock.GetElapsedTime(answer.Since) >= answer.Delay)
            {
                _answers.RemoveAt(i--);
                _connection!.AppendNow(answer.Opcode, answer.Payload);
            }
        }
    }

    private bool Swallows(ReadOnlySpan<byte> message)
    {
        if (IsKeepAlive(message))
        {
            return _isMute || (Find(FaultId.F12) is { } mute && mute.Values.Text("mute") == "pong" && mute.TryStrike());
        }

        return Find(FaultId.F22) is { } no && no.Values.Duration("delay") == TimeSpan.Zero && StrikesShare(no);
    }

    /// <summary>For a fault that strikes only a share of what it could.</summary>
    private bool StrikesShare(ActiveFault fault) => _random.Below(100) < fault.Values.Whole("percent") && fault.TryStrike();

    private bool Refuses(ReadOnlySpan<byte> message, long length)
    {
        var connection = _connection!;
        if (Find(FaultId.F13) is { } oversize && length > oversize.Values.Whole("bytes") && oversize.TryStrike())
        {
            return connection.Close(CloseCode.TooBig, "Request message exceeds the maximum frame length");
        }

        if (Find(FaultId.F23) is { } big && big.Values.Whole("bytes") is var most && length > most && big.TryStrike())
        {
            return connection.SendNow(Opcode.Text, Encoding.ASCII.GetBytes(
                $"{{\"error\":{{\"code\":3,\"msg\":\"Invalid JSON: EOF while parsing a string at line 1 column {most}\"}}}}"));
        }

        if (IsSubscription(message) && Strike(FaultId.F25) is not null)
        {
            connection.SendNow(Opcode.Text, "{\"error\":{\"code\":2,\"msg\":\"Invalid request: invalid stream\"}}"u8);
            return connection.Close(CloseCode.PolicyViolation, "Invalid request");
        }

        if (IsKeepAlive(message) || Strike(FaultId.F29) is null)
        {
            return false;
        }

        _ = OkxRequest.TryParse(message, out var request, out _);
        return connection.SendNow(Opcode.Text, OkxReply.Error(OkxError.TooFrequent, request.Id, _session!.Number));
    }

    private void Pass(IVenueSession session, ReadOnlySpan<byte> message, long length)
    {
        var late = !IsKeepAlive(message) && Find(FaultId.F22) is { } slow && slow.Values.Duration("delay") > TimeSpan.Zero && StrikesShare(slow)
            ? slow
            : null;
        var awaits = late is null && IsSubscription(message) ? Strike(FaultId.F24) : null;
        var delay = late?.Values.Duration("delay") ?? awaits?.Values.Duration("atMost");
        var before = Find(FaultId.F33) is null && Find(FaultId.F34) is null ? [] : session.Streams;
        var (asked, errors) = Refused(message);
        Catch();
        try
        {
            foreach (var error in errors)
            {
                session.Connection.Send(Opcode.Text, error);
            }

            if (asked is null)
            {
                session.OnMessage(message, length);
            }
            else if (asked.Length > 0)
            {
                session.OnMessage(asked, asked.Length);
            }
        }
        finally
        {
            Answer(delay, awaitsData: awaits is not null, before.Count == 0 ? [] : [.. before.Except(session.Streams, StringComparer.Ordinal)]);
        }
    }

    /// <summary>
    /// Of a subscription that is to fail in part: what is left of it (empty = nothing) and the errors for the rest. Null = as it was.
    /// </summary>
    private (byte[]? Left, List<byte[]> Errors) Refused(ReadOnlySpan<byte> message)
    {
        if (!IsSubscription(message) || Find(FaultId.F28) is not { } partial)
        {
            return (null, []);
        }

        try
        {
            if (JsonNode.Parse(message) is not JsonObject request || request["args"] is not JsonArray args || !partial.TryStrike())
            {
                return (null, []);
            }

            var errors = new List<byte[]>();
            for (var left = partial.Values.Whole("refused"); left > 0 && args.Count > 0; left--)
            {
                var arg = args[^1];
                var missing = OkxError.NotFound(OkxArg.From(JsonSerializer.SerializeToElement(arg)) ?? new OkxArg("", "", ""));
                errors.Add(OkxReply.Error(missing, (string?)request["id"], _session!.Number));
                args.RemoveAt(args.Count - 1);
            }

            return (args.Count == 0 ? [] : JsonSerializer.SerializeToUtf8Bytes(request), errors);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No request that could fail in part: the session says what is wrong with it.
            return (null, []);
        }
    }

    /// <summary>The error as the documentation has it, its members at the top.</summary>
    private static byte[] Flat(byte[] answer, ActiveFault flat)
    {
        if (!answer.AsSpan().StartsWith("{\"error\":{"u8) || !flat.TryStrike())
        {
            return answer;
        }

        var root = JsonNode.Parse(answer)!.AsObject();
        var error = root["error"]!.AsObject();
        root.Remove("error");
        foreach (var (name, value) in root)
        {
            error[name] = value?.DeepClone();
        }

        return JsonSerializer.SerializeToUtf8Bytes(error);
    }

    private static bool IsKeepAlive(ReadOnlySpan<byte> message) =>
        message.SequenceEqual("ping"u8) || (message.Length < 200 && message.IndexOf("\"ping\""u8) >= 0);

    private static bool IsSubscription(ReadOnlySpan<byte> message) =>
        message.IndexOf("\"SUBSCRIBE\""u8) >= 0 || message.IndexOf("\"subscribe\""u8) >= 0;

    /// <summary>An answer that is given later.</summary>
    /// <param name="AwaitsData">It follows the next frame of data, if that comes before.</param>
    private sealed record LateAnswer(byte Opcode, byte[] Payload, long Since, TimeSpan Delay, bool AwaitsData);
}
