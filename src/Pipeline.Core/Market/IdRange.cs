namespace Pipeline.Core.Market;

/// <summary>The ids from <see cref="First"/> to <see cref="Last"/>, both included.</summary>
public readonly record struct IdRange(long First, long Last)
{
    public long Count => Last - First + 1;

    public bool Holds(long id) => id >= First && id <= Last;
}
