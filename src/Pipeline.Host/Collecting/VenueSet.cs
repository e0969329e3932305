using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Collecting;

/// <summary>
/// The venues of a collector: what is taken from each, and the watch over its instruments. Each comes in its own time; the trouble of
/// one holds up no other. To be stopped before it is disposed of.
/// </summary>
internal sealed class VenueSet : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Func<VenuePlan, Task>> _join = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _failed = new();
    private readonly InstrumentRegistry _instruments = new();
    private readonly IReadOnlyList<VenueAccess> _venues;
    private readonly Func<CancellationToken, Task<IReadOnlyList<InstrumentRecord>>> _readKnown;
    private readonly IDisposable? _clients;
    private readonly IMarketSink _sink;
    private readonly PipelineMetrics _metrics;
    private readonly TimeProvider _marketClock;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lazy<Task<ILookup<string, InstrumentRecord>>> _known;
    private readonly List<VenueStart> _starts;
    private Task _running = Task.CompletedTask;

    private VenueSet(
        IReadOnlyList<VenueAccess> venues,
        Func<CancellationToken, Task<IReadOnlyList<InstrumentRecord>>> readKnown,
        IMarketSink sink,
        PipelineMetrics metrics,
        TimeProvider marketClock,
        TimeProvider time,
        ILogger log,
        IDisposable? clients)
    {
        _venues = venues;
        _readKnown = readKnown;
        _clients = clients;
        _sink = sink;
        _metrics = metrics;
        _marketClock = marketClock;
        _time = time;
        _log = log;
        _starts = [.. venues.Select(venue => new VenueStart(venue.Name, metrics, time, log))];
        _known = new(ReadKnownAsync);
    }

    /// <summary>The venues that are not collected from, and why.</summary>
    public IReadOnlyList<(string Venue, string Reason)> Missing =>
        [.. _starts.Where(start => start.Missing is not null).Select(start => (start.Venue, start.Missing!))];

    /// <summary>Fails when there is nothing to collect, from whichever venue; does not complete otherwise.</summary>
    public Task Failure => _failed.Task;

    /// <summary>
    /// Begins to ask the venues for their instruments, all at once. Returns when the first one is planned, or none could be at the first
    /// attempt: those that failed are tried again in the background.
    /// </summary>
    /// <exception cref="VenueException">No venue has anything of what the topology names.</exception>
    public static Task<VenueSet> MakeAsync(
        TopologyFile topology,
        IMarketSink sink,
        PipelineMetrics metrics,
        TimeProvider marketClock,
        TimeProvider time,
        ILogger log,
        CancellationToken cancellation)
    {
        var clients = new VenueClients(topology.Venues, time, metrics);
        List<VenueAccess> venues = [.. topology.Venues.Select(venue => Open(venue, clients))];
        return MakeAsync(
            venues, token => InstrumentArchive.ReadAsync(topology.Kafka, time, log, token), sink, metrics, marketClock, time, log, clients, cancellation);
    }

    /// <param name="readKnown">Reads what was written of all venues' instruments before.</param>
    /// <param name="clients">Disposed of with this; null when it is another's.</param>
    internal static async Task<VenueSet> MakeAsync(
        IReadOnlyList<VenueAccess> venues,
        Func<CancellationToken, Task<IReadOnlyList<InstrumentRecord>>> readKnown,
        IMarketSink sink,
        PipelineMetrics metrics,
        TimeProvider marketClock,
        TimeProvider time,
        ILogger log,
        IDisposable? clients,
        CancellationToken cancellation)
    {
        var set = new VenueSet(venues, readKnown, sink, metrics, marketClock, time, log, clients);
        try
        {
            await set.BeginAsync(cancellation);
            return set;
        }
        catch
        {
            await set.StopAsync();
            set.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Publishes what is known of a venue's instruments and is new, calls <paramref name="join"/>, and follows what becomes of them; each
    /// venue as soon as it is planned. Once.
    /// </summary>
    /// <param name="join">Begins to collect; called from several threads, for each venue until it has succeeded once.</param>
    public void Start(Func<VenuePlan, Task> join) => _join.TrySetResult(join);

    /// <summary>Completes when nothing is asked any more, and nothing joins.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _clients?.Dispose();
        _stop.Dispose();
    }

    private static VenueAccess Open(VenueOptions options, VenueClients clients)
    {
        var parts = KnownVenues.Of(options.Name);
        return new VenueAccess(options, parts.Adapter, clients.MakeRest(options, parts.Rest));
    }

    private async Task BeginAsync(CancellationToken cancellation)
    {
        var planned = new TaskCompletionSource();
        _running = Task.WhenAll(_starts.Zip(_venues, (start, venue) => RunAsync(start, venue, planned)));
        await Task.WhenAny(planned.Task, Task.WhenAll(_starts.Select(start => start.Settled)), Failure).WaitAsync(cancellation);
        if (Failure.IsFaulted)
        {
            await Failure;
        }
    }

    private async Task RunAsync(VenueStart start, VenueAccess venue, TaskCompletionSource planned)
    {
        try
        {
            var (plan, watch) = await start.InsistAsync(token => PlanAsync(venue, token), TellFailed, _stop.Token);
            planned.TrySetResult();
            var join = await _join.Task.WaitAsync(_stop.Token);
            await start.InsistAsync(
                async token =>
                {
                    await watch.PublishAsync(token);
                    await join(plan);
                    return true;
                },
                TellFailed,
                _stop.Token);
            start.Joined();
            await watch.RunAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The normal end.
        }
        catch (Exception error)
        {
            // Nothing is known to come here; were it passed over, the venue would be unwatched and nobody would know.
            _failed.TrySetException(error);
        }
    }

    private async Task<(VenuePlan Plan, InstrumentWatch Watch)> PlanAsync(VenueAccess venue, CancellationToken cancellation)
    {
        var known = _known.Value;
        var listing = await VenueListing.LoadAsync(venue, _time, _log, cancellation);
        var discoveries = InstrumentWatch.MakeDiscoveries();
        var plan = VenuePlan.Of(venue, listing, _instruments, _log, token => discoveries.Writer.TryWrite(token));
        VenueLog.Planned(_log, venue.Name, plan.Instruments.Count, plan.Streams.Count);
        return (plan, new InstrumentWatch(plan, (await known)[venue.Name], discoveries, _sink, _metrics, _marketClock, _time, _log));
    }

    private async Task<ILookup<string, InstrumentRecord>> ReadKnownAsync() =>
        (await _readKnown(_stop.Token)).ToLookup(record => record.Info.Venue, StringComparer.Ordinal);

    /// <summary>Ends it all when nothing is left: every venue answered, and none has anything of what it is asked for.</summary>
    private void TellFailed()
    {
        var faults = _starts.Select(start => start.Nothing).ToList();
        if (faults.TrueForAll(fault => fault is not null))
        {
            var why = string.Join("; ", faults.Select(fault => fault!.Message));
            _failed.TrySetException(new VenueException($"nothing is left to collect: {why}"));
        }
    }
}
