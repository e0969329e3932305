using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Core.Time;

namespace Pipeline.Core.Feeds.Pooling;

/// <summary>
/// The connections of a venue's feed and the streams on them. Streams are shared by reference; wishes are collected for a moment, placed
/// on connections, and handed to each as one chunk. A stream that nobody wants any more is kept for a while, in case somebody wants it
/// again, and then let go together with its like; a connection without streams is closed.
/// <para>
/// Decisions are taken under one lock and carried out behind it, in the same order. One timer, armed for the earliest stream to be let
/// go, or to leave its old place.
/// </para>
/// </summary>
internal sealed partial class ConnectionPool : IAsyncDisposable
{
    private static readonly Comparer<PooledStream> ByRank =
        Comparer<PooledStream>.Create(static (a, b) => (a.Rank, a.Order).CompareTo((b.Rank, b.Order)));

    private static readonly Comparer<PooledStream> ByLetGo =
        Comparer<PooledStream>.Create(static (a, b) => (a.LetGoAt, a.Order).CompareTo((b.LetGoAt, b.Order)));

    private readonly IVenueAdapter _adapter;
    private readonly StreamCatalog _catalog;
    private readonly Func<string, string, int, IPooledConnection> _open;
    private readonly Action<IPooledConnection> _opened;
    private readonly Action<FeedEvent> _tell;
    private readonly Action<string> _letGo;
    private readonly TimeProvider _marketClock;
    private readonly TimeProvider _time;
    private readonly PipelineMetrics _metrics;
    private readonly TimeProviderScheduler _scheduler;
    private readonly TimeSpan _cleanupPeriod;
    private readonly TimeSpan _overlap;
    private readonly int _legs;
    private readonly int _streamsPerConnection;
    private readonly int _maxConnections;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, PooledStream> _streams = new(StringComparer.Ordinal);
    private readonly SortedSet<PooledStream> _unplaced = new(ByRank);
    private readonly SortedSet<PooledStream> _unwanted = new(ByLetGo);
    private readonly List<PoolSlot> _slots = [];
    private readonly List<Task> _closing = [];
    private readonly StreamPlacement _placement;
    private readonly EffectQueue _effects = new();
    private readonly ISubject<PooledStream> _requests = Subject.Synchronize(new Subject<PooledStream>());
    private readonly SerialDisposable _timer = new();
    private readonly IDisposable _batches;

    private TimeSpan? _armed;
    private long _order;
    private bool _isStarted;
    private bool _isStopped;
    private int _reconnectionsOfClosed;

    /// <param name="legs">Of a stream that says nothing of them.</param>
    /// <param name="overlap">How long a stream that moves stays in its old place once the new one carries it.</param>
    /// <param name="open">Makes a connection of a name, a route and a number of legs; it is not started yet.</param>
    /// <param name="opened">Told of each before it is started.</param>
    /// <param name="tell">Told what happens to the pool.</param>
    /// <param name="letGo">Told of each stream that is not in the pool any more.</param>
    public ConnectionPool(
        IVenueAdapter adapter,
        PoolOptions options,
        StreamCatalog catalog,
        int legs,
        TimeSpan overlap,
        Func<string, string, int, IPooledConnection> open,
        Action<IPooledConnection> opened,
        Action<FeedEvent> tell,
        Action<string> letGo,
        TimeProvider marketClock,
        TimeProvider time,
        PipelineMetrics metrics)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BatchSize);
        _adapter = adapter;
        _catalog = catalog;
        _legs = legs;
        _overlap = overlap;
        _open = open;
        _opened = opened;
        _tell = tell;
        _letGo = letGo;
        _marketClock = marketClock;
        _time = time;
        _metrics = metrics;
        _scheduler = new TimeProviderScheduler(time);
        _cleanupPeriod = options.CleanupPeriod;
        _streamsPerConnection = Math.Min(options.MaxStreamsPerConnection ?? int.MaxValue, adapter.Limits.MaxStreamsPerConnection);
        _maxConnections = options.MaxConnections ?? adapter.Limits.MaxConnections;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_streamsPerConnection);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_maxConnections);
        _placement = new StreamPlacement(_streamsPerConnection);
        _batches = _requests.BufferFromFirst(options.BatchDelay, options.BatchSize, _scheduler).Subscribe(Place);
    }

    /// <summary>The connections, in the order in which they came.</summary>
    public IReadOnlyList<IPooledConnection> Connections
    {
        get
        {
            lock (_gate)
            {
                return [.. _slots.Select(slot => slot.Connection)];
            }
        }
    }

    /// <summary>Whether every stream has a place.</summary>
    public bool IsPlaced
    {
        get
        {
            lock (_gate)
            {
                return _streams.Values.All(stream => stream.Slot is not null);
            }
        }
    }

    public IReadOnlyList<StreamStatistics> Streams
    {
        get
        {
            lock (_gate)
            {
                return [.. _streams.Values.OrderBy(stream => stream.Order).Select(stream => stream.Statistics)];
            }
        }
    }

    /// <summary>Streams known, waiting for room, about to be let go: what would grow if something leaked.</summary>
    internal (int Streams, int Unplaced, int Unwanted) Sizes
    {
        get
        {
            lock (_gate)
            {
                return (_streams.Count, _unplaced.Count, _unwanted.Count);
            }
        }
    }

    /// <summary>The connections, and how often they were reopened, those included that are closed by now.</summary>
    public (IReadOnlyList<ConnectionStatistics> Connections, int Reconnections) ReadStatistics()
    {
        List<PoolSlot> slots;
        int reconnections;
        lock (_gate)
        {
            slots = [.. _slots];
            reconnections = _reconnectionsOfClosed;
        }

        var connections = slots.ConvertAll(slot => slot.Statistics);
        return (connections, reconnections + connections.Sum(one => one.Reconnections));
    }

    /// <summary>
    /// Takes a reference to a stream; disposing of it gives it back. The first one makes the stream wanted: it is asked for with those
    /// that come in the same moment.
    /// </summary>
    public IDisposable Subscribe(FeedStream stream)
    {
        PooledStream entry;
        bool isOpen;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isStopped, this);
            (entry, isOpen) = Refer(stream.Name, stream);
            isOpen |= Change(entry, stream);
        }

        if (isOpen)
        {
            _requests.OnNext(entry);
        }

        return Disposable.Create(() => GiveBack(entry));
    }

    /// <summary>Takes a reference to each stream and finds places for them at once.</summary>
    public IDisposable SubscribeAll(IEnumerable<string> streams)
    {
        var entries = new List<PooledStream>();
        var isNew = new List<PooledStream>();
        lock (_gate)
        {
            foreach (var stream in streams.Distinct(StringComparer.Ordinal))
            {
                var (entry, wasMissing) = Refer(stream, null);
                entries.Add(entry);
                if (wasMissing)
                {
                    isNew.Add(entry);
                }
            }
        }

        Place(isNew);
        return Disposable.Create(() => entries.ForEach(GiveBack));
    }

    /// <summary>Opens the connections, and from now on each new one.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _isStarted = true;
            _slots.ForEach(slot => _effects.Add(slot.Connection.Start));
        }

        _effects.Drain();
    }

    /// <summary>The connection a stream is on; null when it is on none.</summary>
    public IPooledConnection? FindByStream(string stream)
    {
        lock (_gate)
        {
            return _streams.GetValueOrDefault(stream)?.Slot?.Connection;
        }
    }

    /// <summary>The connection of a name; null when there is none.</summary>
    public IPooledConnection? Find(string connection)
    {
        lock (_gate)
        {
            return _slots.Find(slot => slot.Connection.Name == connection)?.Connection;
        }
    }

    /// <summary>The connection will not be opened again: it gets no more streams.</summary>
    public void GiveUp(IPooledConnection connection)
    {
        lock (_gate)
        {
            if (_slots.Find(slot => slot.Connection == connection) is { } slot)
            {
                slot.IsGivenUp = true;
                TurnBack(slot);
            }
        }

        _effects.Drain();
    }

    public async ValueTask DisposeAsync()
    {
        List<Task> closing;
        lock (_gate)
        {
            _isStopped = true;
            closing = [.. _closing];
        }

        _batches.Dispose();
        _timer.Dispose();
        await Task.WhenAll([.. closing, .. Connections.Select(connection => connection.DisposeAsync().AsTask())]);
    }

    private static bool IsOver(PooledStream stream) => stream.Subscribers == 0;

    private (PooledStream Entry, bool IsNew) Refer(string name, FeedStream? stream)
    {
        var now = MarketTime.Now(_marketClock);
        var isNew = !_streams.TryGetValue(name, out var entry);
        if (entry is null)
        {
            // Connections rank by the catalog: what nobody put into it is there for as long as it is subscribed to.
            var isCatalogued = stream is not null && _catalog.Find(name) is null;
            if (isCatalogued)
            {
                _catalog.Add(stream!);
            }

            entry = new PooledStream(name, _adapter.RouteOf(name), _catalog.RankOf(name), ++_order, now)
            {
                IsCatalogued = isCatalogued,
                Legs = (stream ?? _catalog.Find(name))?.Legs ?? _legs,
            };
            _streams.Add(name, entry);
        }
        else if (IsOver(entry))
        {
            _unwanted.Remove(entry);
            Arm();
        }

        entry.Subscribers++;
        entry.LastUsed = now;
        return (entry, isNew);
    }

    private void GiveBack(PooledStream stream)
    {
        lock (_gate)
        {
            stream.LastUsed = MarketTime.Now(_marketClock);
            if (--stream.Subscribers > 0 || _isStopped)
            {
                return;
            }

            stream.LetGoAt = Now() + _cleanupPeriod;
            _unwanted.Add(stream);
            Arm();
        }
    }

    /// <summary>Finds places for streams that are wanted still, the most important first.</summary>
    private void Place(IList<PooledStream> streams)
    {
        lock (_gate)
        {
            if (_isStopped)
            {
                return;
            }

            var open = streams.Where(stream => !stream.IsPlaced && _streams.GetValueOrDefault(stream.Name) == stream);
            PlaceUnderLock([.. open.Concat(_unplaced).Distinct().Order(ByRank)]);
        }

        _effects.Drain();
    }

    private void PlaceUnderLock(List<PooledStream> streams)
    {
        var before = _slots.Count;
        var homeless = new List<PooledStream>();
        streams.RemoveAll(stream => stream.IsPlaced);
        streams.ForEach(Lift);
        foreach (var kind in streams.GroupBy(stream => (stream.Route, stream.Legs)))
        {
            var slots = _slots.FindAll(slot => slot.Route == kind.Key.Route && slot.Legs == kind.Key.Legs);
            homeless.AddRange(_placement.Place(kind.Key, [.. kind], slots, () => Open(kind.Key.Route, kind.Key.Legs)));
        }

        // Those that move are subscribed to in the new place before anything is done to the old one.
        streams.ForEach(SetDown);
        foreach (var placed in streams.Where(stream => stream.IsPlaced).GroupBy(stream => stream.Slot!))
        {
            var chunk = placed.Select(stream => stream.Name).ToList();
            var connection = placed.Key.Connection;
            placed.Key.LastUsed = MarketTime.Now(_marketClock);
            _effects.Add(() => connection.Subscribe(chunk));
        }

        if (_isStarted)
        {
            // After their first wishes, so that those go out in one sweep.
            _slots.Skip(before).ToList().ForEach(slot => _effects.Add(slot.Connection.Start));
        }

        _unplaced.RemoveWhere(stream => stream.IsPlaced);
        Complain(homeless);
    }

    private PoolSlot? Open(string route, int legs)
    {
        if (_slots.Count(slot => !slot.IsGivenUp) >= _maxConnections)
        {
            return null;
        }

        var taken = _slots.Where(slot => slot.Route == route).Select(slot => slot.Number).ToHashSet();
        var number = 1;
        while (taken.Contains(number))
        {
            number++;
        }

        var name = route.Length == 0 ? $"{_adapter.Venue}-{number}" : $"{_adapter.Venue}-{route}-{number}";
        var slot = new PoolSlot(_open(name, route, legs), number, MarketTime.Now(_marketClock));
        _slots.Add(slot);
        _effects.Add(() => _opened(slot.Connection));
        return slot;
    }

    /// <summary>Tells once of each stream that there is no room for it.</summary>
    private void Complain(List<PooledStream> homeless)
    {
        _unplaced.UnionWith(homeless);
        var untold = homeless.FindAll(stream => !stream.IsUnplaced);
        if (untold.Count == 0)
        {
            return;
        }

        untold.ForEach(stream => stream.IsUnplaced = true);
        var reason = $"all {_maxConnections} connections of {_adapter.Venue} with {_streamsPerConnection} streams each are taken: raise "
            + "pool.maxConnectionsPerPool or pool.maxStreamsPerConnection of the venue, or take fewer instruments or channels"
            + (untold.Exists(stream => stream.Slot is not null) ? "; those that are to have another number of legs stay where they are" : "");
        _metrics.StreamsFailed(_adapter.Venue, "no-room", untold.Count);
        _effects.Add(() => _tell(new StreamsUnplaced(_adapter.Venue, [.. untold.Select(stream => stream.Name)], reason)));
    }

    /// <summary>Lets go of the streams whose time is over, and closes connections that have none left.</summary>
    private void LetGo()
    {
        lock (_gate)
        {
            _armed = null;
            if (_isStopped)
            {
                return;
            }

            var over = new List<PooledStream>();
            var now = Now();
            while (_unwanted.Min is { } stream && stream.LetGoAt <= now)
            {
                _unwanted.Remove(stream);
                over.Add(stream);
                Remove(stream);
            }

            Take(over.Where(stream => stream.Slot is not null).Select(stream => (stream.Slot!, stream.Name)));
            EndMoves(over.FindAll(stream => stream.Old is not null));
            EndMoves(TakeMoved(now));
            if (_unplaced.Count > 0)
            {
                PlaceUnderLock([.. _unplaced]);
            }

            Arm();
        }

        _effects.Drain();
    }

    private void Remove(PooledStream stream)
    {
        _streams.Remove(stream.Name);
        _unplaced.Remove(stream);
        if (stream.IsCatalogued)
        {
            _catalog.Remove(stream.Name);
        }

        _effects.Add(() => _letGo(stream.Name));
    }

    /// <summary>Leaves streams where they are, those of one connection together.</summary>
    private void Take(IEnumerable<(PoolSlot Slot, string Stream)> streams)
    {
        foreach (var ofSlot in streams.GroupBy(one => one.Slot, one => one.Stream))
        {
            Take(ofSlot.Key, [.. ofSlot]);
        }
    }

    private void Take(PoolSlot slot, List<string> streams)
    {
        slot.Count -= streams.Count;
        slot.LastUsed = MarketTime.Now(_marketClock);
        if (slot.Count > 0)
        {
            _effects.Add(() => slot.Connection.Unsubscribe(streams));
            return;
        }

        _slots.Remove(slot);
        _effects.Add(() => Close(slot));
    }

    private void Close(PoolSlot slot)
    {
        var closing = CloseAsync(slot);
        lock (_gate)
        {
            _closing.RemoveAll(task => task.IsCompleted);
            _closing.Add(closing);
        }
    }

    private async Task CloseAsync(PoolSlot slot)
    {
        await slot.Connection.CloseAsync(DisconnectionReason.Idle);
        lock (_gate)
        {
            _reconnectionsOfClosed += slot.Connection.Statistics.Reconnections;
        }
    }

    private TimeSpan Now() => _time.GetElapsedTime(0);

    /// <summary>Sets the one timer; under the lock.</summary>
    private void Arm()
    {
        var due = _unwanted.Min?.LetGoAt;
        var leave = _leaving.Min?.LeaveAt;
        due = due is null || leave < due ? leave ?? due : due;
        if (due == _armed)
        {
            return;
        }

        _armed = due;
        _timer.Disposable = due is { } at ? _scheduler.Schedule(at - Now(), LetGo) : Disposable.Empty;
    }
}
