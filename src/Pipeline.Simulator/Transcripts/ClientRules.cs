using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Transcripts;

/// <summary>What a venue expects of its clients, as of 2026-10; null = nothing.</summary>
/// <param name="PongWithin">Time for the answer to a ping.</param>
/// <param name="MessagesPerSecond">Requests, pings and pongs in any rolling second.</param>
/// <param name="RequestBytes">Largest request.</param>
/// <param name="Silence">Time in which one side must have said something.</param>
internal sealed record ClientRules(TimeSpan? PongWithin, int? MessagesPerSecond, int? RequestBytes, TimeSpan? Silence)
{
    public static ClientRules Of(SimulatedVenue venue) => venue switch
    {
        SimulatedVenue.BinanceSpot => new ClientRules(TimeSpan.FromSeconds(60), 5, 4096, null),
        SimulatedVenue.BinanceFutures => new ClientRules(TimeSpan.FromMinutes(10), 10, null, null),
        SimulatedVenue.Okx => new ClientRules(null, null, 65_536, TimeSpan.FromSeconds(30)),
        SimulatedVenue.Bybit => new ClientRules(null, null, null, TimeSpan.FromMinutes(10)),
        _ => new ClientRules(null, null, null, null),
    };
}
