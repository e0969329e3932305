namespace Pipeline.Gateway.WebSockets.Requests;

/// <summary>Where a client was in each stream.</summary>
/// <param name="Epoch">The log in which the numbers count.</param>
/// <param name="Streams">Newest <c>seq</c> seen of each stream, by its name; -1 = nothing yet.</param>
internal sealed record ResumeSpec(string Epoch, IReadOnlyDictionary<string, long> Streams);
