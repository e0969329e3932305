namespace Pipeline.TestKit;

/// <summary>What code allocates on the thread that runs it.</summary>
public static class Allocations
{
    /// <summary>
    /// Bytes of the best of some rounds. One alone does not tell: a collection, which any other test may cause, has the rest of this thread's
    /// allocation buffer, up to 8 KiB, counted as used; and what is compiled anew in the background may allocate once.
    /// </summary>
    /// <param name="work">One round, warm already.</param>
    public static long Least(Action work, int rounds = 5)
    {
        ArgumentNullException.ThrowIfNull(work);
        var least = long.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
