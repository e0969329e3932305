using Pipeline.Core.Market;

namespace Pipeline.Core.Feeds.Freshness;

/// <summary>How the streams of one venue are.</summary>
/// <param name="Streams">Streams that are judged one by one.</param>
/// <param name="PerConnection">Streams that carry many instruments and are judged by their connection alone.</param>
/// <param name="States">How many are in each state that any is in.</param>
/// <param name="Worst">The worst that are neither fresh nor quiet nor stopped by wish, worst first, longest first among equals.</param>
public sealed record HealthSummary(
    string Venue, int Streams, int PerConnection, IReadOnlyDictionary<HealthState, int> States, IReadOnlyList<StreamHealth> Worst)
{
    public int In(HealthState state) => States.GetValueOrDefault(state);
}
