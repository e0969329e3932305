namespace Pipeline.Core.Feeds;

/// <summary>What every attempt to connect waits for: the venue's limit of attempts, and room for what a connection would bring.</summary>
public interface IConnectGate
{
    /// <summary>Completes when the next attempt may be made, and counts it as made. Those who wait are let through in order.</summary>
    Task PassAsync(CancellationToken cancellation);
}
