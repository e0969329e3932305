using System.Text.Json.Nodes;

namespace Pipeline.EndToEndTests.Chaos;

/// <summary>One thing that the simulator says it did.</summary>
/// <param name="Fault">Its number in the catalogue.</param>
/// <param name="Time">Microseconds since the Unix epoch.</param>
/// <param name="Key">Record key of the instrument; null where none is concerned.</param>
/// <param name="Ids">Trades that it concerned.</param>
internal sealed record ChaosStrike(string Fault, long Time, string Venue, string Target, string? Key, (long First, long Last)? Ids)
{
    /// <summary>How many trades it can have concerned: what was not looked into was one frame.</summary>
    public long Trades => Ids is { } ids ? ids.Last - ids.First + 1 : 1;

    public static ChaosStrike Of(JsonNode json)
    {
        var (venue, target) = ((string)json["venue"]!, (string)json["target"]!);
        return new ChaosStrike(
            (string)json["id"]!,
            (long)json["time"]!,
            venue,
            target,
            ChaosStack.KeyOf(venue, target),
            json["firstId"] is { } first ? ((long)first, (long)json["lastId"]!) : null);
    }
}
