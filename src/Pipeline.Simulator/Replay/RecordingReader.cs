using System.IO.Compression;
using Pipeline.Core.Recordings;

namespace Pipeline.Simulator.Replay;

/// <summary>Reads <c>NAME.jsonl.gz</c> (a frame per line) and <c>NAME.recv.gz</c> (an arrival time per line).</summary>
internal static class RecordingReader
{
    // Connections share the frames, but they must fit; longer recordings belong in several files.
    private const long MostBytes = 1L << 30;

    /// <exception cref="FileNotFoundException">There is no such recording; the message names the places searched.</exception>
    /// <exception cref="InvalidDataException">The files are damaged or do not belong together.</exception>
    public static async Task<Recording> ReadAsync(string recording, CancellationToken cancellation)
    {
        var path = RecordingFiles.Find(recording);
        var frames = await ReadLinesAsync(path + RecordingFiles.FramesSuffix, cancellation);
        var texts = await ReadLinesAsync(path + RecordingFiles.TimesSuffix, cancellation);
        if (frames.Count == 0 || frames.Count != texts.Count)
        {
            throw new InvalidDataException(
                $"Recording '{path}' has {frames.Count} frames and {texts.Count} arrival times; it needs as many of both, at least one.");
        }

        var times = new List<long>(texts.Count);
        foreach (var text in texts)
        {
            times.Add(ArrivalTime.TryParse(text, out var time)
                ? time
                : throw new InvalidDataException($"Recording '{path}': line {times.Count + 1} of its arrival times is no time."));
        }

        return new Recording(Path.GetFileName(path), frames, times);
    }

    private static async Task<List<byte[]>> ReadLinesAsync(string path, CancellationToken cancellation)
    {
        var all = new MemoryStream();
        try
        {
            await using var file = File.OpenRead(path);
            await using var text = new GZipStream(file, CompressionMode.Decompress);
            var buffer = new byte[64 * 1024];
            while (await text.ReadAsync(buffer, cancellation) is var read and > 0)
            {
                all.Write(buffer, 0, read);
                if (all.Length > MostBytes)
                {
                    throw new InvalidDataException($"Recording file '{path}' is larger than 1 GiB unpacked; split it.");
                }
            }
        }
        catch (FileNotFoundException)
        {
            throw new FileNotFoundException($"Recording file '{path}' is missing; frames and arrival times come in pairs.", path);
        }

        return Split(all.GetBuffer().AsSpan(0, (int)all.Length));
    }

    private static List<byte[]> Split(ReadOnlySpan<byte> text)
    {
        var lines = new List<byte[]>();
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            lines.Add(line.ToArray());
        }

        return lines;
    }
}
