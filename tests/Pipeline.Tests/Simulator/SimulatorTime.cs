using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Simulator;

/// <summary>The simulator's clock in tests.</summary>
internal static class SimulatorTime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);

    /// <summary>One that stands still at noon.</summary>
    public static TestTimeProvider Make() => new(Start);
}
