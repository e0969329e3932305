using System.Text;
using Pipeline.Core.Recordings;
using Pipeline.Core.Topology;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Topics;

namespace Pipeline.Kafka.Raw;

/// <summary>
/// Reads a recording back from <c>md.raw</c>, its partitions merged by the records' numbers: the order is the recorder's, and the same each
/// time. Up to the end there was at the start.
/// </summary>
public sealed class RawRecording : IRecording
{
    private readonly RecordedBatch _batch = new();
    private readonly BlockScanner _scanner = new();
    private readonly List<RawPartition> _partitions = [];
    private readonly RawNote _note;
    private long _last;
    private long _missing;
    private bool _hasEnded;

    private RawRecording(RawNote note) => _note = note;

    /// <inheritdoc/>
    public RecordingHeader Header => _note.Header;

    /// <summary>Names the recording.</summary>
    public string Name => _note.Recording;

    /// <inheritdoc/>
    public long Position => _partitions.Sum(one => one.Read);

    /// <inheritdoc/>
    public long Length { get; private set; }

    /// <inheritdoc/>
    public string? Damage { get; private set; }

    /// <summary>Opens a recording of the topic of these options.</summary>
    /// <param name="name">Which; null = the newest.</param>
    /// <exception cref="KafkaClientException">No broker answers, or there is no such topic.</exception>
    /// <exception cref="RecordingException">There is no such recording.</exception>
    public static async Task<RawRecording> OpenAsync(KafkaOptions options, string? name, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var topic = TopicCatalog.Of(options with { Raw = true }).Raw!;
        var reader = new KafkaReader(options);
        var there = await reader.DescribeTopicAsync(topic.Name);
        var notes = await RawNotes.ReadAsync(reader, there, cancellation);
        var note = notes.LastOrDefault(one => name is null || one.Recording == name)
            ?? throw new RecordingException(notes.Count == 0
                ? $"there is no recording in {topic.Name}; pipeline record --to kafka makes one"
                : $"there is no recording '{name}' in {topic.Name}; there are {string.Join(", ", notes.Select(one => one.Recording))}");
        var recording = new RawRecording(note);
        try
        {
            await Blocking.RunAsync(() => recording.Begin(options, there));
            return recording;
        }
        catch
        {
            recording.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public RecordedBatch? Read()
    {
        while (!_hasEnded)
        {
            try
            {
                if (_scanner.TryRead(_batch))
                {
                    return _batch;
                }
            }
            catch (InvalidDataException error)
            {
                Stop($"its record {_last} holds {error.Message} at its byte {_scanner.At}");
                return null;
            }

            Next();
        }

        return null;
    }

    public void Dispose() => _partitions.ForEach(one => one.Dispose());

    private bool Begin(KafkaOptions options, TopicDescription there)
    {
        var id = Encoding.UTF8.GetBytes(_note.Recording);
        foreach (var (partition, low, high) in there.Partitions)
        {
            var start = Math.Clamp(partition < _note.Starts.Count ? _note.Starts[partition] : low, low, high);
            if (start < high)
            {
                Length += high - start;
                _partitions.Add(new RawPartition(options, there.Name, partition, start, high, id));
            }
        }

        _partitions.ForEach(one => one.Advance());
        return true;
    }

    private void Next()
    {
        var next = _partitions.MinBy(one => one.Number);
        if (next is null or { Number: long.MaxValue })
        {
            _missing += Math.Max(0, _note.Records - _last);
            Stop(_missing > 0 ? $"{_missing} of its records are gone from the topic" : _note.HasEnded ? null : "the recording was not ended");
            return;
        }

        _missing += Math.Max(0, next.Number - _last - 1);

        // What the client may have written twice is taken once.
        if (next.Number > _last)
        {
            _scanner.Begin(next.Value, next.Value.Length);
            _last = next.Number;
        }

        next.Advance();
    }

    private void Stop(string? damage)
    {
        _hasEnded = true;
        Damage = damage;
    }
}
