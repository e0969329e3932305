using Pipeline.Core.Feeds.Transport;

namespace Pipeline.Core.Feeds;

/// <summary>
/// How long to wait before a connection is opened again. Pure: the caller counts attempts. Attempt 0 is made at once, attempt n
/// after delay × multiplier^(n−1), at most the longest delay, give or take the jitter.
/// </summary>
public sealed class ReconnectPolicy
{
    /// <summary>A connection opened less than this ago and already lost is not opened again at once.</summary>
    public static readonly TimeSpan RecentConnect = TimeSpan.FromSeconds(2);

    /// <summary>A venue's wish to be left alone is not followed for longer than this.</summary>
    public static readonly TimeSpan LongestAskedPause = TimeSpan.FromHours(1);

    private readonly TimeSpan _delay;
    private readonly TimeSpan _maxDelay;
    private readonly double _multiplier;
    private readonly int _maxAttempts;
    private readonly double _jitter;
    private readonly Random _random;

    /// <param name="maxAttempts">Attempts without data before giving up; negative = for ever.</param>
    /// <param name="jitter">Share of a delay by which it may be shorter or longer; 0 = none, less than 1.</param>
    public ReconnectPolicy(TimeSpan delay, TimeSpan maxDelay, double multiplier, int maxAttempts, double jitter, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDelay, delay);
        ArgumentOutOfRangeException.ThrowIfLessThan(multiplier, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(jitter);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(jitter, 1);
        ArgumentNullException.ThrowIfNull(random);
        _delay = delay;
        _maxDelay = maxDelay;
        _multiplier = multiplier;
        _maxAttempts = maxAttempts;
        _jitter = jitter;
        _random = random;
    }

    /// <summary>The policy of the options, with a jitter of 15 %.</summary>
    public static ReconnectPolicy From(WebSocketOptions options, Random random)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ReconnectPolicy(
            options.ReconnectDelay, options.MaxReconnectDelay, options.BackoffMultiplier, options.MaxReconnectAttempts, 0.15, random);
    }

    /// <summary>Number of the first attempt after a connection that had data: 0, or 1 when it was opened a moment ago.</summary>
    public static int FirstAttempt(TimeSpan sinceLastConnect) => sinceLastConnect < RecentConnect ? 1 : 0;

    /// <summary>Whether <paramref name="failed"/> attempts in a row without data are the end.</summary>
    public bool GivesUpAfter(int failed) => _maxAttempts >= 0 && failed >= _maxAttempts;

    /// <summary>
    /// Least wait after a failed attempt: what the venue asked for, and the longest delay where only a person can help, for then the next
    /// attempt will end like this one.
    /// </summary>
    public TimeSpan LeastDelayAfter(Exception? error)
    {
        if (error is not FeedConnectException failed)
        {
            return TimeSpan.Zero;
        }

        var asked = failed.RetryAfter is not { } wish ? TimeSpan.Zero : wish < LongestAskedPause ? wish : LongestAskedPause;
        return failed.Advice is not null && asked < _maxDelay ? _maxDelay : asked;
    }

    /// <summary>Wait before attempt <paramref name="attempt"/>.</summary>
    public TimeSpan DelayBefore(int attempt)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(attempt);
        if (attempt == 0)
        {
            return TimeSpan.Zero;
        }

        var max = _maxDelay.TotalSeconds;
        var plain = Math.Min(max, _delay.TotalSeconds * Math.Pow(_multiplier, attempt - 1));
        var low = plain * (1 - _jitter);
        var high = Math.Min(max, plain * (1 + _jitter));
        return TimeSpan.FromSeconds(low + ((high - low) * NextRandom()));
    }

    private double NextRandom()
    {
        // One generator may serve several connections.
        lock (_random)
        {
            return _random.NextDouble();
        }
    }
}
