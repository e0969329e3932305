using System.Text.Json;
using Pipeline.Gateway.Http.Bodies;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.Hosting;

/// <summary>
/// Whether a collector still reports. One that has died says nothing of its streams any more, so that all of them would look as they
/// looked last.
/// </summary>
internal static class CollectorWatch
{
    // It reports every five seconds.
    private const long Silence = 20_000_000;

    // The topic is compacted and keeps the last word of a collector for ever: of one that is long gone nobody waits for the next.
    private const long LongGone = 24L * 3600 * 1_000_000;

    /// <param name="now">Microseconds since the Unix epoch.</param>
    public static IEnumerable<UnwellStreamBody> Judge(StatusRow row, long now)
    {
        var age = now - row.Time;
        if (age is > Silence and < LongGone && !HasStopped(row.Json))
        {
            yield return new UnwellStreamBody(row.Key, "silent", "the collector does not report", row.Time, age / 1_000_000);
        }
    }

    /// <summary>A venue that was taken out of the topology is no loss.</summary>
    private static bool HasStopped(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var record = JsonDocument.Parse(json);
            return record.RootElement.TryGetProperty("state", out var state) && state.ValueEquals("stopped");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
