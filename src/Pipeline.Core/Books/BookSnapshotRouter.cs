using System.Collections.Concurrent;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Books;

/// <summary>
/// Sends each venue's requests its own way: to REST, or to the feed that subscribes the instrument's book again. A venue without a way
/// is counted.
/// </summary>
public sealed class BookSnapshotRouter(PipelineMetrics metrics) : IBookSnapshots
{
    private readonly ConcurrentDictionary<string, Action<Instrument>> _ways = new(StringComparer.Ordinal);

    /// <param name="request">Returns at once; called from several threads.</param>
    public void Add(string venue, Action<Instrument> request)
    {
        ArgumentException.ThrowIfNullOrEmpty(venue);
        ArgumentNullException.ThrowIfNull(request);
        _ways[venue] = request;
    }

    public void Remove(string venue) => _ways.TryRemove(venue, out _);

    public void Request(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        if (_ways.TryGetValue(instrument.Venue, out var request))
        {
            request(instrument);
        }
        else
        {
            metrics.BookSnapshot(instrument.Venue, "no-way");
        }
    }
}
