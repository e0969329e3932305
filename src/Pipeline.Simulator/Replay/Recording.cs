using System.Text;
using System.Text.Json;

namespace Pipeline.Simulator.Replay;

/// <summary>Frames as they came from a venue, with their arrival times; held in memory and shared by all connections.</summary>
internal sealed class Recording
{
    private readonly List<byte[]> _frames;
    private readonly List<long> _times;
    private readonly int[] _streamOf;
    private readonly List<string> _streams = [];

    public Recording(string name, List<byte[]> frames, List<long> times)
    {
        Name = name;
        _frames = frames;
        _times = times;
        _streamOf = new int[frames.Count];
        var indexes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < frames.Count; i++)
        {
            _streamOf[i] = IndexOf(StreamOf(frames[i]), indexes);
        }
    }

    public string Name { get; }

    public int Count => _frames.Count;

    /// <summary>Streams that frames name.</summary>
    public IReadOnlyList<string> Streams => _streams;

    /// <summary>Arrival of the first frame, microseconds since the Unix epoch.</summary>
    public long FirstTime => _times[0];

    /// <summary>Arrival of the last frame.</summary>
    public long LastTime => _times[^1];

    public byte[] Frame(int index) => _frames[index];

    /// <summary>Microseconds between the first frame and this one.</summary>
    public long Offset(int index) => _times[index] - _times[0];

    /// <summary>The stream that the frame names; null when it names none and so is for everybody.</summary>
    public string? Stream(int index) => _streamOf[index] < 0 ? null : _streams[_streamOf[index]];

    private int IndexOf(string? stream, Dictionary<string, int> indexes)
    {
        if (stream is null)
        {
            return -1;
        }

        if (!indexes.TryGetValue(stream, out var index))
        {
            indexes[stream] = index = _streams.Count;
            _streams.Add(stream);
        }

        return index;
    }

    /// <summary>The text of a top-level <c>stream</c> member.</summary>
    private static string? StreamOf(byte[] frame)
    {
        try
        {
            var reader = new Utf8JsonReader(frame);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var wanted = reader.ValueTextEquals("stream"u8);
                reader.Read();
                if (wanted && reader.TokenType == JsonTokenType.String)
                {
                    return Encoding.UTF8.GetString(reader.ValueSpan);
                }

                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // A recording may hold broken frames; they are replayed as they are.
        }

        return null;
    }
}
