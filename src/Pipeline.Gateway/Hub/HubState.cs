using Pipeline.Core.Market;
using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.Streams;
using Pipeline.Kafka.Reader;

namespace Pipeline.Gateway.Hub;

/// <summary>
/// What the hub knows, and what a record does to it: (record, now) → state, messages into outboxes. A plain synchronous class for one thread;
/// <see cref="GatewayHub"/> gives it its thread.
/// </summary>
internal sealed partial class HubState
{
    private readonly HubOptions _options;
    private readonly TimeProvider _clock;
    private readonly IReadOnlyList<IRecordTap> _taps;
    private readonly List<IHubWorker> _workers = [];
    private readonly List<IHubCommand> _waiting = [];
    private readonly RecordTraces _traces = new();
    private readonly StreamPublisher _publisher;
    private int _generation;
    private bool _instrumentsChanged;

    public HubState(HubOptions options, TimeProvider clock, IReadOnlyList<IRecordTap> taps, IReadOnlyList<IHubWorker>? workers = null)
    {
        _options = options;
        _clock = clock;
        _taps = taps;
        _workers.AddRange(workers ?? []);
        _publisher = new StreamPublisher(Frames, Counts, clock);
        Streams = new StreamTable(options.MaxStreams);
        Gaps = new GapBoard(options.RecentGaps);
        View = new HubView(this);
        Now = MarketTime.Now(clock);
        Streams.Appeared = OnAppeared;
    }

    public HubView View { get; }

    public long Now { get; private set; }

    public string LogId { get; private set; } = "";

    public bool IsCaughtUp { get; private set; }

    public PartitionTable Partitions { get; } = new();

    public StreamTable Streams { get; }

    public InstrumentBook Instruments { get; } = new();

    public GapBoard Gaps { get; }

    public StatusBoard Status { get; } = new();

    public CandleTail Candles { get; } = new();

    public DataFrames Frames { get; } = new();

    public HubCounts Counts { get; } = new();

    public HubOptions Options => _options;

    /// <summary>Told of the fault of a command.</summary>
    public Action<Exception> Faulted { get; set; } = static _ => { };

    /// <inheritdoc cref="StreamPublisher.Latency"/>
    public Core.Diagnostics.LatencyHistogram Latency => _publisher.Latency;

    /// <summary>Reads the clock: what follows happens at this time.</summary>
    public void TakeTime() => Now = MarketTime.Now(_clock);

    public void Add(IHubWorker worker) => _workers.Add(worker);

    /// <summary>Runs a command when everything that was in the log is known: now, or later.</summary>
    public void WhenCaughtUp(IHubCommand command)
    {
        if (IsCaughtUp)
        {
            Run(command);
        }
        else
        {
            _waiting.Add(command);
        }
    }

    /// <summary>A command's fault ends nothing but itself.</summary>
    public void Run(IHubCommand command)
    {
        try
        {
            command.Run(View);
        }
        catch (Exception exception)
        {
            Counts.HadFault();
            Faulted(exception);
        }
    }

    /// <summary>A log begins: what is known is of another, and goes. Who subscribed stays, and is told when this one has been read.</summary>
    public void Begin(LogBeginning log)
    {
        _generation++;
        IsCaughtUp = false;
        LogId = log.LogId;
        Frames.SetEpoch(log.LogId);
        Partitions.Begin(log);
        foreach (var stream in Streams.All)
        {
            stream.Reset(Partitions.CompleteAfter(stream));
        }

        Instruments.Clear();
        Gaps.Clear();
        Status.Clear();
        Candles.Clear();
        foreach (var tap in _taps)
        {
            tap.OnLog(log);
        }

        FinishWhenRead();
    }

    public void Reached(TopicKind topic, int partition, long offset)
    {
        if (Partitions.Of(topic, partition) is { } log)
        {
            Partitions.Reached(log, offset);
            FinishWhenRead();
        }
    }

    public void Take(TopicKind topic, KafkaRecord record)
    {
        if (Partitions.Of(topic, record.Partition) is not { } log)
        {
            return;
        }

        if (!Partitions.TryAdvance(log, record.Offset, record.Timestamp))
        {
            Counts.WasRepeated();
            return;
        }

        Counts.Took(record.Value?.Length ?? 0);
        Take(topic, record, log);
        FinishWhenRead();
    }

    public HubWork Turn()
    {
        if (_instrumentsChanged)
        {
            _instrumentsChanged = false;
            foreach (var worker in _workers)
            {
                worker.OnInstruments(View);
            }
        }

        var left = HubWork.None;
        foreach (var worker in _workers)
        {
            var work = worker.OnTurn(View);
            left = work > left ? work : left;
        }

        return left;
    }

    public void Tick()
    {
        TakeTime();
        var oldest = Now - MarketTime.From(_options.ReplayAge);
        foreach (var log in Partitions.All)
        {
            log.Trim(oldest, _options);
        }

        if (!_options.KeepCandles)
        {
            Candles.Trim(oldest);
        }

        foreach (var worker in _workers)
        {
            worker.OnTick(View);
        }
    }

    private void OnAppeared(MarketStream stream)
    {
        stream.Window.Reset(Partitions.CompleteAfter(stream));
        foreach (var worker in _workers)
        {
            worker.OnAppeared(View, stream);
        }
    }

    private void FinishWhenRead()
    {
        if (IsCaughtUp || Partitions.Behind > 0)
        {
            return;
        }

        IsCaughtUp = true;
        foreach (var tap in _taps)
        {
            tap.OnCaughtUp();
        }

        if (_generation > 1)
        {
            foreach (var worker in _workers)
            {
                worker.OnNewLog(View);
            }
        }

        var waiting = _waiting.ToArray();
        _waiting.Clear();
        foreach (var command in waiting)
        {
            Run(command);
        }
    }
}
