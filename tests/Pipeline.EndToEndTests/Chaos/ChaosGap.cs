using System.Text.Json.Nodes;

namespace Pipeline.EndToEndTests.Chaos;

/// <summary>The last record of a hole. Times are microseconds since the Unix epoch.</summary>
internal sealed record ChaosGap(
    string Instrument, long FromId, long ToId, string State, string Reason, IReadOnlyList<(long First, long Last)> Missing,
    long From, long To, long Opened, long Updated, bool IsAnnounced)
{
    public bool IsOpen => State == "open";

    public bool Holds(long id) => id >= FromId && id <= ToId;

    public IEnumerable<long> MissingIds => Missing.SelectMany(range => Enumerable.Range(0, (int)(range.Last - range.First + 1)).Select(i => range.First + i));

    public static ChaosGap Of(string recordKey, JsonNode json) => new(
        $"{(string)json["venue"]!}:{(string)json["instrument"]!}",
        (long)json["fromId"]!,
        (long)json["toId"]!,
        (string)json["state"]!,
        (string)json["reason"]!,
        [.. json["missing"]!.AsArray().Select(range => ((long)range![0]!, (long)range[1]!))],
        (long)json["fromTime"]!,
        (long)json["toTime"]!,
        (long)json["openedTime"]!,
        (long)json["updatedTime"]!,
        (bool)json["announced"]!);

    public override string ToString() => $"{Instrument} {FromId}…{ToId} {State} ({Reason})";
}
