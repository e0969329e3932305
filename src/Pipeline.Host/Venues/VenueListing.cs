using Microsoft.Extensions.Logging;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;

namespace Pipeline.Host.Venues;

/// <summary>What a venue lists, as far as it is needed to know which instruments a topology means.</summary>
/// <param name="Turnover">Turnover of 24 hours by symbol; null when no entry asks for the most traded.</param>
internal sealed record VenueListing(InstrumentDirectory Directory, IReadOnlyDictionary<string, Number>? Turnover)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Asks the venue, again and again for half a minute. When it does not answer, or has nothing to ask, names are taken by its rule of
    /// spelling; entries that only its list can explain are an error then.
    /// </summary>
    /// <exception cref="VenueException">The list is needed and could not be had; it may be had later.</exception>
    public static async Task<VenueListing> LoadAsync(VenueAccess venue, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        if (venue.Rest is not { } rest)
        {
            return OfNames(venue);
        }

        try
        {
            var instruments = await AskAsync(rest.GetInstrumentsAsync, venue, time, log, cancellation);
            var turnover = venue.Options.Instruments.Any(choice => choice.Name is null)
                ? await AskAsync(rest.GetTurnoverAsync, venue, time, log, cancellation)
                : null;
            return new VenueListing(new InstrumentDirectory(venue.Name, instruments), turnover);
        }
        catch (VenueRestException error)
        {
            if (venue.Options.Instruments.All(choice => !choice.IsOpen && InstrumentNames.GuessIds(choice.Name!).Any()))
            {
                VenueLog.ListUnavailable(log, venue.Name, error.Message);
                return OfNames(venue);
            }

            throw new VenueException(
                $"its list of instruments, which the topology needs, could not be had from {venue.Options.RestEndpoint}: "
                + $"{error.Message} To do without it, name the instruments like BTC-USDT.",
                error)
            {
                RetryAfter = error.RetryAfter,
            };
        }
    }

    /// <summary>What the names stand for by the venue's rule of spelling; nobody is asked.</summary>
    public static VenueListing OfNames(VenueAccess venue)
    {
        var names = venue.Options.Instruments.Where(choice => !choice.IsOpen).Select(choice => choice.Name!);
        return new VenueListing(InstrumentDirectory.OfNames(venue.Name, names, venue.Adapter.SymbolOf), null);
    }

    private static async Task<T> AskAsync<T>(
        Func<CancellationToken, Task<T>> ask, VenueAccess venue, TimeProvider time, ILogger log, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        for (var pause = FirstPause; ; pause *= 2)
        {
            try
            {
                return await AskOnceAsync(ask, venue.Name, time, cancellation);
            }
            catch (VenueRestException error) when (WaitAfter(error, pause) is { } wait && time.GetElapsedTime(started) + wait < Patience)
            {
                VenueLog.ListRetry(log, venue.Name, error.Message, wait.TotalSeconds);
                await Task.Delay(wait, time, cancellation);
            }
        }
    }

    private static async Task<T> AskOnceAsync<T>(
        Func<CancellationToken, Task<T>> ask, string venue, TimeProvider time, CancellationToken cancellation)
    {
        using var bound = new CancellationTokenSource(AttemptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellation);
        try
        {
            return await ask(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new VenueRestException(VenueRestFailure.Timeout, $"{venue} did not answer within {AttemptTimeout.TotalSeconds} s.");
        }
    }

    /// <summary>Null when asking again would bring the same answer.</summary>
    private static TimeSpan? WaitAfter(VenueRestException error, TimeSpan pause) => error.Failure switch
    {
        VenueRestFailure.Refused or VenueRestFailure.BadAnswer => null,
        _ => error.RetryAfter is { } wanted && wanted > pause ? wanted : pause,
    };
}
