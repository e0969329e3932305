namespace Pipeline.SocketIo.Tests.Wire;

/// <summary>Waits for what another thread does, as long as needed and no longer than bearable.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);

    public static async Task TrueAsync(Func<bool> holds)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Patience, "It did not come about.");
            await Task.Delay(Step);
        }
    }
}
