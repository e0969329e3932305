namespace Pipeline.Kafka.Ownership;

/// <summary>Why partitions are not ours any more.</summary>
/// <param name="IsTakenOver">True: another claimed them, and has been told that we ended. False: we cannot know, and may claim them again.</param>
public sealed record OwnershipLoss(string Reason, bool IsTakenOver);
