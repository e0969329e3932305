using System.Globalization;
using Pipeline.Core.Feeds.Rest;

namespace Pipeline.Host.Doctor.Venues;

/// <summary>Whether the venue's HTTP interface answers, and how much of its budget is used already.</summary>
internal sealed class RestCheck(VenueProbe venue, params ICheck[] needs) : ICheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(6);

    /// <summary>Above this part of the budget repair and snapshots run short.</summary>
    private const double BusyFrom = 0.5;

    public string Name => $"{venue.Name} rest";

    public IReadOnlyList<ICheck> Needs => needs;

    private string Endpoint => venue.Key("endpoints.rest");

    public Task<Finding> RunAsync(CancellationToken cancellation) => TimeLimit.KeepAsync(
        Limit,
        venue.Time,
        LookAsync,
        () => Finding.Fail($"{venue.Options.RestEndpoint} did not answer within {Limit.TotalSeconds:0} s", venue.ReachAdvice(Endpoint)),
        cancellation);

    private async Task<Finding> LookAsync(CancellationToken cancellation)
    {
        try
        {
            var sample = await venue.MeasureAsync(cancellation);
            var state = string.Create(
                CultureInfo.InvariantCulture, $"{venue.Options.RestEndpoint} answers in {sample.RoundTrip.TotalMilliseconds:0.0} ms");
            return venue.Weight is not { } weight ? Finding.Ok(state)
                : weight.Used > weight.Limit * BusyFrom
                    ? Finding.Warn($"{state}; {weight.Used} of {weight.Limit} weight is used already", "other programs behind this address use the venue's budget: give them another address, or ask less")
                    : Finding.Ok($"{state}; {weight.Used} of {weight.Limit} weight used");
        }
        catch (VenueRestException fault)
        {
            return Finding.Fail(fault.Message, AdviceOn(fault));
        }
    }

    private string AdviceOn(VenueRestException fault) => fault.Failure switch
    {
        VenueRestFailure.RateLimited or VenueRestFailure.Banned =>
            $"the venue refuses this address for now{(fault.RetryAfter is { } wait ? $", for {wait.TotalSeconds:0} s" : "")}: wait, and find out which program here asks too much",
        VenueRestFailure.Refused or VenueRestFailure.BadAnswer =>
            $"something answers there that is not {venue.Name}: check {Endpoint}, which is an address without a path",
        _ => venue.ReachAdvice(Endpoint),
    };
}
