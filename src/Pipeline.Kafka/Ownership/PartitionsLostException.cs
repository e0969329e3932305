namespace Pipeline.Kafka.Ownership;

/// <summary>The partitions are not ours, or not any more: nothing that needs them goes on.</summary>
/// <param name="then">What cannot be done, a sentence without its end.</param>
public sealed class PartitionsLostException(string then, OwnershipLoss loss) : Exception($"{then}: {loss.Reason}.")
{
    /// <summary>Says whether they may be claimed again.</summary>
    public OwnershipLoss Loss => loss;
}
