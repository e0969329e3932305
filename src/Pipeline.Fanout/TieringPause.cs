namespace Pipeline.Fanout;

/// <summary>
/// Lets the compiler come after what a warm-up runs. It looks at what ran often only when a tenth of a second has passed without new code,
/// and in two steps: first with counters for what the code meets, then for good. Each step wants to see the code run again; so a warm-up
/// runs in bursts with pauses between, or its code would be compiled under the first clients. What is compiled stays so: only the first
/// warm-up of its kind in a process pauses.
/// </summary>
/// <param name="every">Rounds of a burst.</param>
public sealed class TieringPause(int every)
{
    /// <summary>Twice what the compiler waits for. Its clock is the system's, whatever the server's is.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(200);

    private int _rounds;

    /// <summary>Pauses where a burst ends, in the first warm-up.</summary>
    public Task BeforeAsync(int round, CancellationToken cancellationToken = default)
    {
        var isNew = round > Volatile.Read(ref _rounds);
        Volatile.Write(ref _rounds, Math.Max(round, _rounds));
        return isNew && round % every == 0 ? Task.Delay(Length, cancellationToken) : Task.CompletedTask;
    }
}
