using Pipeline.Simulator.Faults;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator;

/// <summary>The catalogue of faults in words, for whoever shows it.</summary>
public static class FaultList
{
    /// <summary>In order of their ids.</summary>
    public static IReadOnlyList<FaultLine> All { get; } = [.. FaultCatalog.All.Select(fault => new FaultLine(
        fault.Id.ToString(), fault.Title, fault.Does, fault.Expects, FiltersOf(fault),
        [.. fault.Parameters.Select(parameter => $"{parameter.Name} = {parameter.Default}: {parameter.Meaning}; {parameter.Possible}")],
        fault.Kind switch
        {
            FaultKind.Always => "always so",
            FaultKind.NotSimulated => "not simulated",
            FaultKind.AtOnce => "at once",
            _ => "",
        }))];

    private static string FiltersOf(FaultDefinition fault)
    {
        var venues = string.Join(", ", fault.Venues.Select(venue => venue.Name()));
        return fault.CanBeSwitched ? string.Join(", ", fault.Filters).Replace("venue", $"venue ({venues})", StringComparison.Ordinal) : venues;
    }
}
