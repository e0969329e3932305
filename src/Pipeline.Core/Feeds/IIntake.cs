namespace Pipeline.Core.Feeds;

/// <summary>Whether there is room for more frames at the entrance of the graph.</summary>
public interface IIntake
{
    bool HasRoom { get; }

    /// <summary>Completes as soon as there is room; at once when there is.</summary>
    Task WhenRoomAsync(CancellationToken cancellation);
}
