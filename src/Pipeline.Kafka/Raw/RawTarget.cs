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
/// over all of them, so that replay has the one order they came in. A block is acknowledged before the next is taken, for which it waits
/// <see cref="DefaultPatience"/> at most: without a broker what is written waits in the client, up to its bound, and what has no room
/// there is lost, counted and told.
/// </summary>
public sealed class RawTarget : IRecordingTarget
{
    // Key, headers and the block's own entries around the frames.
    private const int Framing = 2048;
    private const int DefaultMaxRecord = 1_000_000;
    private static readonly TimeSpan NotePeriod = TimeSpan.FromMinutes(1);

    // While no broker answers: each block looks whether one does again.
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly TopicDefinition _topic;
    private readonly Func<RecordingHeader> _header;
    private readonly TimeProvider _clock;
    private readonly PipelineMetrics _metrics;
    private readonly BlockScanner _scanner = new();
    private readonly RecordedBatch _batch = new();
    private readonly RecordingBlock _record = new();
    private readonly List<(Task Delivery, int Frames)> _waiting = [];
    private TimeSpan _patience = DefaultPatience;
    private readonly Action<string>? _tell;
    private readonly byte[] _id;
    private readonly int _maxRecord;
    private RawNote _note;
    private long _noted;
    private bool _isAway;
    private long _lostNow;

    private RawTarget(
        KafkaOptions options, TopicDefinition topic, RawNote note, Func<RecordingHeader> header, TimeProvider clock, PipelineMetrics metrics,
        Action<string>? tell)
    {
        (_topic, _note, _header, _clock, _metrics, _tell) = (topic, note, header, clock, metrics, tell);
        var properties = ClientProperties.ForProducer(options);
        _maxRecord = properties.TryGetValue("message.max.bytes", out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var most)
            ? most
            : DefaultMaxRecord;
        _id = Encoding.UTF8.GetBytes(note.Recording);
        _producer = new ProducerBuilder<byte[], byte[]>(properties).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    /// <summary>Longest wait for acknowledgements.</summary>
    public static TimeSpan DefaultPatience { get; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public long Written { get; private set; }

    /// <summary>Frames that are not in the topic, since no broker answered.</summary>
    public long Lost { get; private set; }

    /// <summary>Something is not acknowledged yet, for which the last call did not wait any longer.</summary>
    public bool IsWaiting => _waiting.Count > 0;

    /// <summary>Names the recording.</summary>
    public string Recording => _note.Recording;

    /// <summary>Makes sure of the topics, and begins a recording.</summary>
    /// <param name="header">What the recording says of itself; asked again for each note.</param>
    /// <param name="suffix">Behind the time in the recording's name; null = none.</param>
    /// <param name="tell">Told when frames are lost, and when no more are; null = nobody is.</param>
    /// <param name="patience">Longest wait for acknowledgements once it has begun; null = <see cref="DefaultPatience"/>.</param>
    /// <exception cref="KafkaClientException">No broker answers, the topic is not there, or the recording's header is too large for a record.</exception>
    public static async Task<RawTarget> StartAsync(
        KafkaOptions options, Func<RecordingHeader> header, TimeProvider clock, PipelineMetrics metrics, CancellationToken cancellation, string? suffix = null,
        Action<string>? tell = null, TimeSpan? patience = null)
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
            options, topic, new RawNote(id, 0, 0, false, [.. there.Partitions.Select(one => one.High)], header()), header, clock, metrics, tell);
        try
        {
            if (!await target.NoteAsync())
            {
                throw new KafkaClientException($"No broker has acknowledged the begin of a recording in {topic.Name} for {DefaultPatience.TotalSeconds:0} s.");
            }

            target._patience = patience ?? DefaultPatience;
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
    /// <exception cref="KafkaClientException">Frames are lost, or no broker acknowledges the end.</exception>
    public async ValueTask EndAsync()
    {
        _note = _note with { HasEnded = true };
        _isAway = false;
        var hasEnded = await NoteAsync();
        Lost += _waiting.Sum(one => (long)one.Frames);
        if (!hasEnded || Lost > 0)
        {
            throw new KafkaClientException(hasEnded
                ? $"{Lost} frames are not in {_topic.Name}: no broker answered for too long."
                : $"No broker has acknowledged the end of the recording in {_topic.Name} for {_patience.TotalSeconds:0.#} s: {Lost} frames are lost.");
        }
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
        if (!await TryHandOverAsync(_batch.Connection, RecordSchema.Raw, value, _batch.ReceivedTime, _note.Records, count))
        {
            Lose(count);
        }
    }

    /// <summary>Counts frames for which the client had no room.</summary>
    private void Lose(int frames)
    {
        if (_lostNow == 0)
        {
            _tell?.Invoke($"no broker acknowledges what is recorded in {_topic.Name}, and the client is full: frames are lost");
        }

        (Lost, _lostNow) = (Lost + frames, _lostNow + frames);
        _metrics.Dropped(_batch.Venue, "recording", frames);
    }

    /// <summary>False when it was not acknowledged in time.</summary>
    private async ValueTask<bool> NoteAsync()
    {
        _noted = _clock.GetTimestamp();
        _note = _note with { Header = _header() };
        var value = _note.ToBytes();
        if (value.Length > _maxRecord - Framing)
        {
            throw new KafkaClientException($"The recording's header has {value.Length} bytes, more than a record takes; raise message.max.bytes.");
        }

        return await TryHandOverAsync(RawNote.Key, RawNote.Schema, value, _note.Header.CreatedTime, 0, frames: 0) && await SettleAsync();
    }

    /// <summary>False when the client has no room for it and no acknowledgement makes some in time.</summary>
    private async ValueTask<bool> TryHandOverAsync(string key, string schema, byte[] value, long receivedTime, long number, int frames)
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
            var delivery = _producer.ProduceAsync(place, message);
            if (delivery.Exception?.InnerException is not KafkaException { Error.Code: ErrorCode.Local_QueueFull })
            {
                _waiting.Add((delivery, frames));
                return true;
            }

            var waiting = _waiting.Count;
            if (waiting == 0 || (!await SettleAsync() && _waiting.Count == waiting))
            {
                return false;
            }
        }
    }

    /// <summary>Waits for what was handed over, for a bounded time; false when not all of it was acknowledged.</summary>
    private async ValueTask<bool> SettleAsync()
    {
        try
        {
            await Task.WhenAll(_waiting.Select(one => one.Delivery)).WaitAsync(_isAway ? Glance : _patience, _clock);
        }
        catch (TimeoutException)
        {
            _isAway = true;
            if (_waiting.Find(one => one.Delivery.IsFaulted).Delivery is { } refused)
            {
                throw Refused(refused.Exception!.InnerException!);
            }

            _waiting.RemoveAll(one => one.Delivery.IsCompleted);
            return false;
        }
        catch (KafkaException error)
        {
            throw Refused(error);
        }

        if (_lostNow > 0)
        {
            _tell?.Invoke($"a broker acknowledges again what is recorded in {_topic.Name}: {_lostNow} frames were lost");
        }

        (_isAway, _lostNow) = (false, 0);
        _waiting.Clear();
        return true;
    }

    private KafkaClientException Refused(Exception error)
    {
        _waiting.Clear();
        return new KafkaClientException($"A record of {_topic.Name} was refused: {(error as KafkaException)?.Error.Reason ?? error.Message}.", error);
    }
}
