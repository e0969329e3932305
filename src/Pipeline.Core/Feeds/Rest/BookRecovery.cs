using System.Collections.Concurrent;
using Pipeline.Core.Books;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Rest;

/// <summary>
/// Where the snapshots of books come from: by REST where the venue's diffs want one, else by a fresh subscription to the book's stream.
/// </summary>
public sealed class BookRecovery(BookOptions options, TimeProvider marketClock, PipelineMetrics metrics) : IAsyncDisposable
{
    private readonly BookSnapshotRouter _router = new(metrics);
    private readonly ConcurrentDictionary<string, RestBookSnapshots> _rest = new(StringComparer.Ordinal);

    public IBookSnapshots Snapshots => _router;

    /// <summary>Opens the way for one venue, at any time; false when its books need a REST interface and there is none.</summary>
    /// <param name="channels">Name the streams of its books.</param>
    /// <param name="rest">Null where none can be asked.</param>
    /// <param name="resubscribe">The feed's.</param>
    /// <param name="entrance">Where the answers go.</param>
    /// <param name="failed">Told of each request that came to nothing.</param>
    public bool Add(
        IVenueAdapter adapter,
        ChannelOptions channels,
        SymbolTable symbols,
        IVenueRest? rest,
        Func<string, bool> resubscribe,
        IAnswerEntrance entrance,
        Action<BookSnapshotFailure>? failed = null)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentNullException.ThrowIfNull(symbols);
        ArgumentNullException.ThrowIfNull(resubscribe);
        ArgumentNullException.ThrowIfNull(entrance);
        if (adapter.RulesFor(channels.TradeSource).Book is BookRule.Chain or BookRule.Resend)
        {
            _router.Add(adapter.Venue, instrument =>
            {
                foreach (var stream in adapter.StreamNames(instrument, StreamChannel.Book, channels))
                {
                    resubscribe(stream);
                }
            });
            return true;
        }

        if (rest is null)
        {
            return false;
        }

        var source = FeedSource.OfRest(adapter, symbols);
        var snapshots = new RestBookSnapshots(rest, source, options, marketClock, metrics);
        if (failed is not null)
        {
            snapshots.Failed += failed;
        }

        snapshots.Start(entrance);
        _rest[adapter.Venue] = snapshots;
        _router.Add(adapter.Venue, snapshots.Request);
        return true;
    }

    /// <summary>Closes the way of a venue.</summary>
    public async Task RemoveAsync(string venue)
    {
        _router.Remove(venue);
        if (_rest.TryRemove(venue, out var snapshots))
        {
            await snapshots.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var venue in _rest.Keys)
        {
            await RemoveAsync(venue);
        }
    }
}
