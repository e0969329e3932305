using System.Runtime.CompilerServices;
using Pipeline.Core.Sequencing;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>What one socket has brought of one stream. Written by one thread, read by any.</summary>
/// <param name="firstId">Least id that its first event stands for.</param>
internal sealed class SocketTrace(long socket, long series, long firstId, long id)
{
    private SeriesWatch _watch;
    private bool _isWatching;
    private long _newestId = id;

    public long Socket => socket;

    public long Series => series;

    public long FirstId => firstId;

    public long NewestId => Volatile.Read(ref _newestId);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long id)
    {
        var newest = _newestId;
        if (id > newest)
        {
            Volatile.Write(ref _newestId, id);
            if (_isWatching)
            {
                (_watch, _isWatching) = (default, false);
            }
        }
        else if (id < newest)
        {
            AddOlder(id, newest);
        }
    }

    /// <summary>A copy or a straggler, unless the venue has begun to count anew.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddOlder(long id, long newest)
    {
        _isWatching = true;
        if (_watch.IsNewSeries(id, newest))
        {
            (_watch, _isWatching) = (default, false);
            Volatile.Write(ref _newestId, id);
        }
    }
}
