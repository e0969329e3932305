using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Repair;

/// <summary>
/// Fetches what streams left out. Called from several lanes at once; never blocks. The answers enter the graph at station 3, each as a
/// <see cref="VenueBatch"/> with its <see cref="VenueBatch.Repair"/>, and reach the instrument's lane in the order of fetching.
/// </summary>
public interface ITradeRepairs
{
    /// <summary>
    /// Asks for a hole. Asking again for the same one (instrument and <see cref="RepairRequest.FromId"/>) replaces what was asked: the
    /// ranges may have shrunk. The answer is sure to come, the last one with an outcome other than <see cref="RepairOutcome.Page"/> and
    /// <see cref="RepairOutcome.Retrying"/>, unless the hole is <see cref="Forget">forgotten</see>.
    /// </summary>
    void Request(RepairRequest request);

    /// <summary>Nobody waits for this hole any more: all of it came by itself, or its instrument is gone.</summary>
    void Forget(Instrument instrument, long fromId);
}
