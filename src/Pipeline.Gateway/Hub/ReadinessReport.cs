namespace Pipeline.Gateway.Hub;

/// <summary>Whether the gateway may serve, and what is not as it should be.</summary>
/// <param name="IsCaughtUp">The replay window is filled.</param>
/// <param name="LogId">Empty while no log is known.</param>
/// <param name="Behind">Partitions that have not been read to where their end was at the start.</param>
/// <param name="Stale">Streams whose data does not come, as the collectors say.</param>
internal sealed record ReadinessReport(
    bool IsCaughtUp, string LogId, IReadOnlyList<PartitionPosition> Behind, IReadOnlyList<StaleStream> Stale);
