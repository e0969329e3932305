using System.Text.Json;
using System.Text.Unicode;

namespace Pipeline.Tests.Venues.Fuzz;

/// <summary>
/// A slow and simple second reader of a venue's frames, written from the venue's documentation and sharing no code with its parser but
/// the plain value types. What it says is what a frame means.
/// </summary>
internal abstract class FuzzOracle(IReadOnlyList<string> symbols)
{
    // 2100-01-01: no market data is younger.
    private const long EndOfTime = 4_102_444_800_000;

    /// <summary>Bytes that are no JSON, or no UTF-8, mean nothing.</summary>
    public FuzzReading Read(byte[] frame)
    {
        var reading = new FuzzReading();
        if (!Utf8.IsValid(frame) || IsBareControl(frame))
        {
            reading.IsControl = IsBareControl(frame);
            return reading;
        }

        try
        {
            using var document = JsonDocument.Parse(frame);
            ReadRoot(document.RootElement, reading);
        }
        catch (JsonException)
        {
            reading.Records.Clear();
        }

        return reading;
    }

    protected abstract void ReadRoot(JsonElement root, FuzzReading into);

    /// <summary>A control frame that is no JSON.</summary>
    protected virtual bool IsBareControl(ReadOnlySpan<byte> frame) => false;

    /// <summary>Number of the symbol, or -1.</summary>
    protected int SymbolOf(string? name)
    {
        for (var i = 0; i < symbols.Count; i++)
        {
            if (string.Equals(symbols[i], name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    protected static bool IsTime(long time) => time is >= 0 and < EndOfTime;
}
