namespace Pipeline.Kafka.Ownership;

/// <summary>Who has claimed a partition and has not said that it ended.</summary>
/// <param name="Claim">Offset of its claim.</param>
internal sealed record OtherOwner(string Instance, string Process, long Claim)
{
    /// <summary>When its newest record was read; microseconds of the reader's clock.</summary>
    public long Seen { get; set; }

    /// <summary>It was seen alive behind the claim that is to replace it.</summary>
    public bool IsAliveSince { get; set; }

    /// <summary>Another process has claimed under its name since: this one was restarted.</summary>
    public bool IsSuperseded { get; set; }
}
