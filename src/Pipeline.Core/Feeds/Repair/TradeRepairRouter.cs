using System.Collections.Concurrent;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Repair;

/// <summary>
/// Sends each venue's requests its own way. Of a venue that has none the hole is given up, by an answer like any other.
/// </summary>
/// <param name="clock">The market clock.</param>
public sealed class TradeRepairRouter(TimeProvider clock) : ITradeRepairs
{
    private readonly ConcurrentDictionary<string, ITradeRepairs> _ways = new(StringComparer.Ordinal);
    private IAnswerEntrance? _entrance;

    /// <summary>Where the answers go of venues that have no way; to be called before anything is asked.</summary>
    public void Start(IAnswerEntrance entrance) => _entrance = entrance;

    public void Add(string venue, ITradeRepairs repairs)
    {
        ArgumentException.ThrowIfNullOrEmpty(venue);
        ArgumentNullException.ThrowIfNull(repairs);
        _ways[venue] = repairs;
    }

    public void Remove(string venue) => _ways.TryRemove(venue, out _);

    public void Request(RepairRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_ways.TryGetValue(request.Instrument.Venue, out var way))
        {
            way.Request(request);
        }
        else
        {
            _ = RefuseAsync(request);
        }
    }

    public void Forget(Instrument instrument, long fromId)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        if (_ways.TryGetValue(instrument.Venue, out var way))
        {
            way.Forget(instrument, fromId);
        }
    }

    private async Task RefuseAsync(RepairRequest request)
    {
        if (_entrance is not { } entrance)
        {
            return;
        }

        var batch = entrance.RentAnswer();
        batch.ReceivedTime = MarketTime.Now(clock);
        batch.Repair = new RepairAnswer(request.Instrument, request.FromId, -1, RepairOutcome.Abandoned, GapReason.NotRepairable);
        if (!await entrance.TakeAsync(batch))
        {
            batch.Release();
        }
    }
}
