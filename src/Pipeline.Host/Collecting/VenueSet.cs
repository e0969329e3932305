using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Collecting;

/// <summary>
/// The venues of a collector: what is taken from each, and the watch over its instruments. Each comes in its own time; the trouble of
/// one holds up no other. Venues come and go while it runs. To be stopped before it is disposed of.
/// </summary>
internal sealed class VenueSet : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Func<VenuePlan, Task<IVenueIntake>>> _join = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _planned = new();
    private readonly TaskCompletionSource _failed = new();
    private readonly Func<VenueOptions, (VenueAccess Venue, IDisposable? Client)> _open;
    private readonly VenueTools _tools;

    // Replaced whole, so that it may be read at any time; changed by one at a time.
    private volatile VenueRun[] _runs = [];

    private VenueSet(
        Func<VenueOptions, (VenueAccess Venue, IDisposable? Client)> open,
        Func<CancellationToken, Task<IReadOnlyList<InstrumentRecord>>> readKnown,
        IMarketSink sink,
        PipelineMetrics metrics,
        TimeProvider marketClock,
        TimeProvider time,
        ILogger log,
        Func<string, bool>? isOurs)
    {
        _open = open;
        var known = new Lazy<Task<ILookup<string, InstrumentRecord>>>(() => ReadKnownAsync(readKnown));
        _tools = new VenueTools(new InstrumentRegistry(), known, sink, metrics, marketClock, time, log, isOurs);
    }

    /// <summary>In the topology's order, those that came later behind.</summary>
    public IReadOnlyList<string> Names => [.. _runs.Select(run => run.Name)];

    /// <summary>The venues that are not collected from, and why.</summary>
    public IReadOnlyList<(string Venue, string Reason)> Missing =>
        [.. _runs.Select(run => run.Start).Where(start => start.Missing is not null).Select(start => (start.Venue, start.Missing!))];

    /// <summary>Fails when there is nothing to collect, from whichever venue; does not complete otherwise.</summary>
    public Task Failure => _failed.Task;

    /// <summary>
    /// Begins to ask the venues for their instruments, all at once. Returns when the first one is planned, or none could be at the first
    /// attempt: those that failed are tried again in the background.
    /// </summary>
    /// <param name="isOurs">Which instruments, by key, are ours where collectors share them; null = all.</param>
    /// <exception cref="VenueException">No venue has anything of what the topology names.</exception>
    public static Task<VenueSet> MakeAsync(
        TopologyFile topology,
        IMarketSink sink,
        PipelineMetrics metrics,
        TimeProvider marketClock,
        TimeProvider time,
        ILogger log,
        CancellationToken cancellation,
        Func<string, bool>? isOurs = null) => MakeAsync(
            topology.Venues,
            venue => Open(venue, time, metrics),
            token => InstrumentArchive.ReadAsync(topology.Kafka, time, log, token),
            sink,
            metrics,
            marketClock,
            time,
            log,
            cancellation,
            isOurs);

    /// <param name="open">The ways to a venue, and what is disposed of when they are not needed any more.</param>
    /// <param name="readKnown">Reads what was written of all venues' instruments before.</param>
    internal static async Task<VenueSet> MakeAsync(
        IReadOnlyList<VenueOptions> venues,
        Func<VenueOptions, (VenueAccess Venue, IDisposable? Client)> open,
        Func<CancellationToken, Task<IReadOnlyList<InstrumentRecord>>> readKnown,
        IMarketSink sink,
        PipelineMetrics metrics,
        TimeProvider marketClock,
        TimeProvider time,
        ILogger log,
        CancellationToken cancellation,
        Func<string, bool>? isOurs = null)
    {
        var set = new VenueSet(open, readKnown, sink, metrics, marketClock, time, log, isOurs);
        try
        {
            await set.BeginAsync(venues, cancellation);
            return set;
        }
        catch
        {
            await set.StopAsync();
            await set.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Publishes what is known of a venue's instruments and is new, calls <paramref name="join"/>, and follows what becomes of them; each
    /// venue as soon as it is planned. Once.
    /// </summary>
    /// <param name="join">Begins to collect; called from several threads, for each venue until it has succeeded once.</param>
    public void Start(Func<VenuePlan, Task<IVenueIntake>> join) => _join.TrySetResult(join);

    /// <summary>Begins with a venue, in the background. By one caller at a time, as all changes.</summary>
    public void Add(VenueOptions venue)
    {
        var run = Make(venue);
        _runs = [.. _runs, run];
        Begin(run);
    }

    /// <summary>Ends a venue; completes when its connections are closed.</summary>
    public async Task RemoveAsync(string venue)
    {
        if (Array.Find(_runs, run => run.Name == venue) is { } run)
        {
            _runs = [.. _runs.Where(one => one != run)];
            await run.DisposeAsync();
        }
    }

    /// <summary>Other entries, channels or intervals of a venue that is there.</summary>
    public Task<VenueChange> ReplanAsync(VenueOptions venue, CancellationToken cancellation) =>
        _runs.First(run => run.Name == venue.Name).ReplanAsync(venue, cancellation);

    /// <summary>Other instruments are ours than before.</summary>
    public Task ReshareAsync(CancellationToken cancellation) => Task.WhenAll(_runs.Select(run => run.ReshareAsync(cancellation)));

    /// <summary>Completes when nothing is asked any more, and nothing joins.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_runs.Select(run => run.StopAsync()));
    }

    /// <summary>Ends all venues; completes when their connections are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_runs.Select(run => run.DisposeAsync().AsTask()));
        _runs = [];
        _stop.Dispose();
    }

    private static (VenueAccess Venue, IDisposable? Client) Open(VenueOptions options, TimeProvider time, PipelineMetrics metrics)
    {
        var parts = KnownVenues.Of(options.Name);
        var client = new VenueClients([options], time, metrics);
        return (new VenueAccess(options, parts.Adapter, client.MakeRest(options, parts.Rest)), client);
    }

    private VenueRun Make(VenueOptions options)
    {
        var (venue, client) = _open(options);
        return new VenueRun(venue, _tools, client, _stop.Token);
    }

    private void Begin(VenueRun run) =>
        run.Begin(() => _planned.TrySetResult(), _join.Task, TellFailed, error => _failed.TrySetException(error));

    private async Task BeginAsync(IReadOnlyList<VenueOptions> venues, CancellationToken cancellation)
    {
        var runs = _runs = [.. venues.Select(Make)];
        foreach (var run in runs)
        {
            Begin(run);
        }

        await Task.WhenAny(_planned.Task, Task.WhenAll(runs.Select(run => run.Start.Settled)), Failure).WaitAsync(cancellation);
        if (Failure.IsFaulted)
        {
            await Failure;
        }
    }

    private async Task<ILookup<string, InstrumentRecord>> ReadKnownAsync(
        Func<CancellationToken, Task<IReadOnlyList<InstrumentRecord>>> readKnown) =>
        (await readKnown(_stop.Token)).ToLookup(record => record.Info.Venue, StringComparer.Ordinal);

    /// <summary>Ends it all when nothing is left: every venue answered, and none has anything of what it is asked for.</summary>
    private void TellFailed()
    {
        var faults = _runs.Select(run => run.Start.Nothing).ToList();
        if (faults.TrueForAll(fault => fault is not null))
        {
            var why = string.Join("; ", faults.Select(fault => fault!.Message));
            _failed.TrySetException(new VenueException($"nothing is left to collect: {why}"));
        }
    }
}
