using Pipeline.Host.Venues;

namespace Pipeline.Host.Doctor.Venues;

/// <summary>Whether the venue has what the topology names.</summary>
internal sealed class InstrumentsCheck(VenueProbe venue, params ICheck[] needs) : ICheck
{
    public string Name => $"{venue.Name} instruments";

    public IReadOnlyList<ICheck> Needs => needs;

    private string Advice => $"mend {venue.Key("instruments")}; 'pipeline check' says what a topology would run";

    public async Task<Finding> RunAsync(CancellationToken cancellation)
    {
        try
        {
            var plan = await venue.PlanAsync(cancellation);
            return plan.Errors.Count > 0 ? Finding.Fail(string.Join("; ", plan.Errors), Advice)
                : plan.Warnings.Count > 0 ? Finding.Warn(string.Join("; ", plan.Warnings), Advice)
                : Finding.Ok($"{(plan.TakesEveryToken ? "every token that is met" : $"{plan.Instruments.Count} instruments")}, {plan.Streams.Count} streams");
        }
        catch (VenueException fault)
        {
            return Finding.Fail(fault.Message, Advice);
        }
    }
}
