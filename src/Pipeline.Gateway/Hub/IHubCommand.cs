namespace Pipeline.Gateway.Hub;

/// <summary>
/// Something to be done between two records: subscribe, answer with history, read a board. What it sees holds up to exactly the last record
/// before it, so that an answer and what comes live after it have no seam.
/// </summary>
internal interface IHubCommand
{
    /// <summary>On the hub's thread: quick, without waiting. An exception is logged and ends nothing.</summary>
    void Run(HubView view);
}
