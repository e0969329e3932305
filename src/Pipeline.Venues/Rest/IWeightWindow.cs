namespace Pipeline.Venues.Rest;

/// <summary>How a venue counts what was asked of it. Plain logic; the caller guards it.</summary>
internal interface IWeightWindow
{
    /// <summary>Weight counted in the window that runs now.</summary>
    int Used { get; }

    /// <summary>Time until <paramref name="weight"/> fits below <paramref name="limit"/>; zero when it fits now.</summary>
    TimeSpan WaitFor(int weight, int limit);

    /// <summary>Counts a request; returns the number of the window it was counted in.</summary>
    long Take(int weight);

    /// <summary>Takes over the venue's own count, when it is the higher one and meant the window that still runs.</summary>
    void Synchronise(long window, int used);
}
