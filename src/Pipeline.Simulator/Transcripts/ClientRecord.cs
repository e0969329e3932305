namespace Pipeline.Simulator.Transcripts;

/// <summary>How a client has kept its obligations so far.</summary>
/// <param name="LongestPong">Slowest answer to a ping.</param>
/// <param name="PingsUnanswered">Pings still open.</param>
/// <param name="MostMessages">Most messages in any second.</param>
/// <param name="LargestRequest">In bytes.</param>
/// <param name="LongestSilence">Longest time without a message of the client.</param>
/// <param name="Violations">The first hundred.</param>
/// <param name="ViolationCount">All of them.</param>
internal sealed record ClientRecord(
    bool IsOpen,
    TimeSpan LongestPong,
    int PingsUnanswered,
    int MostMessages,
    long LargestRequest,
    TimeSpan LongestSilence,
    IReadOnlyList<Violation> Violations,
    long ViolationCount);
