using Pipeline.Core.Feeds.Freshness;

namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// Which streams a replacement carries already. A stream is over when its data came without a hole to what the old socket brought, or when
/// the venue acknowledged it a while ago: a quiet one proves nothing, and correctness comes from ids, overlap only spares repairs.
/// Plain logic; not thread-safe.
/// </summary>
internal sealed class Overlap(TimeSpan timeout)
{
    /// <summary>Not acknowledged yet.</summary>
    private readonly Dictionary<string, FeedStream?> _asked = new(StringComparer.Ordinal);

    /// <summary>Acknowledged, but nothing has proved them yet, and when that no longer matters.</summary>
    private readonly Dictionary<string, (FeedStream? Stream, TimeSpan Due)> _quiet = new(StringComparer.Ordinal);

    /// <summary>Refused although the old socket has them.</summary>
    private readonly HashSet<string> _missed = new(StringComparer.Ordinal);

    /// <summary>Those that are over, in order to begin again when the replacement's own socket is lost.</summary>
    private readonly Dictionary<string, FeedStream?> _over = new(StringComparer.Ordinal);

    private readonly HashSet<string> _unproven = new(StringComparer.Ordinal);

    /// <summary>Whether the venue has answered for all streams, and has refused none that the old socket has.</summary>
    public bool IsSubscribed => _asked.Count == 0 && _missed.Count == 0;

    /// <summary>Whether every stream is over.</summary>
    public bool IsDone => IsSubscribed && _quiet.Count == 0;

    /// <summary>Streams that are over for their time alone, and those that are not over.</summary>
    public int Unproven => _unproven.Count + _quiet.Count + _asked.Count + _missed.Count;

    /// <summary>Whether each stream's data has shown that nothing is missed.</summary>
    public bool IsProven => Unproven == 0;

    public int Unanswered => _asked.Count;

    public int Refused => _missed.Count;

    /// <summary>When the next quiet stream is over; null when none waits.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            TimeSpan? next = null;
            foreach (var (_, due) in _quiet.Values)
            {
                next = next <= due ? next : due;
            }

            return next;
        }
    }

    /// <param name="stream">What it carries; null when that is not known, so that nothing can prove it.</param>
    public void Add(string name, FeedStream? stream) => _asked.TryAdd(name, stream);

    public void Remove(string name)
    {
        _asked.Remove(name);
        _quiet.Remove(name);
        _missed.Remove(name);
        _over.Remove(name);
        _unproven.Remove(name);
    }

    public void Acknowledged(string name, TimeSpan now)
    {
        _missed.Remove(name);
        if (_asked.Remove(name, out var stream))
        {
            _quiet[name] = (stream, now + timeout);
        }
    }

    /// <param name="isMissed">Whether the old socket has it, so that it would be lost with that one.</param>
    public void Refuse(string name, bool isMissed)
    {
        if (_asked.Remove(name, out var stream) && isMissed)
        {
            _missed.Add(name);
            _over[name] = stream;
        }
    }

    /// <summary>The replacement lost its socket: everything begins again.</summary>
    public void Reset()
    {
        foreach (var (name, (stream, _)) in _quiet)
        {
            _asked[name] = stream;
        }

        foreach (var (name, stream) in _over)
        {
            _asked[name] = stream;
        }

        _quiet.Clear();
        _over.Clear();
        _missed.Clear();
        _unproven.Clear();
    }

    /// <summary>Looks which of the acknowledged streams are over by now.</summary>
    /// <param name="progress">Null when nobody keeps it.</param>
    public void Look(IStreamProgress? progress, long socket, TimeSpan now)
    {
        foreach (var (name, (stream, due)) in _quiet)
        {
            var isProven = stream is not null && progress is not null && progress.Carries(stream, socket);
            if (!isProven && now < due)
            {
                continue;
            }

            _quiet.Remove(name);
            _over[name] = stream;
            if (!isProven)
            {
                _unproven.Add(name);
            }
        }
    }
}
