namespace Pipeline.Gateway.Hub;

/// <summary>Where reading of a log begins.</summary>
/// <param name="LogId">Random id of the log: the <c>epoch</c> of clients. Empty when the log has none; then nothing can be resumed in it.</param>
internal sealed record LogBeginning(string LogId, IReadOnlyList<PartitionBeginning> Partitions);
