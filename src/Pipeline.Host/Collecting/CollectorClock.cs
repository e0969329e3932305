using Pipeline.Core.Market;
using Pipeline.Core.Time;
using Pipeline.Core.Topology;
using Pipeline.Simulator.Replay;

namespace Pipeline.Host.Collecting;

/// <summary>The market clock that a topology asks for.</summary>
internal static class CollectorClock
{
    public static async Task<TimeProvider> MakeAsync(TopologyFile topology, TimeProvider time, CancellationToken cancellation)
    {
        if (topology.Clock == ClockMode.System)
        {
            return time;
        }

        // The reader of topologies has seen to it that there is a replay and that its speed is above zero.
        var replay = topology.Simulator!.Replay!;
        var origin = await RecordingInfo.FirstArrivalAsync(replay.Recording, cancellation);
        return new RecordedTimeProvider(time, MarketTime.ToInstant(origin), replay.Speed);
    }
}
