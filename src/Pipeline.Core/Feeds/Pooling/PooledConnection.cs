using System.Reactive.Linq;
using System.Reactive.Subjects;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Feeds.Subscriptions;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// A pooled connection of one or two legs, which carry the same streams and share one <see cref="Continuity"/>. How a leg is kept alive
/// and replaced is the affair of its <see cref="LegPlace"/>; here they are merged.
/// </summary>
internal sealed class PooledConnection : IPooledConnection
{
    private readonly List<LegPlace> _places = [];
    private readonly HashSet<LegPlace> _ended = [];
    private readonly OrderedDictionary<string, bool> _streams = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly Continuity _continuity = new();
    private readonly Subject<IObservable<FrameBatch>> _sources = new();
    private readonly ISubject<FeedEvent> _events = Subject.Synchronize(new Subject<FeedEvent>());
    private readonly ISubject<SubscriptionOutcome> _outcomes = Subject.Synchronize(new Subject<SubscriptionOutcome>());
    private readonly IVenueAdapter _adapter;
    private readonly long _createdAt;

    /// <summary>The newest rotation of all legs at once.</summary>
    private Task<RotationOutcome>? _hurried;

    /// <param name="shared">What its sockets have in common as to subscriptions.</param>
    /// <param name="marketClock">Stamps arrival.</param>
    /// <param name="time">Runs deadlines and back-off.</param>
    /// <param name="random">Jitter of the back-off.</param>
    /// <param name="progress">What proves that a replacement carries a stream; null = nothing does, and time decides.</param>
    /// <param name="gate">What every attempt to connect waits for, those of replacements too; null = nothing.</param>
    /// <param name="traffic">The venue's, to which the traffic of each socket is added; null = nobody adds up.</param>
    /// <param name="legs">Sockets side by side, 1 or 2; null = as the options say.</param>
    public PooledConnection(
        IVenueAdapter adapter,
        VenueFeedOptions options,
        string name,
        string route,
        SharedSubscriptions shared,
        IFeedTransport transport,
        TimeProvider marketClock,
        TimeProvider time,
        PipelineMetrics metrics,
        Random random,
        IStreamProgress? progress = null,
        IConnectGate? gate = null,
        VenueTraffic? traffic = null,
        int? legs = null)
    {
        Legs = legs ?? options.Legs;
        ArgumentOutOfRangeException.ThrowIfLessThan(Legs, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Legs, 2);
        _adapter = adapter;
        var venue = adapter.Venue;
        Name = name;
        Route = route;
        Progress = progress;
        _createdAt = MarketTime.Now(marketClock);
        Events = new GuardedObservable<FeedEvent>(_events, _ => metrics.ObserverError(venue));
        Outcomes = new GuardedObservable<SubscriptionOutcome>(_outcomes, _ => metrics.ObserverError(venue));
        var frames = _sources.Merge().Publish();
        frames.Connect();
        Frames = new GuardedObservable<FrameBatch>(frames, _ => metrics.ObserverError(venue));

        var clock = new LocalClock(time);
        for (var i = 0; i < Legs; i++)
        {
            var legName = LegNames.Of(Name, i, Legs);
            var source = new FeedSource(venue, legName ?? Name, adapter.Parser, options.Symbols, adapter.TimeUnit)
            {
                Continuity = _continuity,
            };
            var parts = new LegParts(
                adapter, options, source, adapter.StreamUri(options.Endpoint, route), transport, marketClock, clock, metrics, random, gate, traffic, shared);
            _places.Add(new LegPlace(this, parts, legName));
        }
    }

    public string Name { get; }

    public string Route { get; }

    public int Legs { get; }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _streams.Count;
            }
        }
    }

    public bool IsHealthy => _places.Exists(place => place.IsHealthy);

    public IObservable<FrameBatch> Frames { get; }

    public IObservable<FeedEvent> Events { get; }

    public IObservable<SubscriptionOutcome> Outcomes { get; }

    /// <summary>A stream is as far as the leg where it is farthest.</summary>
    public IReadOnlyDictionary<string, StreamState> States =>
        _places.Count == 1 ? _places[0].States : Merge(_places[0].States, _places[1].States);

    public ConnectionStatistics Statistics => new(
        Name,
        Count,
        _places.Max(place => place.Confirmed),
        _places.Exists(place => place.IsOpen),
        _places.Exists(place => place.IsReady),
        _createdAt,
        _places.Max(place => place.LastMessageAt),
        _places.Sum(place => place.Frames),
        _places.Sum(place => place.Reconnections))
    {
        WireBytes = _places.Sum(place => place.WireBytes),
        PayloadBytes = _places.Sum(place => place.PayloadBytes),
        BytesPerSecond = _places.Sum(place => place.BytesPerSecond),
        IsCompressed = _places.Exists(place => place.IsCompressed),
    };

    /// <summary>What proves that a replacement carries a stream.</summary>
    internal IStreamProgress? Progress { get; }

    /// <summary>Legs that are not gone yet, replaced ones and twins among them.</summary>
    internal int LegsAlive => _places.Sum(place => place.LegsAlive);

    /// <summary>Streams wished for, those wished for first coming first.</summary>
    internal IReadOnlyCollection<string> Streams
    {
        get
        {
            lock (_gate)
            {
                return [.. _streams.Keys];
            }
        }
    }

    public void Start() => _places.ForEach(place => place.Start());

    public void Subscribe(IReadOnlyCollection<string> streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        lock (_gate)
        {
            foreach (var stream in streams)
            {
                _streams.TryAdd(stream, true);
            }
        }

        _places.ForEach(place => place.Subscribe(streams));
    }

    public void Unsubscribe(IReadOnlyCollection<string> streams)
    {
        ArgumentNullException.ThrowIfNull(streams);
        lock (_gate)
        {
            foreach (var stream in streams)
            {
                _streams.Remove(stream);
            }
        }

        _places.ForEach(place => place.Unsubscribe(streams));
    }

    public bool Renew(string stream)
    {
        ArgumentException.ThrowIfNullOrEmpty(stream);
        lock (_gate)
        {
            if (!_streams.ContainsKey(stream))
            {
                return false;
            }
        }

        _places.ForEach(place => place.Renew(stream));
        return true;
    }

    /// <summary>Who says so sees what came over all legs together: all of them are meant.</summary>
    public void Suspect(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        _places.ForEach(place => place.Suspect(reason));
    }

    public void Share() => _continuity.Share();

    public void Part() => _continuity.Part();

    public Task<RotationOutcome> RotateAsync(RotationCause cause)
    {
        if (_places.Count == 1)
        {
            return _places[0].RotateAsync(cause);
        }

        if (cause != RotationCause.Announced)
        {
            return RotateInTurnAsync(cause);
        }

        // The venue promises no time, so there is none to take turns; a leg that is being replaced already is joined.
        var all = RotateAllAsync();
        Volatile.Write(ref _hurried, all);
        return all;
    }

    public Task ReconnectAsync() => Task.WhenAll(_places.Select(place => place.ReconnectAsync()));

    public ValueTask DisposeAsync() => CloseAsync(DisconnectionReason.Stopped);

    public async ValueTask CloseAsync(DisconnectionReason reason)
    {
        await Task.WhenAll(_places.Select(place => place.CloseAsync(reason)));
        _sources.OnCompleted();
        _events.OnCompleted();
        _outcomes.OnCompleted();
    }

    /// <summary>Whether what a place misses comes over another one.</summary>
    internal bool IsCovered(LegPlace place) => _places.Exists(other => other != place && other.IsCovering);

    internal void Attach(IObservable<FrameBatch> frames)
    {
        lock (_gate)
        {
            // That a leg is given up is its place's affair.
            _sources.OnNext(frames.Catch(Observable.Empty<FrameBatch>()));
        }
    }

    internal void Tell(FeedEvent happened) => _events.OnNext(happened);

    /// <summary>What became of wishes on one leg; a refusal counts only where no other leg has the stream.</summary>
    internal void Settled(LegPlace place, SubscriptionOutcome outcome, string? leg)
    {
        _events.OnNext(new StreamsSettled(_adapter.Venue, Name, outcome) { Leg = leg });
        if (outcome.IsConfirmed || _places.Count == 1)
        {
            _outcomes.OnNext(outcome);
            return;
        }

        var others = _places.Where(other => other != place).SelectMany(other => other.States).ToLookup(one => one.Key, one => one.Value);
        var streams = outcome.Streams.Where(stream => !others[stream].Contains(StreamState.Confirmed)).ToList();
        if (streams.Count > 0)
        {
            _outcomes.OnNext(outcome with { Streams = streams });
        }
    }

    /// <summary>A place will never open a socket again; with the last one the connection is given up.</summary>
    internal void Ended(LegPlace place, Exception? error)
    {
        bool isLast;
        lock (_gate)
        {
            isLast = _ended.Add(place) && _ended.Count == _places.Count;
        }

        if (!isLast)
        {
            return;
        }

        if (error is null)
        {
            _sources.OnCompleted();
        }
        else
        {
            _sources.OnError(error);
        }
    }

    private async Task<RotationOutcome> RotateAllAsync() =>
        Sum(await Task.WhenAll(_places.Select(place => place.RotateAsync(RotationCause.Announced))));

    /// <summary>One leg after the other; when the venue hurries meanwhile, those that have not had their turn are replaced by that.</summary>
    private async Task<RotationOutcome> RotateInTurnAsync(RotationCause cause)
    {
        var before = Volatile.Read(ref _hurried);
        var outcomes = new List<RotationOutcome>();
        foreach (var place in _places)
        {
            if (Volatile.Read(ref _hurried) is { } hurried && hurried != before)
            {
                outcomes.Add(await hurried);
                break;
            }

            outcomes.Add(await place.RotateAsync(cause));
        }

        return Sum(outcomes);
    }

    private static Dictionary<string, StreamState> Merge(
        IReadOnlyDictionary<string, StreamState> one, IReadOnlyDictionary<string, StreamState> other)
    {
        var merged = new Dictionary<string, StreamState>(one, StringComparer.Ordinal);
        foreach (var (stream, state) in other)
        {
            merged[stream] = merged.TryGetValue(stream, out var known) ? Farther(known, state) : state;
        }

        return merged;
    }

    private static StreamState Farther(StreamState one, StreamState other) => (one, other) switch
    {
        (StreamState.Confirmed, _) or (_, StreamState.Confirmed) => StreamState.Confirmed,
        (StreamState.Failed, StreamState.Failed) => StreamState.Failed,
        _ => StreamState.Requested,
    };

    private RotationOutcome Sum(IReadOnlyCollection<RotationOutcome> outcomes) => new(
        Name,
        outcomes.All(outcome => outcome.IsDone),
        outcomes.Select(outcome => outcome.Reason).FirstOrDefault(reason => reason is not null),
        outcomes.Max(outcome => outcome.Took),
        outcomes.Sum(outcome => outcome.Unproven));
}
