using Pipeline.TestKit.Feeds.Virtual;

namespace Pipeline.Tests.Feeds.Proofs;

/// <summary>What came of one stream of trades, over all sockets: which ids, how often, and with what pauses.</summary>
internal sealed class StreamRecord(VirtualStream stream)
{
    private readonly HashSet<long> _missing = [];
    private long _last = -1;
    private long _anchor = -1;
    private TimeSpan _lastNew;

    public VirtualStream Stream { get; } = stream;

    /// <summary>Ids that have not come, between the first that came and the newest that did.</summary>
    public IReadOnlyCollection<long> Missing => _missing;

    /// <summary>The first id that came; -1 before it.</summary>
    public long Anchor => _anchor;

    /// <summary>The newest id that came; -1 before the first.</summary>
    public long Last => _last;

    /// <summary>Ids that came for the first time.</summary>
    public long New { get; private set; }

    /// <summary>Ids that came once more.</summary>
    public long Copies { get; private set; }

    /// <summary>Ids that came after a later one: somebody had to wait for them.</summary>
    public long Late { get; private set; }

    /// <summary>Longest time between two ids that came for the first time, since <see cref="Watch"/>.</summary>
    public TimeSpan LongestSilence { get; private set; }

    /// <summary>When the newest id came.</summary>
    public TimeSpan LastNewAt => _lastNew;

    /// <summary>Starts measuring silence.</summary>
    public void Watch(TimeSpan now)
    {
        LongestSilence = TimeSpan.Zero;
        _lastNew = now;
    }

    public void Add(long id, TimeSpan now)
    {
        if (id > _last)
        {
            for (var missed = _anchor < 0 ? id : _last + 1; missed < id; missed++)
            {
                _missing.Add(missed);
            }

            _anchor = _anchor < 0 ? id : _anchor;
            _last = id;
        }
        else if (_missing.Remove(id))
        {
            Late++;
        }
        else
        {
            Copies++;
            return;
        }

        New++;
        LongestSilence = now - _lastNew > LongestSilence ? now - _lastNew : LongestSilence;
        _lastNew = now;
    }
}
