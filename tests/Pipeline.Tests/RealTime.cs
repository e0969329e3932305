namespace Pipeline.Tests;

/// <summary>The little that tests wait for on the machine's clock: sockets, threads of the pool, other processes.</summary>
internal static class RealTime
{
    /// <summary>
    /// Ends a test that hangs; no test lasts that long. Generous, since a machine that does everything else at once makes a thread wait for
    /// half a minute, and a shorter bound would only find out that.
    /// </summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
}
