using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Collecting;

/// <summary>
/// One venue of a collector from its first question to its end: planned, collected from, and then followed, be it the venue's list that
/// changes or the topology. Changes take turns, and each touches only what differs.
/// </summary>
internal sealed class VenueRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, string> _renamed = new(StringComparer.Ordinal);
    private readonly VenueTools _tools;
    private readonly IDisposable? _client;
    private VenueAccess _venue;
    private VenuePlan? _plan;
    private InstrumentWatch? _watch;
    private IVenueIntake? _intake;
    private Task _running = Task.CompletedTask;

    /// <param name="client">Disposed of with this; null when it is another's.</param>
    public VenueRun(VenueAccess venue, VenueTools tools, IDisposable? client, CancellationToken stopping)
    {
        _venue = venue;
        _tools = tools;
        _client = client;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Start = new VenueStart(venue.Name, tools.Metrics, tools.Time, tools.Log);
    }

    public string Name => _venue.Name;

    public VenueStart Start { get; }

    /// <summary>Begins, in the background.</summary>
    /// <param name="planned">Told when it is planned for the first time.</param>
    /// <param name="joining">How to begin to collect, once that is wanted.</param>
    /// <param name="failed">Told after each step that failed.</param>
    /// <param name="broken">Told what ends it for good.</param>
    public void Begin(Action planned, Task<Func<VenuePlan, Task<IVenueIntake>>> joining, Action failed, Action<Exception> broken) =>
        _running = RunAsync(planned, joining, failed, broken);

    /// <summary>Other entries, channels or intervals of the same venue.</summary>
    public async Task<VenueChange> ReplanAsync(VenueOptions options, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stop.Token);
        await _turn.WaitAsync(either.Token);
        try
        {
            var venue = _venue with { Options = options };
            if (_plan is null)
            {
                _venue = venue;
                return new VenueChange(Name, null, []);
            }

            var listing = await ListAsync(venue, _plan.Listing, either.Token);
            await FindSuccessorsAsync(venue, listing);
            var plan = _plan.Anew(Renamed(venue), listing, _tools.Instruments, _tools.IsOurs);
            if (plan is { Instruments.Count: 0, TakesEveryToken: false })
            {
                return new VenueChange(Name, null, plan.Errors, $"it would leave nothing: {string.Join("; ", plan.Errors)}");
            }

            // From here on it is done, whoever has gone.
            _venue = venue;
            var streams = await FollowAsync(plan, _stop.Token);
            return new VenueChange(Name, _intake is null ? null : streams, plan.Errors);
        }
        catch (VenueException error)
        {
            return new VenueChange(Name, null, [], error.Message);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Other instruments of the same plan are ours; nothing is asked. Completes when their streams are asked for, the others given up.</summary>
    public Task ReshareAsync(CancellationToken cancellation) => InTurnAsync(
        async () =>
        {
            if (_plan is not null)
            {
                await FollowAsync(_plan.Anew(Renamed(_venue), _plan.Listing, _tools.Instruments, _tools.IsOurs), cancellation);
            }

            return true;
        },
        cancellation);

    /// <summary>Asks nothing any more; completes when nothing joins any more. What is collected from goes on.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Ends the venue: its connections close.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_intake is { } intake)
        {
            await intake.DisposeAsync();
        }

        _client?.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(Action planned, Task<Func<VenuePlan, Task<IVenueIntake>>> joining, Action failed, Action<Exception> broken)
    {
        try
        {
            await Start.InsistAsync(PlanAsync, failed, _stop.Token);
            planned();
            var join = await joining.WaitAsync(_stop.Token);
            await Start.InsistAsync(token => JoinAsync(join, token), failed, _stop.Token);
            Start.Joined();
            await _watch!.RunAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The normal end.
        }
        catch (Exception error)
        {
            // Nothing is known to come here; were it passed over, the venue would be unwatched and nobody would know.
            broken(error);
        }
    }

    private async Task<bool> PlanAsync(CancellationToken cancellation)
    {
        // The two are asked for side by side.
        var known = _tools.Known.Value;
        var listing = await VenueListing.LoadAsync(_venue, _tools.Time, _tools.Log, cancellation);
        var discoveries = InstrumentWatch.MakeDiscoveries();
        return await InTurnAsync(
            async () =>
            {
                await FindSuccessorsAsync(_venue, listing);
                var plan = VenuePlan.Of(
                    Renamed(_venue), listing, _tools.Instruments, _tools.Log, token => discoveries.Writer.TryWrite(token), _tools.IsOurs);
                VenueLog.Planned(_tools.Log, Name, plan.Instruments.Count, plan.Streams.Count);
                _watch = new InstrumentWatch(
                    plan, (await known)[Name], discoveries, _tools.Sink, _tools.Metrics, _tools.MarketClock, _tools.Time, _tools.Log)
                {
                    IsOurs = _tools.IsOurs,
                    Turn = _turn,
                    Listed = ListedAsync,
                };
                _plan = plan;
                return true;
            },
            cancellation);
    }

    private Task<bool> JoinAsync(Func<VenuePlan, Task<IVenueIntake>> join, CancellationToken cancellation) => InTurnAsync(
        async () =>
        {
            await _watch!.PublishAsync(cancellation);
            _intake = await join(_plan!);
            return true;
        },
        cancellation);

    /// <summary>The venue's list is another one: what the entries stand for may be too. In turn already.</summary>
    private async Task ListedAsync(VenueListing listing, IReadOnlyList<InstrumentChange> changes, CancellationToken cancellation)
    {
        var before = _plan!;
        NoteRenamed(before, changes);
        var plan = before.Anew(Renamed(_venue), listing, _tools.Instruments, _tools.IsOurs);
        plan.Tell(before, _tools.Log);
        var streams = await FollowAsync(plan, cancellation);
        if (!streams.IsEmpty)
        {
            VenueLog.Followed(_tools.Log, Name, streams.Added.Count, streams.Removed.Count, streams.Untouched + streams.Moved.Count);
        }
    }

    /// <summary>Symbols first, then what is said of the instruments, then the streams.</summary>
    private async Task<StreamDifference> FollowAsync(VenuePlan plan, CancellationToken cancellation)
    {
        // Where every token is taken, one that is named no more still is.
        var gone = plan.TakesEveryToken ? [] : _plan!.Registered.Except(plan.Registered).ToList();
        gone.ForEach(_tools.Instruments.Retire);
        foreach (var instrument in plan.Registered)
        {
            plan.Symbols.Add(instrument);
        }

        _plan = plan;
        _watch!.Follow(plan);
        if (_intake is null)
        {
            return StreamDifference.None;
        }

        await _watch.WriteAsync(cancellation);
        return await _intake.FollowAsync(plan, gone, cancellation);
    }

    private async Task<VenueListing> ListAsync(VenueAccess venue, VenueListing last, CancellationToken cancellation)
    {
        var needsTurnover = venue.Options.Instruments.Any(choice => choice.Name is null);
        return last.Directory.IsComplete && (last.Turnover is not null || !needsTurnover)
            ? last
            : await VenueListing.LoadAsync(venue, _tools.Time, _tools.Log, cancellation);
    }

    /// <summary>A name in the topology goes on standing for the instrument it stood for, whatever the venue calls that now.</summary>
    private void NoteRenamed(VenuePlan before, IReadOnlyList<InstrumentChange> changes)
    {
        foreach (var change in changes.Where(one => one.Kind == InstrumentChangeKind.Renamed && one.Before!.Id != one.After!.Id))
        {
            foreach (var choice in _venue.Options.Instruments.Where(one => one is { IsOpen: false, Name: not null }))
            {
                var name = _renamed.GetValueOrDefault(choice.Name!, choice.Name!);
                if (before.Directory.Find(name) is [var meant] && meant.Id == change.Before!.Id)
                {
                    _renamed[choice.Name!] = change.After!.Id;
                }
            }
        }
    }

    /// <summary>What the venue renamed before this start: names of the topology that it does not list are looked up among those it once had.</summary>
    private async Task FindSuccessorsAsync(VenueAccess venue, VenueListing listing)
    {
        foreach (var choice in venue.Options.Instruments.Where(one => one is { IsOpen: false, Name: not null } && listing.Directory.IsComplete))
        {
            var name = choice.Name!;
            if (_renamed.ContainsKey(name) || listing.Directory.Find(name).Any(one => one.Status != InstrumentStatus.Delisted))
            {
                continue;
            }

            var known = (await _tools.Known.Value)[Name];
            if (InstrumentSuccessors.Find(name, listing.Directory, known) is { } successor)
            {
                _renamed[name] = successor.Id;
                VenueLog.Succeeded(_tools.Log, Name, name, successor.Id, successor.Symbol);
            }
        }
    }

    private VenueAccess Renamed(VenueAccess venue) => _renamed.Count == 0
        ? venue
        : venue with
        {
            Options = venue.Options with
            {
                Instruments = [.. venue.Options.Instruments.Select(
                    one => one.Name is { } name && _renamed.TryGetValue(name, out var now) ? one with { Name = now } : one)],
            },
        };

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
