using Pipeline.Fanout;

namespace Pipeline.Gateway.WebSockets;

/// <summary>
/// How much a client may say. Who says more is told once, and not listened to for a while, twice as long with each offence; who goes on in
/// spite of it is closed. Messages that are no requests are offences too. For one thread at a time.
/// </summary>
internal sealed class MessageLimit(SessionOptions options, TimeProvider clock)
{
    // Messages that go unheard and count as one more offence together.
    private const int UnheardPerOffence = 100;
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPenalty = TimeSpan.FromSeconds(30);

    private TokenBucket _messages;
    private long _penaltyBegan;
    private TimeSpan _penalty;
    private long _forgetTime = clock.GetTimestamp();
    private int _unheard;

    /// <summary>Offences that are not forgotten.</summary>
    public int Offences { get; private set; }

    /// <summary>As many offences as lead to the end.</summary>
    public bool IsOver => Offences >= options.MaxOffences;

    /// <summary>It is not listened to now.</summary>
    public bool IsInPenalty => _penalty > TimeSpan.Zero && clock.GetElapsedTime(_penaltyBegan) < _penalty;

    /// <summary>A message has come.</summary>
    /// <param name="retryAfter">How long it is not listened to; only where that begins.</param>
    public LimitVerdict Take(out TimeSpan retryAfter)
    {
        retryAfter = default;
        Forget();
        if (IsInPenalty)
        {
            if (++_unheard % UnheardPerOffence == 0)
            {
                Offences++;
            }

            return LimitVerdict.Ignore;
        }

        if (_messages.TryTake(options.MessagesPerSecond, options.MessageBurst, clock.GetElapsedTime(0)))
        {
            return LimitVerdict.Pass;
        }

        Offences++;
        _unheard = 0;
        _penaltyBegan = clock.GetTimestamp();
        _penalty = options.Penalty * Math.Pow(2, Math.Min(Offences - 1, 10));
        _penalty = _penalty > LongestPenalty ? LongestPenalty : _penalty;
        retryAfter = _penalty;
        return LimitVerdict.Refuse;
    }

    /// <summary>The message was no request.</summary>
    public void Offend() => Offences++;

    private void Forget()
    {
        while (Offences > 0 && clock.GetElapsedTime(_forgetTime) >= Forgotten)
        {
            Offences--;
            _forgetTime += (long)(Forgotten.TotalSeconds * clock.TimestampFrequency);
        }

        if (Offences == 0)
        {
            _forgetTime = clock.GetTimestamp();
        }
    }
}
