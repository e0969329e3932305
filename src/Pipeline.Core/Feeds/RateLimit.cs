namespace Pipeline.Core.Feeds;

/// <summary>So many in any span of this length.</summary>
public sealed record RateLimit(int Count, TimeSpan Per);
