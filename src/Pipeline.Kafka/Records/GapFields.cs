using Pipeline.Core.Market;

namespace Pipeline.Kafka.Records;

/// <summary>What the records of holes and of states have in common: a hole.</summary>
internal static class GapFields
{
    private static readonly (string Name, GapState Value)[] States = [.. Enum.GetValues<GapState>().Select(state => (GapStateNames.Of(state), state))];

    public static Gap Read(RecordFields fields, Instrument instrument)
    {
        var fromId = fields.Integer("fromId", -1);
        var toId = fields.Integer("toId", -1);
        var state = fields.Choice("state", States);

        // Where ids begin anew nothing is known of the end of what is missing.
        if ((toId < fromId && state != GapState.Reset) || (fromId < 0 && toId >= 0))
        {
            throw fields.Wrong("toId", $"{toId} does not go with fromId {fromId}");
        }

        var missing = fields.Ranges("missing");
        if (missing.Count > 0 && (missing[0].First < fromId || missing[^1].Last > toId))
        {
            throw fields.Wrong("missing", "lies outside the hole");
        }

        return new Gap(
            instrument,
            fromId,
            toId,
            state,
            fields.Text("reason"),
            missing,
            fields.Integer("series"),
            fields.Integer("fromTime"),
            fields.Integer("toTime"),
            fields.Integer("openedTime"),
            fields.Integer("updatedTime"),
            fields.Flag("announced"));
    }
}
