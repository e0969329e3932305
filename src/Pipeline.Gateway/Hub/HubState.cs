using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Fanout;
using Pipeline.Gateway.Instruments;
using Pipeline.Gateway.Streams;
using Pipeline.Kafka.Partitioning;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;

namespace Pipeline.Gateway.Hub;

/// <summary>
/// What the hub knows, and what a record does to it: (record, now) → state, messages into outboxes. A plain synchronous class for one thread;
/// <see cref="GatewayHub"/> gives it its thread.
/// </summary>
internal sealed class HubState
{
    private static readonly int Topics = Enum.GetValues<TopicKind>().Length;

    private readonly HubOptions _options;
    private readonly TimeProvider _clock;
    private readonly IReadOnlyList<IRecordTap> _taps;
    private readonly List<IHubWorker> _workers = [];
    private readonly List<IHubCommand> _waiting = [];
    private PartitionLog?[][] _logs;
    private int _behind;
    private int _generation;
    private bool _instrumentsChanged;

    public HubState(HubOptions options, TimeProvider clock, IReadOnlyList<IRecordTap> taps, IReadOnlyList<IHubWorker>? workers = null)
    {
        _options = options;
        _clock = clock;
        _taps = taps;
        _workers.AddRange(workers ?? []);
        _logs = NoLogs();
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

    public int Partitions { get; private set; }

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

    /// <summary>Production of a record → put into outboxes, microseconds.</summary>
    public LatencyHistogram Latency { get; } = new();

    public IEnumerable<PartitionLog> Logs => _logs.SelectMany(static topic => topic).OfType<PartitionLog>();

    public PartitionLog? LogOf(TopicKind topic, int partition) =>
        (uint)partition < (uint)_logs[(int)topic].Length ? _logs[(int)topic][partition] : null;

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
        _logs = NoLogs();
        Partitions = 0;
        foreach (var group in log.Partitions.GroupBy(partition => partition.Topic))
        {
            var logs = new PartitionLog?[group.Max(partition => partition.Partition) + 1];
            foreach (var partition in group)
            {
                logs[partition.Partition] = new PartitionLog(partition);
            }

            _logs[(int)group.Key] = logs;
            Partitions = Math.Max(Partitions, logs.Length);
        }

        _behind = Logs.Count(one => !one.IsCaughtUp);
        foreach (var stream in Streams.All)
        {
            stream.Reset(CompleteAfter(stream));
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
        if (LogOf(topic, partition) is { } log)
        {
            var was = log.IsCaughtUp;
            log.Reached(offset);
            CountRead(log, was);
        }
    }

    public void Take(TopicKind topic, KafkaRecord record)
    {
        if (LogOf(topic, record.Partition) is not { } log)
        {
            return;
        }

        var was = log.IsCaughtUp;
        if (!log.TryAdvance(record.Offset, record.Timestamp))
        {
            Counts.WasRepeated();
            return;
        }

        Counts.Took(record.Value?.Length ?? 0);
        Take(topic, record, log);
        CountRead(log, was);
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
        foreach (var log in Logs)
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

    /// <summary>Offset after which everything of a stream is in its window, by what was read of its partition.</summary>
    public long CompleteAfter(MarketStream stream) => LogOf(TopicOf(stream.Kind), PartitionOf(stream.Instrument)) is { } log ? log.Start - 1 : long.MaxValue;

    public int PartitionOf(string instrument) => Partitions == 0 ? -1 : InstrumentPartitioner.PartitionOf(instrument, Partitions);

    public static TopicKind TopicOf(DataKind kind) => kind switch
    {
        DataKind.Trade => TopicKind.Trades,
        DataKind.Quote => TopicKind.Quotes,
        DataKind.Book => TopicKind.Books,
        DataKind.Ticker => TopicKind.Tickers,
        DataKind.Candle => TopicKind.Candles,
        DataKind.Gap => TopicKind.Gaps,
        _ => TopicKind.Health,
    };

    private static DataKind? KindOf(TopicKind topic) => topic switch
    {
        TopicKind.Trades => DataKind.Trade,
        TopicKind.Quotes => DataKind.Quote,
        TopicKind.Books => DataKind.Book,
        TopicKind.Tickers => DataKind.Ticker,
        TopicKind.Candles => DataKind.Candle,
        TopicKind.Gaps => DataKind.Gap,
        TopicKind.Health => DataKind.Health,
        _ => null,
    };

    private static PartitionLog?[][] NoLogs() => [.. Enumerable.Range(0, Topics).Select(_ => Array.Empty<PartitionLog?>())];

    private void Take(TopicKind topic, KafkaRecord record, PartitionLog log)
    {
        var value = record.Value.AsMemory();
        if (topic == TopicKind.State)
        {
            return;
        }

        if (record.Key is not { Length: > 0 } key)
        {
            Counts.WasMalformed();
        }
        else if (KindOf(topic) is { } kind)
        {
            TakeStream(topic, kind, record, key, value, log);
        }
        else if (topic == TopicKind.Status)
        {
            Status.Take(key, record.Timestamp, value);
            Tell(topic, record, key, value, record.KeyText!, null, default);
        }
        else
        {
            TakeInstrument(record, key, value);
        }
    }

    private void TakeInstrument(KafkaRecord record, byte[] key, ReadOnlyMemory<byte> value)
    {
        if (value.IsEmpty)
        {
            return;
        }

        if (InstrumentRecordReader.Read(value) is not { } instrument)
        {
            Counts.WasMalformed();
            return;
        }

        Instruments.Take(instrument);
        _instrumentsChanged = true;
        Tell(TopicKind.Instruments, record, key, value, record.KeyText!, null, default);
    }

    private void TakeStream(TopicKind topic, DataKind kind, KafkaRecord record, byte[] key, ReadOnlyMemory<byte> value, PartitionLog log)
    {
        if (Streams.Of(kind, key) is not { } stream)
        {
            Counts.WasMalformed();
            return;
        }

        if (value.IsEmpty)
        {
            return;
        }

        var facts = RecordFacts.Of(kind, key, value.Span);
        if (stream.Partition < 0)
        {
            stream.Window.Reset(log.Start - 1);
        }

        var prev = stream.Count(record.Partition, record.Offset, record.Timestamp, facts.IsRequired, Now);
        var held = new HeldRecord(record.Offset, prev, value);
        stream.Latest.Take(held, facts, key);
        var isReplaced = !facts.IsRequired && kind is not (DataKind.Gap or DataKind.Health);
        log.Keep(stream, isReplaced ? held with { Value = default } : held, record.Timestamp);
        log.Trim(Now - MarketTime.From(_options.ReplayAge), _options);
        if (kind == DataKind.Gap)
        {
            Gaps.Take(stream.Instrument, key, value);
        }
        else if (kind == DataKind.Health)
        {
            TakeHealth(key, value);
        }

        Tell(topic, record, key, value, stream.Instrument, stream.Interval, facts);
        if (IsCaughtUp)
        {
            Publish(stream, held, facts, record.Timestamp);
        }
    }

    private void TakeHealth(byte[] key, ReadOnlyMemory<byte> value)
    {
        if (StreamHealthInfo.Read(value) is not { } health)
        {
            Counts.WasMalformed();
        }
        else if (Streams.OfHealthKey(key) is { } stream)
        {
            stream.Health = health;
        }
    }

    private void Publish(MarketStream stream, in HeldRecord held, in RecordFacts facts, long timestamp)
    {
        var members = stream.MinorRoom.Count + (facts.IsMinor ? 0 : stream.Room.Count);
        if (members == 0)
        {
            return;
        }

        var message = Frames.Make(stream, held, isSnapshot: false);
        var (delivery, replaces) = DeliveryOf(stream, facts.IsRequired);
        stream.MinorRoom.Publish(message, delivery, replaces);
        if (!facts.IsMinor)
        {
            stream.Room.Publish(message, delivery, replaces);
        }

        Counts.WasPublished(members);
        Latency.Add(MarketTime.Now(_clock) - timestamp, Now);
    }

    /// <summary>
    /// How a stream's message is treated when it waits, and what it replaces then. All of a stream replace each other, so that what waits of
    /// it is always in order.
    /// </summary>
    public static (Delivery Delivery, object? Key) DeliveryOf(MarketStream stream, bool isRequired) => stream.Kind switch
    {
        DataKind.Trade or DataKind.Gap => (Delivery.Required, null),
        DataKind.Candle when isRequired => (Delivery.Required, stream),
        DataKind.Health => (Delivery.Conflatable, null),
        _ => (Delivery.Conflatable, stream),
    };

    private void Tell(
        TopicKind topic, KafkaRecord record, byte[] key, ReadOnlyMemory<byte> value, string instrument, CandleInterval? interval, in RecordFacts facts)
    {
        if (_taps.Count == 0 && topic != TopicKind.Candles)
        {
            return;
        }

        var told = new StreamRecord
        {
            Topic = topic,
            Partition = record.Partition,
            Offset = record.Offset,
            Timestamp = record.Timestamp,
            Instrument = instrument,
            Interval = interval,
            OpenTime = facts.OpenTime,
            State = facts.State,
            Key = key,
            Value = value,
        };
        if (topic == TopicKind.Candles)
        {
            Candles.Add(told, _options.MaxKeptCandles);
        }

        foreach (var tap in _taps)
        {
            tap.OnRecord(told);
        }
    }

    private void OnAppeared(MarketStream stream)
    {
        stream.Window.Reset(CompleteAfter(stream));
        foreach (var worker in _workers)
        {
            worker.OnAppeared(View, stream);
        }
    }

    private void CountRead(PartitionLog log, bool was)
    {
        if (!was && log.IsCaughtUp)
        {
            _behind--;
            FinishWhenRead();
        }
    }

    private void FinishWhenRead()
    {
        if (IsCaughtUp || _behind > 0)
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
