namespace Pipeline.Host.Replaying;

/// <summary>What <c>pipeline replay</c> was asked for.</summary>
/// <param name="File">Path or name of the recording, or <c>kafka</c>.</param>
/// <param name="Speed">As written.</param>
/// <param name="Folder">Where the topics are written as files; null = Kafka.</param>
/// <param name="Prefix">First part of the topics' names; null = the topology's.</param>
/// <param name="Venue">Venue of a recording that does not say.</param>
/// <param name="Recording">Which of the recordings in the topic; null = the newest.</param>
/// <param name="Instruments">Only these; empty = all.</param>
internal sealed record ReplayRequest(
    string File, string Speed, string? Folder, string? Prefix, bool IsForced, string? Venue, IReadOnlyList<string> Instruments, bool IsStrict,
    string? Recording = null)
{
    /// <summary>Whether the instrument is replayed.</summary>
    public bool Takes(string venue, string instrument) =>
        Instruments.Count == 0 || Instruments.Contains(instrument) || Instruments.Contains($"{venue}:{instrument}");
}
