using Pipeline.Core.Topology;
using Pipeline.Simulator;

namespace Pipeline.Tests.Venues.Acceptance;

/// <summary>What the cases of books must know about a venue.</summary>
internal sealed record BookVenueCase(string Venue)
{
    /// <summary>Switches the venue's dialect on.</summary>
    public Func<SimulatorOptions, SimulatorOptions> Serve { get; init; } = options => options;

    public required Func<SimulatorHost, Uri?> Address { get; init; }

    /// <summary>What its instruments have behind <c>BTC-USDT</c>.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>Instruments beyond those of every coin.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>Venue's units of quantity in one of the base currency, by instrument.</summary>
    public Func<string, int> UnitsPerBase { get; init; } = _ => 1;

    /// <summary>The venue counts pushes instead of changes, and promises nothing about the next number: lost updates cannot be told.</summary>
    public bool CountsPushes { get; init; }

    /// <summary>What the venue's books go through besides lost updates; in order, each once.</summary>
    public IReadOnlyList<BookTrouble> Troubles { get; init; } = [];
}
