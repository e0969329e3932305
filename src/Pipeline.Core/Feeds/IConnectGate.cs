namespace Pipeline.Core.Feeds;

/// <summary>What every attempt to connect waits for: the venue's limit of attempts, and room for what a connection would bring.</summary>
public interface IConnectGate
{
    /// <summary>Completes when the next attempt may be made, and counts it as made. Those who wait are let through in order.</summary>
    Task PassAsync(CancellationToken cancellation);

    /// <summary>The venue wants to be left alone for so long: what it said to one connection holds for all.</summary>
    void HoldOff(TimeSpan wait)
    {
    }
}
