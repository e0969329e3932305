using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Collecting;

/// <summary>
/// Publishes what is known of one venue's instruments: at the start, and whenever it changes. Its batches go straight to the sink, which
/// places and counts them like all others; nothing else writes that topic, so the order of each key is that of the calls.
/// </summary>
/// <param name="known">What the topic says already of this venue.</param>
/// <param name="discovered">Tokens that the stream brings unasked.</param>
/// <param name="marketClock">Stamps what was learnt.</param>
/// <param name="time">Paces the questions.</param>
internal sealed class InstrumentWatch(
    VenuePlan plan,
    IEnumerable<InstrumentRecord> known,
    Channel<Instrument> discovered,
    IMarketSink sink,
    PipelineMetrics metrics,
    TimeProvider marketClock,
    TimeProvider time,
    ILogger log)
{
    private const int MostNames = 5;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private readonly InstrumentRevisions _revisions = new(known);
    private VenuePlan _plan = plan;
    private IReadOnlyList<InstrumentInfo> _listed = plan.Directory.All;
    private bool _isListComplete = plan.Directory.IsComplete;
    private HashSet<string> _absentOnce = [];
    private int _lastCount = plan.Directory.IsComplete ? plan.Directory.All.Count : 0;

    /// <summary>Who changes the plan takes turns with this.</summary>
    public SemaphoreSlim Turn { get; init; } = new(1, 1);

    /// <summary>Which instruments, by key, are ours to publish where collectors share them; null = all.</summary>
    public Func<string, bool>? IsOurs { get; init; }

    /// <summary>Told of each list that differs from the one before, or brings other turnover; in turn. May change the plan.</summary>
    public Func<VenueListing, IReadOnlyList<InstrumentChange>, CancellationToken, Task>? Listed { get; init; }

    /// <summary>Another plan of the same venue; in turn.</summary>
    public void Follow(VenuePlan next) => _plan = next;

    /// <summary>Where the tokens go that a stream brings unasked; as many as are ever taken fit in.</summary>
    public static Channel<Instrument> MakeDiscoveries() => Channel.CreateBounded<Instrument>(
        new BoundedChannelOptions(SymbolTable.MostDiscovered) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Publishes the states of all instruments that are not what the topic says already.</summary>
    public Task PublishAsync(CancellationToken cancellation)
    {
        if (_isListComplete && _absentOnce.Count == 0)
        {
            _listed = Believe(_listed);
        }

        return WriteAsync(cancellation);
    }

    /// <summary>
    /// Asks the venue again from time to time or, where there is nobody to ask, takes up what its stream discovers, until cancelled. What
    /// fails is counted and said, and costs one round, or one token.
    /// </summary>
    public Task RunAsync(CancellationToken cancellation) =>
        _plan.Venue.Rest is { } rest ? RefreshAsync(rest, cancellation) : TakeUpAsync(cancellation);

    private async Task RefreshAsync(IVenueRest rest, CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(_plan.Venue.Options.InstrumentRefresh, time, cancellation);
            await GuardAsync(() => RefreshOnceAsync(rest, cancellation), cancellation);
        }
    }

    private async Task RefreshOnceAsync(IVenueRest rest, CancellationToken cancellation)
    {
        if (await AskAsync(rest, cancellation) is not { } list)
        {
            return;
        }

        var turnover = await AskTurnoverAsync(rest, cancellation);
        await Turn.WaitAsync(cancellation);
        try
        {
            await TakeAsync(list, turnover, cancellation);
        }
        finally
        {
            Turn.Release();
        }
    }

    private async Task TakeAsync(
        IReadOnlyList<InstrumentInfo> list, IReadOnlyDictionary<string, Number>? turnover, CancellationToken cancellation)
    {
        var believed = Believe(list);
        var changes = InstrumentChange.Between(_listed, believed);
        Tell(changes);
        foreach (var change in changes.Where(one => one.Kind == InstrumentChangeKind.Renamed && one.Before!.Id != one.After!.Id))
        {
            _revisions.Rename(change.Before!.Id, change.After!.Id);
        }

        var isNew = changes.Count > 0 || !_isListComplete || turnover is not null;
        (_listed, _isListComplete, _lastCount) = (believed, true, list.Count);
        if (isNew && Listed is not null)
        {
            var directory = new InstrumentDirectory(_plan.Venue.Name, believed);
            await Listed(new VenueListing(directory, turnover ?? _plan.Listing.Turnover), changes, cancellation);
        }

        await WriteAsync(cancellation);
    }

    /// <summary>Null when nobody needs it, or it could not be had: then the last one holds.</summary>
    private async Task<IReadOnlyDictionary<string, Number>?> AskTurnoverAsync(IVenueRest rest, CancellationToken cancellation) =>
        _plan.Venue.Options.Instruments.Any(choice => choice.Name is null)
            ? await AskAsync(rest.GetTurnoverAsync, cancellation)
            : null;

    /// <summary>
    /// The list, and what it has no more for the first time: an absence is believed when the next list confirms it. A symbol that goes on
    /// under another id is no absence.
    /// </summary>
    private IReadOnlyList<InstrumentInfo> Believe(IReadOnlyList<InstrumentInfo> list)
    {
        var ids = list.Select(one => one.Id).ToHashSet(StringComparer.Ordinal);
        var symbols = list.Select(one => one.Symbol).ToHashSet(StringComparer.Ordinal);
        List<InstrumentInfo> absent =
        [
            .. _listed.Concat(_revisions.Known.Where(one => one.Status != InstrumentStatus.Delisted)).DistinctBy(one => one.Id)
                .Where(one => !ids.Contains(one.Id) && !symbols.Contains(one.Symbol)),
        ];
        var before = _absentOnce;
        _absentOnce = [.. absent.Select(one => one.Id)];
        return [.. list, .. absent.Where(one => !before.Contains(one.Id))];
    }

    /// <summary>Publishes what differs from what was published, by the newest list; in turn.</summary>
    public Task WriteAsync(CancellationToken cancellation) => PublishAsync(States(), cancellation);

    private async Task GuardAsync(Func<Task> work, CancellationToken cancellation)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            metrics.VenueFailed(_plan.Venue.Name, "instruments");
            VenueLog.WatchFailed(log, _plan.Venue.Name, error.Message);
        }
    }

    /// <summary>Null when there was no answer worth the name.</summary>
    private async Task<IReadOnlyList<InstrumentInfo>?> AskAsync(IVenueRest rest, CancellationToken cancellation)
    {
        var list = await AskAsync(rest.GetInstrumentsAsync, cancellation);
        if (list is null || (list.Count > 0 && list.Count * 2 >= _lastCount))
        {
            return list;
        }

        // Believed, it would delist what is there.
        var what = list.Count == 0 ? "the list is empty" : $"the list has {list.Count} instruments after {_lastCount}";
        VenueLog.RefreshFailed(log, _plan.Venue.Name, what);
        return null;
    }

    /// <summary>Null when there was no answer; that is said.</summary>
    private async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
        where T : class
    {
        using var bound = new CancellationTokenSource(AnswerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellation);
        try
        {
            return await ask(either.Token);
        }
        catch (VenueRestException error)
        {
            VenueLog.RefreshFailed(log, _plan.Venue.Name, error.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            VenueLog.RefreshFailed(log, _plan.Venue.Name, $"no answer within {AnswerTimeout.TotalSeconds} s");
        }

        return null;
    }

    private async Task TakeUpAsync(CancellationToken cancellation)
    {
        await foreach (var token in discovered.Reader.ReadAllAsync(cancellation))
        {
            if (InstrumentDirectory.Describe(token.Venue, token.Id, token.Symbol) is { } described)
            {
                await GuardAsync(() => PublishAsync([described], cancellation), cancellation);
            }
        }
    }

    private async Task PublishAsync(IEnumerable<InstrumentInfo> states, CancellationToken cancellation)
    {
        var now = MarketTime.Now(marketClock);
        var batch = new MarketBatch { Now = now };
        foreach (var state in states)
        {
            // What others publish is new to us when it comes to us, and is said once more: nothing is changed by that.
            if (IsOurs?.Invoke($"{state.Venue}:{state.Id}") != false && _revisions.Update(state, now) is { } record)
            {
                batch.Add(record);
            }
        }

        await sink.WriteAsync(batch, cancellation);
    }

    /// <summary>
    /// Of everything that is taken or was written about before: as the list has it, delisted when that has it no more. By the venue's rule
    /// of spelling alone nothing is said that would replace something better.
    /// </summary>
    private List<InstrumentInfo> States()
    {
        if (!_isListComplete)
        {
            return [.. _plan.Instruments.Where(one => !_revisions.Knows(one.Id))];
        }

        var listed = _listed.DistinctBy(one => one.Id).ToDictionary(one => one.Id, StringComparer.Ordinal);
        return [.. _plan.Instruments.Concat(_revisions.Known).DistinctBy(one => one.Id)
            .Select(one => listed.GetValueOrDefault(one.Id, one with { Status = InstrumentStatus.Delisted }))];
    }

    private void Tell(IReadOnlyList<InstrumentChange> changes)
    {
        var ours = _plan.Instruments.Select(one => one.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var change in changes.Where(change => change.Before is { } before && ours.Contains(before.Id)))
        {
            var (venue, id) = (_plan.Venue.Name, change.Before!.Id);
            switch (change.Kind)
            {
                case InstrumentChangeKind.Delisted:
                    VenueLog.Gone(log, venue, id, "is no longer listed");
                    break;
                case InstrumentChangeKind.Renamed:
                    VenueLog.Gone(log, venue, id, $"is {change.After!.Id} under {change.After.Symbol} now, not {change.Before.Symbol}");
                    break;
                default:
                    VenueLog.Changed(log, venue, id, $"{change.After!.Status}, price step {change.After.PriceStep}, quantity step {change.After.QuantityStep}");
                    break;
            }
        }

        TellListed([.. changes.Where(change => change.Kind == InstrumentChangeKind.Listed).Select(change => change.After!)]);
    }

    /// <summary>Only those that a pattern of the topology would take.</summary>
    private void TellListed(IReadOnlyList<InstrumentInfo> listed)
    {
        var fresh = new InstrumentDirectory(_plan.Venue.Name, listed);
        var fitting = _plan.Venue.Options.Instruments.Where(choice => choice is { IsOpen: true, Name: not null })
            .SelectMany(choice => fresh.Match(choice.Name!)).Select(one => one.Id).Distinct().ToList();
        if (fitting.Count > 0)
        {
            VenueLog.Listed(log, _plan.Venue.Name, fitting.Count, string.Join(", ", fitting.Take(MostNames)));
        }
    }
}
