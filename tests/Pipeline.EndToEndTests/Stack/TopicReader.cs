using System.Diagnostics;
using Confluent.Kafka;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>Reads topics from their beginning with the plain Confluent client: none of our own code between the log and the test.</summary>
internal sealed class TopicReader : IDisposable
{
    private readonly IConsumer<byte[], byte[]> _consumer;

    public TopicReader(string bootstrapServers, int partitions, params string[] topics)
    {
        _consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "end-to-end-tests",
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,

            // The embedded broker keeps 5 MiB a partition, which may be a second of it: who fell behind must not wait before it goes on.
            FetchErrorBackoffMs = 10,
        }).Build();
        _consumer.Assign(topics.SelectMany(topic =>
            Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning))));
    }

    /// <summary>All records read so far, in order of arrival; the order within a partition is the log's.</summary>
    public List<TopicRecord> Records { get; } = [];

    /// <summary>Takes the records instead of <see cref="Records"/>, where there are too many to keep.</summary>
    public Action<TopicRecord>? Sink { get; set; }

    public IEnumerable<TopicRecord> Of(string topic) => Records.Where(record => record.Topic == topic);

    /// <summary>Reads on until the condition holds.</summary>
    /// <param name="explain">What a failure tells besides.</param>
    public void ReadUntil(Func<TopicReader, bool> condition, TimeSpan? bound = null, Func<string>? explain = null)
    {
        var limit = bound ?? Until.Bound;
        var deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (true)
        {
            var looking = Stopwatch.GetTimestamp();
            if (condition(this))
            {
                return;
            }

            var looked = Stopwatch.GetElapsedTime(looking);
            if (Environment.TickCount64 > deadline)
            {
                var counts = Records.GroupBy(record => record.Topic).Select(group => $"{group.Key}: {group.Count()}");
                throw new TimeoutException($"Not so within {limit.TotalSeconds} s; read {string.Join(", ", counts)}. {explain?.Invoke()}");
            }

            // A look at all records takes the longer the more there are: were it taken after each, reading would fall behind the market.
            var reading = Stopwatch.GetTimestamp();
            var result = _consumer.Consume(TimeSpan.FromMilliseconds(100));
            while (result is not null)
            {
                (Sink ?? Records.Add)(TopicRecord.From(result));
                result = Stopwatch.GetElapsedTime(reading) < looked ? _consumer.Consume(TimeSpan.Zero) : null;
            }
        }
    }

    /// <summary>
    /// Reads whatever more is there: to the end of every partition, until nothing came for a moment. For "and no more than that", where
    /// nothing more is being made.
    /// </summary>
    public void ReadRest()
    {
        var deadline = Environment.TickCount64 + (long)Until.Bound.TotalMilliseconds;
        bool isMore;
        do
        {
            var result = _consumer.Consume(TimeSpan.FromSeconds(2));
            isMore = result is not null || !IsAtTheEnd();
            if (result is not null)
            {
                Records.Add(TopicRecord.From(result));
            }

            if (Environment.TickCount64 > deadline)
            {
                throw new TimeoutException("Records go on coming: whoever makes them was not stopped.");
            }
        }
        while (isMore);
    }

    /// <summary>Asked of the broker: a reader that is given nothing for a moment may just be waiting.</summary>
    private bool IsAtTheEnd() => _consumer.Assignment.All(one =>
        _consumer.QueryWatermarkOffsets(one, Until.Bound).High.Value is var end
        && (end == 0 || (_consumer.Position(one) is { IsSpecial: false } next && next.Value >= end)));

    public void Dispose()
    {
        _consumer.Close();
        _consumer.Dispose();
    }
}
