namespace Pipeline.Core.Feeds.Rest;

/// <summary>Where answers to requests of our own join the data path: the graph, at station 3.</summary>
public interface IAnswerEntrance
{
    /// <summary>An empty batch to be filled.</summary>
    VenueBatch RentAnswer();

    /// <summary>Completes when the batch was taken, and owned from then on; false when nothing is taken any more.</summary>
    Task<bool> TakeAsync(VenueBatch answer, CancellationToken cancellation = default);
}
