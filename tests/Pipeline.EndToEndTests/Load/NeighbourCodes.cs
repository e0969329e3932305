namespace Pipeline.EndToEndTests.Load;

/// <summary>With which code and reason each bad neighbour was cut; 1006 = the connection broke without a word.</summary>
/// <param name="Deaf">The one that does not read.</param>
/// <param name="Greedy">The one that subscribes ten thousand times.</param>
/// <param name="Garbage">The one whose messages are no requests.</param>
/// <param name="Broken">The one that sends a frame of a kind that there is not.</param>
internal sealed record NeighbourCodes(string? Deaf, string? Greedy, string? Garbage, string? Broken);
