namespace Pipeline.Gateway.Hub;

/// <summary>A stream whose data does not come.</summary>
/// <param name="Since">Microseconds since the Unix epoch.</param>
internal sealed record StaleStream(string Stream, string Reason, long Since);
