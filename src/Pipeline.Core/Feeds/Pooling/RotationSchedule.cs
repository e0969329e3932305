namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// When each connection of a pool is replaced for its age: at its greatest age, give or take a twentieth, so that not all are at once;
/// with a window, at some moment of the last one it lives to see, and without regard to it only when there is none. Never later than a
/// quarter of an hour before the venue ends it. Plain logic on the clock of the day; not thread-safe.
/// </summary>
/// <param name="venueLimit">Age at which the venue ends a connection; null where it does not.</param>
internal sealed class RotationSchedule(TimeSpan maxAge, DailyWindow? window, TimeSpan? venueLimit, Random random)
{
    /// <summary>A connection is replaced at least this long before the venue ends it: a replacement may fail and is tried again.</summary>
    internal static readonly TimeSpan Reserve = TimeSpan.FromMinutes(15);

    /// <summary>After an attempt that failed.</summary>
    internal static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(5);

    private const double Jitter = 0.05;

    private readonly Dictionary<(string Connection, string Socket), DateTimeOffset> _due = [];

    /// <summary>When the next one is due; null when none is known.</summary>
    public DateTimeOffset? NextDue => _due.Count == 0 ? null : _due.Values.Min();

    /// <summary>A socket of a connection is open; a newer one under the same name replaces it.</summary>
    public void Opened(string connection, string socket, DateTimeOffset at) => _due[(connection, socket)] = DueOf(at);

    /// <summary>A socket of a connection is gone.</summary>
    public void Closed(string connection, string socket) => _due.Remove((connection, socket));

    /// <summary>A connection is gone.</summary>
    public void Remove(string connection)
    {
        foreach (var key in _due.Keys.Where(key => key.Connection == connection).ToList())
        {
            _due.Remove(key);
        }
    }

    /// <summary>The connection could not be replaced: its old socket is kept for now.</summary>
    public void Failed(string connection, string socket, DateTimeOffset now) => _due[(connection, socket)] = now + RetryAfter;

    /// <summary>Connections that are due; they are forgotten until they open anew, or <see cref="Failed"/>.</summary>
    public List<string> TakeDue(DateTimeOffset now)
    {
        var due = _due.Where(one => one.Value <= now).OrderBy(one => one.Value).Select(one => one.Key.Connection).Distinct().ToList();
        due.ForEach(Remove);
        return due;
    }

    private DateTimeOffset DueOf(DateTimeOffset opened)
    {
        var latest = opened + LatestAge();
        var plain = opened + (maxAge * (1 - Jitter + (2 * Jitter * random.NextDouble())));
        plain = plain < latest ? plain : latest;
        return window is { } hours && LastIn(hours, opened, latest) is { } inside ? inside : plain;
    }

    private TimeSpan LatestAge()
    {
        var own = maxAge * (1 + Jitter);
        return venueLimit switch
        {
            null => own,
            { } limit when limit > Reserve => limit - Reserve,
            { } limit => limit / 2,
        };
    }

    /// <summary>A moment of the last window that overlaps the time between the two; null when none does.</summary>
    private DateTimeOffset? LastIn(DailyWindow hours, DateTimeOffset opened, DateTimeOffset latest)
    {
        var length = hours.To - hours.From;
        var midnight = new DateTimeOffset(latest.UtcDateTime.Date, TimeSpan.Zero);
        for (var start = midnight + hours.From.ToTimeSpan(); start + length > opened; start -= TimeSpan.FromDays(1))
        {
            var from = start > opened ? start : opened;
            var to = start + length < latest ? start + length : latest;
            if (to <= from)
            {
                continue;
            }

            // One that was opened in this very window is not replaced again at once.
            var share = start > opened ? random.NextDouble() : (1 + random.NextDouble()) / 2;
            return from + ((to - from) * share);
        }

        return null;
    }
}
