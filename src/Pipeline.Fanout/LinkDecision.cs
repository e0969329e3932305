namespace Pipeline.Fanout;

/// <summary>Answer of an <see cref="ILinkGate"/>: taken (<see cref="Handler"/>), refused (<see cref="Status"/>), or not ours (neither).</summary>
public sealed record LinkDecision
{
    /// <summary>Not this server's: the request goes on to ordinary HTTP.</summary>
    public static LinkDecision NotOurs { get; } = new();

    /// <summary>
    /// Who speaks with the client; null = refused or not ours. It gets <see cref="ILinkHandler.OnOpened"/> and, at the end,
    /// <see cref="ILinkHandler.OnClosed"/> in any case, even when the client is gone before the handshake was answered.
    /// </summary>
    public ILinkHandler? Handler { get; init; }

    /// <summary>Limits of this link. Share one object among links.</summary>
    public LinkOptions Options { get; init; } = LinkOptions.Default;

    /// <summary>Subprotocol told to the client, one of those it offered; null = none.</summary>
    public string? Subprotocol { get; init; }

    /// <summary>HTTP status of the refusal, 4xx or 5xx; 0 = not refused.</summary>
    public int Status { get; init; }

    /// <summary>Body of the refusal, UTF-8 JSON; must not repeat what the client sent.</summary>
    public string? Body { get; init; }

    /// <summary>Seconds told as <c>Retry-After</c>; 0 = none.</summary>
    public int RetryAfterSeconds { get; init; }
}
