using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;

namespace Pipeline.Tests.Feeds.Pooling;

/// <summary>Progress by ids, noted from frames such as <c>s0 17</c>.</summary>
internal sealed class TestProgress : IStreamProgress
{
    private readonly Dictionary<(string Stream, long Socket), (long First, long Newest)> _seen = [];

    public int Questions { get; private set; }

    public void Note(string stream, long id, long socket)
    {
        var first = _seen.TryGetValue((stream, socket), out var before) ? before.First : id;
        _seen[(stream, socket)] = (first, id);
    }

    public bool Carries(FeedStream stream, long socket)
    {
        Questions++;
        if (!_seen.TryGetValue((stream.Name, socket), out var here))
        {
            return false;
        }

        var older = _seen.Where(one => one.Key.Stream == stream.Name && one.Key.Socket < socket).Select(one => one.Value.Newest);
        return here.First <= older.DefaultIfEmpty(long.MaxValue - 1).Max() + 1;
    }
}
