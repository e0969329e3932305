using System.Text.Json.Nodes;

namespace Pipeline.Simulator.Faults;

/// <summary>
/// OKX's chain of sequence ids after a reset: they begin anew at a small number and go on in the venue's steps. The first update
/// still names the id before the reset.
/// </summary>
internal sealed class SequenceShift
{
    private const long NewStart = 3;

    private long? _offset;
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);

    /// <summary>Channels of one instrument share their ids.</summary>
    public static string ChainOf(string stream) => stream[(stream.IndexOf(':', StringComparison.Ordinal) + 1)..];

    public ReadOnlySpan<byte> Apply(string stream, ReadOnlySpan<byte> frame) =>
        PayloadEdit.Edit(frame, root =>
        {
            foreach (var row in (root["data"] as JsonArray ?? []).OfType<JsonObject>().Where(row => row["seqId"] is not null))
            {
                Shift(stream, row);
            }
        });

    private void Shift(string stream, JsonObject row)
    {
        var id = (long)row["seqId"]!;
        _offset ??= id - NewStart;
        row["seqId"] = id - _offset.Value;
        if (_begun.Add(stream))
        {
            return;
        }

        if (row["prevSeqId"] is { } previous && (long)previous >= 0)
        {
            row["prevSeqId"] = (long)previous - _offset.Value;
        }
    }
}
