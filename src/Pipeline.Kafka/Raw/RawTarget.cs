using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Core.Recordings;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Partitioning;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Sink;
using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.Raw;

/// <summary>
/// Writes a recording to <c>md.raw</c>: a record for the frames that arrived together on a connection, keyed by the connection and numbered
/// over all of them, so that replay has the one order they came in. A block is acknowledged before the next is taken.
/// </summary>
public sealed class RawTarget : IRecordingTarget
{
    // Key, headers and the block's own entries around the frames.
    private const int Framing = 2048;
    private const int DefaultMaxRecord = 1_000_000;
    private static readonly TimeSpan NotePeriod = TimeSpan.FromMinutes(1);

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly TopicDefinition _topic;
    private readonly Func<RecordingHeader> _header;
    private readonly TimeProvider _clock;
    private readonly PipelineMetrics _metrics;
    private readonly BlockScanner _scanner = new();
    private readonly RecordedBatch _batch = new();
    private readonly RecordingBlock _record = new();
    private readonly List<Task> _waiting = [];
    private readonly byte[] _id;
    private readonly int _maxRecord;
    private RawNote _note;
    private long _noted;

    private RawTarget(
        KafkaOptions options, TopicDefinition topic, RawNote note, Func<RecordingHeader> header, TimeProvider clock, PipelineMetrics metrics)
    {
        (_topic, _note, _header, _clock, _metrics) = (topic, note, header, clock, metrics);
        var properties = ClientProperties.ForProducer(options);
        _maxRecord = properties.TryGetValue("message.max.bytes", out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var most)
            ? most
            : DefaultMaxRecord;
        _id = Encoding.UTF8.GetBytes(note.Recording);
        _producer = new ProducerBuilder<byte[], byte[]>(properties).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    /// <inheritdoc/>
    public long Written { get; private set; }

    /// <summary>Names the recording.</summary>
    public string Recording => _note.Recording;

    /// <summary>Makes sure of the topics, and begins a recording.</summary>
    /// <param name="header">What the recording says of itself; asked again for each note.</param>
    /// <param name="suffix">Behind the time in the recording's name; null = none.</param>
    /// <exception cref="KafkaClientException">No broker answers, the topic is not there, or the recording's header is too large for a record.</exception>
    public static async Task<RawTarget> StartAsync(
        KafkaOptions options, Func<RecordingHeader> header, TimeProvider clock, PipelineMetrics metrics, CancellationToken cancellation, string? suffix = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(clock);
        var topic = TopicCatalog.Of(options).Raw
            ?? throw new KafkaClientException("The topology has no topic for frames; set kafka.raw: true.");
        await TopicCheck.EnsureAsync(options, clock, cancellation: cancellation);
        var there = await new KafkaReader(options).DescribeTopicAsync(topic.Name);
        var id = clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture) + (suffix is null ? "" : $"-{suffix}");
        var target = new RawTarget(
            options, topic, new RawNote(id, 0, 0, false, [.. there.Partitions.Select(one => one.High)], header()), header, clock, metrics);
        try
        {
            await target.NoteAsync();
            return target;
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="KafkaClientException">Kafka refuses a record for good.</exception>
    public async ValueTask WriteAsync(RecordingBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        var bytes = block.Bytes.ToArray();
        _scanner.Begin(bytes, bytes.Length);
        while (_scanner.TryRead(_batch))
        {
            for (var from = 0; from < _batch.Count;)
            {
                var count = CountFrom(from);
                await HandOverAsync(from, count);
                from += count;
            }
        }

        await SettleAsync();
        if (_clock.GetElapsedTime(_noted) >= NotePeriod)
        {
            await NoteAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryTellAsync()
    {
        await NoteAsync();
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask EndAsync()
    {
        _note = _note with { HasEnded = true };
        await NoteAsync();
    }

    public void Dispose() => _producer.Dispose();

    /// <summary>Frames that fit into a record, at least one.</summary>
    private int CountFrom(int from)
    {
        var (count, size) = (1, Framing + _batch[from].Length);
        while (from + count < _batch.Count && size + _batch[from + count].Length + 16 <= _maxRecord)
        {
            size += _batch[from + count].Length + 16;
            count++;
        }

        return count;
    }

    private async ValueTask HandOverAsync(int from, int count)
    {
        var room = _maxRecord - Framing;
        if (_batch[from].Length > room)
        {
            // Kept is what fits, with its size: replay treats it like a frame that was too large to be received.
            _metrics.Dropped(_batch.Venue, "oversize-record", 1);
        }

        _record.Clear();
        _record.Append(_batch, from, count, room);
        _note = _note with { Records = _note.Records + 1, Frames = _note.Frames + count };
        var value = _record.Bytes.ToArray();
        Written += value.Length;
        await HandOverAsync(_batch.Connection, RecordSchema.Raw, value, _batch.ReceivedTime, _note.Records);
    }

    private async ValueTask NoteAsync()
    {
        _noted = _clock.GetTimestamp();
        _note = _note with { Header = _header() };
        var value = _note.ToBytes();
        if (value.Length > _maxRecord - Framing)
        {
            throw new KafkaClientException($"The recording's header has {value.Length} bytes, more than a record takes; raise message.max.bytes.");
        }

        await HandOverAsync(RawNote.Key, RawNote.Schema, value, _note.Header.CreatedTime, 0);
        await SettleAsync();
    }

    private async ValueTask HandOverAsync(string key, string schema, byte[] value, long receivedTime, long number)
    {
        var headers = new Headers
        {
            { HeaderNames.Schema, Encoding.UTF8.GetBytes(schema) },
            { HeaderNames.Received, RawHeaders.Of(receivedTime) },
            { HeaderNames.Produced, RawHeaders.Of(MarketTime.Now(_clock)) },
            { HeaderNames.Epoch, RawHeaders.Of(0) },
            { RawHeaders.Recording, _id },
            { RawHeaders.Number, RawHeaders.Of(number) },
        };
        var message = new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(key), Value = value, Headers = headers };
        var place = new TopicPartition(_topic.Name, InstrumentPartitioner.PartitionOf(key, _topic.Partitions));
        while (true)
        {
            try
            {
                _waiting.Add(_producer.ProduceAsync(place, message));
                return;
            }
            catch (ProduceException<byte[], byte[]> error) when (error.Error.Code == ErrorCode.Local_QueueFull && _waiting.Count > 0)
            {
                await SettleAsync();
            }
        }
    }

    private async ValueTask SettleAsync()
    {
        try
        {
            await Task.WhenAll(_waiting);
        }
        catch (KafkaException error)
        {
            throw new KafkaClientException($"A record of {_topic.Name} was refused: {error.Error.Reason}.", error);
        }
        finally
        {
            _waiting.Clear();
        }
    }
}
