namespace Pipeline.Host.Doctor;

/// <summary>Gives a step of a check its share of the time.</summary>
internal static class TimeLimit
{
    /// <summary>What <paramref name="look"/> answers, or <paramref name="overdue"/> when it has not answered in time.</summary>
    public static async Task<T> KeepAsync<T>(
        TimeSpan limit, TimeProvider time, Func<CancellationToken, Task<T>> look, Func<T> overdue, CancellationToken cancellation)
    {
        using var bound = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellation);
        try
        {
            return await look(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return overdue();
        }
    }
}
