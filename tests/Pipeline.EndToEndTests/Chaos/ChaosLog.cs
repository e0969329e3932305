using System.Text.Json.Nodes;
using Pipeline.EndToEndTests.Stack;

namespace Pipeline.EndToEndTests.Chaos;

/// <summary>What stands in trades and ledger, read as it is written; also what the proof needs to be held against the simulator.</summary>
internal sealed class ChaosLog : IDisposable
{
    // For looking into a run that failed.
    private const int LinesKept = 100_000;

    private readonly Lock _gate = new();
    private readonly TopicReader _reader;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private readonly Dictionary<string, Dictionary<long, string>> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ChaosGap> _gaps = new(StringComparer.Ordinal);
    private readonly HashSet<(int Partition, string Epoch)> _epochs = [];
    private readonly Dictionary<(string Topic, int Partition), long> _positions = [];
    private readonly Queue<string> _lines = new();
    private Exception? _error;
    private long _count;
    private long _newest;
    private long _newestRepaired;

    public ChaosLog(string bootstrapServers)
    {
        _reader = new TopicReader(bootstrapServers, ChaosStack.Partitions, "md.trades", "md.gaps", "md.candles", "md.state") { Sink = Add };
        _thread = new Thread(Read) { IsBackground = true, Name = "chaos-log" };
        _thread.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    /// <summary>Owners that wrote, over all partitions.</summary>
    public int Epochs => Locked(() => _epochs.Count);

    /// <summary>Event time of the newest trade, and of the newest that was fetched; microseconds since the Unix epoch.</summary>
    public (long Trade, long Repaired) Newest => Locked(() => (_newest, _newestRepaired));

    /// <summary>The last word on each hole, oldest first.</summary>
    public IReadOnlyList<ChaosGap> Gaps => Locked(() => (IReadOnlyList<ChaosGap>)[.. _gaps.Values.OrderBy(gap => gap.Opened)]);

    /// <summary>Source of every trade by its id.</summary>
    public IReadOnlyDictionary<long, string> Of(string key) =>
        Locked(() => _sources.TryGetValue(key, out var ids) ? new Dictionary<long, string>(ids) : []);

    /// <summary>The newest records, as text.</summary>
    public IReadOnlyList<string> Lines => Locked(() => (IReadOnlyList<string>)[.. _lines]);

    /// <summary>Offset of the last record read; -1 before the first.</summary>
    public long PositionOf(string topic, int partition) => Locked(() => _positions.GetValueOrDefault((topic, partition), -1));

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _reader.Dispose();
        _stop.Dispose();
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return _error is null ? read() : throw new InvalidOperationException("Reading the topics failed.", _error);
        }
    }

    private void Read()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _reader.ReadUntil(_ => _stop.IsCancellationRequested, TimeSpan.FromHours(10));
            }
            catch (Confluent.Kafka.ConsumeException)
            {
                // The broker is away; the client finds it again.
            }
            catch (Exception error)
            {
                lock (_gate)
                {
                    _error = error;
                }

                return;
            }
        }
    }

    private void Add(TopicRecord record)
    {
        var json = record.Value.Length == 0 ? null : record.Json;
        lock (_gate)
        {
            _positions[(record.Topic, record.Partition)] = record.Offset;
            if (json is null)
            {
                return;
            }

            Remember(record);
            if (record.Topic is "md.candles" or "md.state")
            {
                return;
            }

            if (record.Topic == "md.gaps")
            {
                _gaps[record.Key] = ChaosGap.Of(record.Key, json);
                return;
            }

            AddTrade(record, json);
        }
    }

    private void Remember(TopicRecord record)
    {
        _lines.Enqueue($"{record.Topic}/{record.Partition}@{record.Offset} epoch {record.Headers.GetValueOrDefault("epoch")} {record.Key} {System.Text.Encoding.UTF8.GetString(record.Value)}");
        if (_lines.Count > LinesKept)
        {
            _lines.Dequeue();
        }
    }

    private void AddTrade(TopicRecord record, JsonNode json)
    {
        if (!_sources.TryGetValue(record.Key, out var ids))
        {
            _sources.Add(record.Key, ids = []);
        }

        var source = (string)json["source"]!;
        var time = (long)json["eventTime"]!;
        ids[(long)json["id"]!] = source;
        _epochs.Add((record.Partition, record.Headers["epoch"]));
        _newest = Math.Max(_newest, time);
        _newestRepaired = source == "repair" ? Math.Max(_newestRepaired, time) : _newestRepaired;
        Interlocked.Increment(ref _count);
    }
}
