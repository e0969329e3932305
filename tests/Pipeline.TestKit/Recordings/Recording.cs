using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Pipeline.TestKit.Recordings;

/// <summary>Real frames as they came from the wire, with their arrival times in microseconds.</summary>
public sealed class Recording
{
    public const string BinanceSpotTrades = "binance-spot_hft_btcusdt_20230405";
    public const string BinanceSpotMixed = "binance-spot_cryptofeed_20211012";
    public const string Okx = "okx_cryptofeed_20220513";

    private Recording(byte[][] frames, long[] receivedTimes)
    {
        Frames = frames;
        ReceivedTimes = receivedTimes;
    }

    /// <summary>Where the recordings lie; null when this machine has none.</summary>
    public static string? Folder { get; } = FindFolder();

    public IReadOnlyList<byte[]> Frames { get; }

    public IReadOnlyList<long> ReceivedTimes { get; }

    public static Recording Read(string name)
    {
        var folder = Folder ?? throw new InvalidOperationException("There are no recordings on this machine; see RecordingFactAttribute.");
        var frames = ReadLines(Path.Combine(folder, name + ".jsonl.gz")).Select(Encoding.UTF8.GetBytes).ToArray();
        var times = ReadLines(Path.Combine(folder, name + ".recv.gz")).Select(ParseTime).ToArray();
        return new Recording(frames, times);
    }

    private static IEnumerable<string> ReadLines(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Seconds with a fraction, or whole microseconds: told apart by the point.</summary>
    private static long ParseTime(string text) => text.Contains('.', StringComparison.Ordinal)
        ? (long)(decimal.Parse(text, CultureInfo.InvariantCulture) * 1_000_000)
        : long.Parse(text, CultureInfo.InvariantCulture);

    private static string? FindFolder()
    {
        if (Environment.GetEnvironmentVariable("PIPELINE_RECORDINGS") is { Length: > 0 } configured)
        {
            return Directory.Exists(configured) ? configured : null;
        }

        var beside = Path.GetFullPath(Path.Combine(Fixture.RepositoryRoot, "..", "shared", "data", "recordings"));
        return Directory.Exists(beside) ? beside : null;
    }
}
