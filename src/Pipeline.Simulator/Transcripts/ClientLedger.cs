using System.Globalization;
using Pipeline.Core.Market;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Transcripts;

/// <summary>
/// Judges what one client owes its venue: pongs in time, few and small messages, signs of life. The simulator says it, not the client;
/// it only notes, enforcing is the dialect's affair. Only messages of the client and pings pass here, never data.
/// </summary>
internal sealed class ClientLedger(int connection, SimulatedVenue venue, string path, TimeProvider clock)
{
    private const int ViolationsKept = 100;
    private const int PingsKept = 1000;
    private const int MessagesKept = 10_000;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ClientRules _rules = ClientRules.Of(venue);
    private readonly Queue<(byte[] Payload, long SentAt)> _pings = new();
    private readonly Queue<long> _messages = new();
    private readonly List<Violation> _violations = [];
    private long _lastMessage = clock.GetTimestamp();
    private long _lastTraffic = clock.GetTimestamp();
    private TimeSpan _longestPong;
    private TimeSpan _longestSilence;
    private int _mostMessages;
    private long _largestRequest;
    private long _violationCount;
    private bool _pongIsLate;
    private bool _isSilent;
    private bool _isOver;

    public int Connection => connection;

    public SimulatedVenue Venue => venue;

    public string Path => path;

    /// <summary>Microseconds since the Unix epoch.</summary>
    public long ConnectedAt { get; } = MarketTime.Now(clock);

    public ConnectionCounts Counts { get; } = new();

    /// <summary>Payload of the newest ping without an answer; null = there is none.</summary>
    public ReadOnlyMemory<byte>? OpenPing
    {
        get
        {
            lock (_gate)
            {
                return _pings.Count == 0 ? null : _pings.Last().Payload;
            }
        }
    }

    public void PingSent(ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            _pings.Enqueue((payload.ToArray(), clock.GetTimestamp()));
            if (_pings.Count > PingsKept)
            {
                _pings.Dequeue();
            }
        }
    }

    /// <summary>A request; answers how many messages came within the last second, this one included.</summary>
    public int OnMessage(long length)
    {
        lock (_gate)
        {
            _largestRequest = Math.Max(_largestRequest, length);
            if (length > _rules.RequestBytes)
            {
                Blame($"a request of {length} bytes; the venue takes {_rules.RequestBytes}");
            }

            return Count();
        }
    }

    public int OnPing()
    {
        lock (_gate)
        {
            return Count();
        }
    }

    /// <summary>A pong: it answers the ping whose payload it carries, and those before.</summary>
    public int OnPong(ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            var answered = 0;
            var index = 0;
            foreach (var ping in _pings)
            {
                index++;
                answered = payload.SequenceEqual(ping.Payload) ? index : answered;
            }

            for (; answered > 0; answered--)
            {
                var latency = clock.GetElapsedTime(_pings.Dequeue().SentAt);
                _longestPong = latency > _longestPong ? latency : _longestPong;
                _pongIsLate = false;
            }

            return Count();
        }
    }

    /// <summary>Frames were sent to the client: that too keeps a connection alive.</summary>
    public void OnClock(bool hasSent)
    {
        lock (_gate)
        {
            if (hasSent)
            {
                _lastTraffic = clock.GetTimestamp();
            }

            _longestSilence = Longer(_longestSilence, clock.GetElapsedTime(_lastMessage));
            if (_rules.Silence is { } bound && !_isSilent && clock.GetElapsedTime(_lastTraffic) > bound)
            {
                _isSilent = true;
                Blame($"no message and no ping for {FaultText.Duration(bound)} while nothing was sent to it");
            }

            if (_rules.PongWithin is { } limit && !_pongIsLate && _pings.TryPeek(out var oldest)
                && clock.GetElapsedTime(oldest.SentAt) >= limit)
            {
                _pongIsLate = true;
                Blame($"no pong within {FaultText.Duration(limit)}");
            }
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
        }
    }

    public ClientRecord ToRecord()
    {
        lock (_gate)
        {
            var silence = _isOver ? _longestSilence : Longer(_longestSilence, clock.GetElapsedTime(_lastMessage));
            return new ClientRecord(
                !_isOver, _longestPong, _pings.Count, _mostMessages, _largestRequest, silence, [.. _violations], _violationCount);
        }
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private int Count()
    {
        _longestSilence = Longer(_longestSilence, clock.GetElapsedTime(_lastMessage));
        _lastMessage = _lastTraffic = clock.GetTimestamp();
        _isSilent = false;
        _messages.Enqueue(_lastMessage);
        while (clock.GetElapsedTime(_messages.Peek()) >= Second || _messages.Count > MessagesKept)
        {
            _messages.Dequeue();
        }

        _mostMessages = Math.Max(_mostMessages, _messages.Count);
        if (_messages.Count > _rules.MessagesPerSecond)
        {
            Blame($"{_messages.Count} messages within a second; the venue takes {_rules.MessagesPerSecond}");
        }

        return _messages.Count;
    }

    private void Blame(FormattableString what)
    {
        _violationCount++;
        if (_violations.Count < ViolationsKept)
        {
            _violations.Add(new Violation(MarketTime.Now(clock), what.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
