using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Faults;

/// <summary>One entry of the catalogue.</summary>
/// <param name="Title">Two words or so.</param>
/// <param name="Does">What the simulator does.</param>
/// <param name="Expects">What a correct client does.</param>
internal sealed record FaultDefinition(
    FaultId Id, FaultKind Kind, FaultLayer Layer, string Title, string Does, string Expects, IReadOnlyList<SimulatedVenue> Venues)
{
    public IReadOnlyList<FaultParameter> Parameters { get; init; } = [];

    /// <summary>Patterns of the streams it concerns when no stream is asked for; empty = all.</summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    /// <summary>Strikes when neither a number nor a duration is asked for; null = no limit.</summary>
    public int? DefaultCount { get; init; }

    /// <summary>How long it lasts when neither is asked for; null = until it is ended.</summary>
    public TimeSpan? DefaultFor { get; init; }

    public bool CanBeSwitched => Kind is FaultKind.Lasting or FaultKind.AtOnce;

    public bool TakesConnection => Layer is FaultLayer.Connection or FaultLayer.Frames or FaultLayer.Requests or FaultLayer.Dialect;

    public bool TakesStream => Layer is FaultLayer.Frames or FaultLayer.Dialect || Id is FaultId.F33 or FaultId.F34;

    public bool TakesSymbol => TakesStream || (Layer == FaultLayer.World && Id != FaultId.F68);

    /// <summary>Names of the filters it takes; none when it cannot be switched on.</summary>
    public IReadOnlyList<string> Filters
    {
        get
        {
            (string Name, bool Takes)[] all =
                [("venue", true), ("connection", TakesConnection), ("stream", TakesStream), ("symbol", TakesSymbol)];
            return CanBeSwitched ? [.. all.Where(filter => filter.Takes).Select(filter => filter.Name)] : [];
        }
    }

    /// <summary>How to say that it cannot be switched on; null when it can.</summary>
    public string? Refusal => Kind switch
    {
        FaultKind.Always => $"{Id} ({Title}) is not switched on: the simulated venue always behaves so.",
        FaultKind.NotSimulated => $"{Id} ({Title}) is not simulated: it concerns a venue that is not.",
        _ => null,
    };
}
