using Pipeline.Core.Sequencing;

namespace Pipeline.Core.Topology.Keys;

internal static class DisplayFilterKeys
{
    public static Section<DisplayFilterOptions> Make() =>
        new Section<DisplayFilterOptions>(() => new DisplayFilterOptions())
            .Key("enabled", new FlagShape(), o => o.Enabled, (o, v) => o with { Enabled = v }, "Whether records are marked.")
            .Key("threshold", new ExactShape(), o => o.Threshold, (o, v) => o with { Threshold = v },
                "Change of the mid price since the last unmarked record, as a part of it, below which a record is minor.");
}
