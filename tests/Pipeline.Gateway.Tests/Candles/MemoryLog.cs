using System.Runtime.CompilerServices;
using System.Text;
using Pipeline.Core.Market;
using Pipeline.Gateway.History;
using Pipeline.Gateway.Hub;
using Pipeline.Kafka.Reader;

namespace Pipeline.Gateway.Tests.Candles;

/// <summary>A log in memory with instruments and candles, which hub and history read side by side.</summary>
internal sealed class MemoryLog(int partitions = 2, string logId = "log-1") : IRecordSource, IHistorySource
{
    private readonly object _gate = new();
    private readonly List<KafkaRecord> _instruments = [];
    private readonly List<KafkaRecord>[] _candles = [.. Enumerable.Range(0, partitions).Select(_ => new List<KafkaRecord>())];

    /// <summary>Offset the next candle of a partition gets.</summary>
    public long EndOf(int partition)
    {
        lock (_gate)
        {
            return _candles[partition].Count;
        }
    }

    public void AddInstrument(string venue, string id, string symbol, string kind = "spot", string? priceStep = "0.01")
    {
        var parts = id.Split('-');
        var (first, second) = parts.Length > 1 ? (parts[0], parts[1]) : (id, "");
        var step = priceStep is null ? "null" : $"\"{priceStep}\"";
        Add(_instruments, "md.instruments", 0, $"{venue}:{id}", $$"""
            {"venue":"{{venue}}","instrument":"{{id}}","symbol":"{{symbol}}","kind":"{{kind}}","base":"{{first}}","quote":"{{second}}","priceStep":{{step}},"quantityStep":"0.001","contractSize":null,"status":"trading","aliases":[],"revision":1,"updatedTime":1767571200000000}
            """);
    }

    public void AddCandle(int partition, CandleRecord candle) =>
        Add(_candles[partition], "md.candles", partition, candle.Key, candle.ToJson());

    public void Read(IRecordTarget target, CancellationToken cancellation)
    {
        LogBeginning beginning;
        lock (_gate)
        {
            beginning = new LogBeginning(logId,
            [
                new PartitionBeginning(TopicKind.Instruments, 0, 0, 0, _instruments.Count),
                .. _candles.Select((records, partition) => new PartitionBeginning(
                    TopicKind.Candles, partition, 0, Math.Max(0, target.CandlesFrom(logId, partition) ?? 0), records.Count)),
            ]);
        }

        target.Begin(beginning, cancellation);
        using var waking = cancellation.Register(Wake);
        var read = beginning.Partitions.Select(partition => partition.Start).ToArray();
        while (!cancellation.IsCancellationRequested)
        {
            for (var i = 0; i < read.Length; i++)
            {
                var topic = beginning.Partitions[i].Topic;
                foreach (var record in From(topic == TopicKind.Instruments ? _instruments : _candles[beginning.Partitions[i].Partition], ref read[i]))
                {
                    target.Add(topic, record, cancellation);
                }
            }

            lock (_gate)
            {
                if (read[0] == _instruments.Count && _candles.Select((one, i) => read[i + 1] == one.Count).All(same => same) && !cancellation.IsCancellationRequested)
                {
                    Monitor.Wait(_gate);
                }
            }
        }
    }

    public async IAsyncEnumerable<KafkaRecord> ReadAsync(
        IReadOnlyDictionary<int, long> offsets, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var read = Enumerable.Range(0, _candles.Length).Select(partition => offsets.GetValueOrDefault(partition)).ToArray();
        using var waking = cancellation.Register(Wake);
        while (true)
        {
            for (var i = 0; i < read.Length; i++)
            {
                foreach (var record in From(_candles[i], ref read[i]))
                {
                    cancellation.ThrowIfCancellationRequested();
                    yield return record;
                }
            }

            var seen = read.ToArray();
            await Task.Factory.StartNew(() => WaitFor(seen, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private void WaitFor(long[] seen, CancellationToken cancellation)
    {
        lock (_gate)
        {
            while (!cancellation.IsCancellationRequested && _candles.Select((one, i) => seen[i] == one.Count).All(same => same))
            {
                Monitor.Wait(_gate);
            }
        }
    }

    private IReadOnlyList<KafkaRecord> From(List<KafkaRecord> records, ref long position)
    {
        lock (_gate)
        {
            var found = records.GetRange((int)position, records.Count - (int)position);
            position = records.Count;
            return found;
        }
    }

    private void Add(List<KafkaRecord> records, string topic, int partition, string key, string value)
    {
        lock (_gate)
        {
            records.Add(new KafkaRecord(
                topic, partition, records.Count, MarketTime.Now(TimeProvider.System), Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value), []));
            Monitor.PulseAll(_gate);
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }
}
