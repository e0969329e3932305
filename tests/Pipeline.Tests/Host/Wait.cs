namespace Pipeline.Tests.Host;

/// <summary>Waits for what other threads and processes do and tell nobody.</summary>
internal static class Wait
{
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(RealTime.Bound);
        while (!condition())
        {
            await Task.Delay(10, limit.Token);
        }
    }
}
