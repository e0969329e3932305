using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Core.Recordings;

namespace Pipeline.Kafka.Raw;

/// <summary>What a recording in <c>md.raw</c> says of itself: gzipped JSON under the key <see cref="Key"/>, at its begin, once a minute and at its end.</summary>
/// <param name="Recording">Names the recording; greater = begun later.</param>
/// <param name="Records">Records of frames written so far.</param>
/// <param name="Frames">Frames in them.</param>
/// <param name="HasEnded">True in the last one.</param>
/// <param name="Starts">Of each partition the offset before which nothing of the recording lies.</param>
public sealed record RawNote(
    string Recording,
    long Records,
    long Frames,
    bool HasEnded,
    IReadOnlyList<long> Starts,
    [property: JsonIgnore] RecordingHeader Header)
{
    internal const string Key = "#recording";
    internal const string Schema = "recording/1";

    /// <summary>Largest note that is unpacked; one of 100,000 instruments has about 6 MB.</summary>
    private const int MaxBytes = 64 << 20;

    internal byte[] ToBytes()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(JsonSerializer.SerializeToUtf8Bytes(new Text(Recording, Records, Frames, HasEnded, Starts, Encoding.UTF8.GetString(Header.ToBytes()))));
        }

        return packed.ToArray();
    }

    /// <exception cref="RecordingException">It is none.</exception>
    internal static RawNote Parse(byte[] value)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(value), CompressionMode.Decompress);
            var plain = new MemoryStream();
            var buffer = new byte[81_920];
            for (int read; (read = gzip.Read(buffer)) > 0;)
            {
                plain.Write(buffer, 0, read);
                if (plain.Length > MaxBytes)
                {
                    throw new RecordingException($"a recording's note is larger than {MaxBytes} bytes");
                }
            }

            return JsonSerializer.Deserialize<Text>(plain.GetBuffer().AsSpan(0, (int)plain.Length))
                is { Recording: not null, Starts: not null, Header: not null } text
                ? new RawNote(
                    text.Recording, text.Records, text.Frames, text.HasEnded, text.Starts, RecordingHeader.Parse(Encoding.UTF8.GetBytes(text.Header)))
                : throw new RecordingException("a recording's note lacks properties");
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            throw new RecordingException($"a recording's note cannot be read: {error.Message}", error);
        }
    }

    private sealed record Text(string Recording, long Records, long Frames, bool HasEnded, IReadOnlyList<long> Starts, string Header);
}
