using Pipeline.Core.Topology;
using Pipeline.Kafka;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.State;
using Pipeline.Kafka.Topics;

namespace Pipeline.Gateway.Hub;

/// <summary>
/// The log on a Kafka cluster. Trades, quotes, books, tickers and candles are read from a window before their end; what says how things stand
/// (instruments, health, holes, status) from its beginning. After an outage it goes on where it was if the log is the same, else anew.
/// </summary>
internal sealed class KafkaRecordSource : IRecordSource, ILogVisitor
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly KafkaOptions _kafka;
    private readonly HubOptions _options;
    private readonly TimeProvider _clock;
    private readonly string _state;
    private readonly Dictionary<string, TopicKind> _topics;
    private readonly Dictionary<(string Topic, int Partition), long> _positions = [];
    private readonly LogFollower _follower;
    private IRecordTarget _target = null!;
    private CancellationToken _cancellation;
    private string? _logId;

    public KafkaRecordSource(KafkaOptions kafka, HubOptions options, TimeProvider clock)
    {
        _kafka = kafka;
        _options = options;
        _clock = clock;
        _follower = new LogFollower(kafka);
        var catalog = TopicCatalog.Of(kafka);
        _state = catalog.State.Name;
        _topics = new Dictionary<string, TopicKind>(StringComparer.Ordinal)
        {
            [catalog.Trades.Name] = TopicKind.Trades,
            [catalog.Quotes.Name] = TopicKind.Quotes,
            [catalog.Books.Name] = TopicKind.Books,
            [catalog.Tickers.Name] = TopicKind.Tickers,
            [catalog.Candles.Name] = TopicKind.Candles,
            [catalog.Gaps.Name] = TopicKind.Gaps,
            [catalog.Health.Name] = TopicKind.Health,
            [catalog.Instruments.Name] = TopicKind.Instruments,
            [catalog.Status.Name] = TopicKind.Status,
        };
    }

    /// <summary>Thrown through the client to end following: what is there now is another log.</summary>
    private sealed class LogChangedException : Exception;

    public void Read(IRecordTarget target, CancellationToken cancellation)
    {
        _target = target;
        _cancellation = cancellation;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                Open();
                _target.Report(isConnected: true);
                Follow();
            }
            catch (LogChangedException)
            {
                _logId = null;
            }
            catch (KafkaClientException)
            {
                // No broker, no topics yet, or a position that the log does not have: look again from the start.
                _target.Report(isConnected: false);
                cancellation.WaitHandle.WaitOne(Pause);
            }
        }
    }

    public IReadOnlyDictionary<(TopicKind Topic, int Partition), long>? ReadEnds() => _follower.ReadEnds()?
        .Where(one => _topics.ContainsKey(one.Key.Topic))
        .ToDictionary(one => (_topics[one.Key.Topic], one.Key.Partition), one => one.Value);

    void ILogVisitor.OnRecord(KafkaRecord record)
    {
        if (record.Topic == _state)
        {
            // Written again every ten minutes; another id means that the log was replaced while nobody looked.
            if (record.KeyText == StateKeys.Log && record.Value is { } value && IdIn(value) is { } id && id != _logId)
            {
                throw new LogChangedException();
            }

            return;
        }

        _positions[(record.Topic, record.Partition)] = record.Offset + 1;
        _target.Add(_topics[record.Topic], record, _cancellation);
    }

    void ILogVisitor.OnEnd(string topic, int partition, long offset)
    {
        if (topic != _state)
        {
            _positions[(topic, partition)] = offset;
            _target.Reached(_topics[topic], partition, offset, _cancellation);
        }
    }

    void ILogVisitor.OnReturn()
    {
        if ((ReadLogId() ?? "") != _logId)
        {
            throw new LogChangedException();
        }

        _target.Report(isConnected: true);
    }

    void ILogVisitor.OnLost() => _target.Report(isConnected: false);

    private static string? IdIn(byte[] value)
    {
        try
        {
            return LogRecord.Read(value);
        }
        catch (RecordFormatException)
        {
            return null;
        }
    }

    /// <summary>Finds out which log there is and where to begin in it; tells the hub where it is another than before.</summary>
    private void Open()
    {
        var logId = WaitForLogId();
        var topics = _follower.Describe([.. _topics.Keys]);
        if (logId == _logId && topics.All(CanGoOn))
        {
            return;
        }

        _logId = logId;
        _positions.Clear();
        var partitions = new List<PartitionBeginning>();
        foreach (var topic in topics)
        {
            foreach (var partition in topic.Partitions)
            {
                var start = StartOf(_topics[topic.Name], partition);
                partitions.Add(new PartitionBeginning(_topics[topic.Name], partition.Partition, partition.Low, start, partition.High));
                _positions[(topic.Name, partition.Partition)] = start;
            }
        }

        _target.Begin(new LogBeginning(logId, partitions), _cancellation);
    }

    private bool CanGoOn(TopicDescription topic) => topic.Partitions.All(partition =>
        _positions.TryGetValue((topic.Name, partition.Partition), out var position) && position >= partition.Low && position <= partition.High);

    private long StartOf(TopicKind topic, PartitionDescription partition)
    {
        if (topic is TopicKind.Gaps or TopicKind.Health or TopicKind.Instruments or TopicKind.Status)
        {
            return partition.Low;
        }

        var start = Math.Max(partition.Low, partition.High - _options.ReplayRecords);
        var wanted = topic == TopicKind.Candles ? _target.CandlesFrom(_logId!, partition.Partition) : null;
        return wanted is { } from ? Math.Max(partition.Low, Math.Min(from, start)) : start;
    }

    /// <summary>The id that a collector has written, or, when none does in time, none.</summary>
    private string WaitForLogId()
    {
        var began = _clock.GetTimestamp();
        while (true)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (ReadLogId() is { } id)
            {
                return id;
            }

            if (_clock.GetElapsedTime(began) >= _options.LogIdWait)
            {
                return "";
            }

            _cancellation.WaitHandle.WaitOne(Pause);
        }
    }

    private string? ReadLogId()
    {
        using var search = new LogIdSearch(_follower.Describe([_state])[0].Partitions[0]);
        return search.Find(_follower, _state, _cancellation);
    }

    private void Follow()
    {
        var positions = _positions.Select(one => new FollowPosition(one.Key.Topic, one.Key.Partition, one.Value)).ToList();
        positions.Add(new FollowPosition(_state, 0, _follower.Describe([_state])[0].Partitions[0].High));
        _follower.Follow(positions, this, _cancellation);
    }
}
