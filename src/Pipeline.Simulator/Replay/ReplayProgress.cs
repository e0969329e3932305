namespace Pipeline.Simulator.Replay;

/// <summary>How far a connection's replay is.</summary>
/// <param name="State"><c>waiting</c> (for subscriptions), <c>running</c>, <c>finished</c> or <c>failed</c>.</param>
/// <param name="FramesSent">Frames handed to the connection; those of streams it did not subscribe are not counted.</param>
internal sealed record ReplayProgress(string State, long FramesSent);
