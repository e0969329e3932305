using Pipeline.Core.Feeds.Repair;
namespace Pipeline.Core.Market;

/// <summary>What an answer to a <see cref="RepairRequest"/> is.</summary>
public enum RepairOutcome : byte
{
    /// <summary>Some of it; more will follow.</summary>
    Page,

    /// <summary>The last page: the venue answered for all of it, with ids above it.</summary>
    Done,

    /// <summary>The venue does not answer as it should, or not yet for these ids: it is asked again later.</summary>
    Retrying,

    /// <summary>Given up, for the answer's reason.</summary>
    Abandoned,
}
