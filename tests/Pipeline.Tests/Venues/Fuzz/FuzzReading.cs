namespace Pipeline.Tests.Venues.Fuzz;

/// <summary>What an oracle reads from one frame.</summary>
internal sealed class FuzzReading
{
    /// <summary>The records in their order, as <see cref="RecordText"/> writes them.</summary>
    public List<string> Records { get; } = [];

    /// <summary>An answer or another message without market data.</summary>
    public bool IsControl { get; set; }
}
